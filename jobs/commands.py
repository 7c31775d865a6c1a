"""The `flask` commands of upkeep: backup, restore, repair, move, upgrade."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

import click
import peewee as pw
from flask_babel import force_locale

from models.adapters import stores
from models.company import Company
from models.core.clock import now
from models.core.database import Gone, db
from models.core.errors import Refused
from models.core.lease import Lease
from models.operations import doctor, moving, serving_lock
from models.operations.backup import (
    Place,
    host_keys,
    keys,
    post_restore,
    proof,
    repair,
    restore,
    run,
    snapshot,
    upgrade,
)
from models.people import User

HINTS = {"already_set_up": "Add --replace to restore over it; what stands here is set aside."}
DEGRADED_COMMANDS = set("restore repair doctor diagnostics upgrade put-back accept-keys".split())


def must_start_degraded():
    """True when this command must start although the database is damaged or of another version."""
    return Path(sys.argv[0]).name.startswith("flask") and bool(
        DEGRADED_COMMANDS & set(sys.argv[1:])
    )


@contextlib.contextmanager
def terminal_locale(app):
    """Use the terminal's language, as the firm's may be unreadable."""
    with (
        app.test_request_context(),
        force_locale("zh" if os.environ.get("LANG", "").startswith("zh") else "en"),
    ):
        yield


@contextlib.contextmanager
def cli_errors(sentence):
    """Print what went wrong and exit with 1; the sentence includes the code for scripts."""
    try:
        yield
    except Refused as error:
        raise click.ClickException(
            " ".join(filter(None, (sentence(error), HINTS.get(error.code), f"({error.code})")))
        ) from error
    except (
        proof.Unproven,
        stores.Unreachable,
        keys.WrongKey,
        upgrade.NotUpgraded,
        snapshot.Damaged,
    ) as error:
        text = str(error)
        end = "" if text.endswith((".", "?", "!")) else "."
        raise click.ClickException(f"{text}{end} Nothing was changed.") from error
    except Gone as error:
        raise click.ClickException(f"the database does not answer. {error}") from error


def bar(label):
    """A progress bar for parts of 1."""
    shown_steps = {"part": 0}
    shown = click.progressbar(length=100, label=label, file=sys.stderr)

    def tick(part):
        step = int(part * 100) - shown_steps["part"]
        if step > 0:
            shown_steps["part"] += step
            shown.update(step)

    return tick


def crash_point():
    """For the fault tests: DANJU_DIE_AT=name kills the process at that step, as kill -9 would."""
    crash_name = os.environ.get("DANJU_DIE_AT", "")

    def step(name):
        if name == crash_name:
            os.kill(os.getpid(), 9)

    return step


def register(app, migrate, report, explain):
    """`migrate` opens the firm after a degraded start, `report` returns the doctor's results as
    sentences, `explain` the sentence of a refusal."""

    def sentence(error):
        with terminal_locale(app):
            return explain(error)

    @app.cli.command("doctor")
    def do_doctor():
        """Numbered checks of this installation, with the cure for each."""
        check_keys(sentence)
        with terminal_locale(app):
            rows = report(thorough=True)
            for row in rows:
                click.echo(
                    f"{row['number']:>2}. {'good' if row['good'] else 'BAD '}  {row['title']}"
                )
                if not row["good"]:
                    click.echo(f"          {row['found']}\n          → {row['cure']}")
            raise SystemExit(not all(row["good"] for row in rows))

    @app.cli.command("diagnostics")
    @click.argument("path", default="danju-diagnostics.zip")
    def diagnostics(path):
        """Write a bundle for whoever helps: versions, counts, checks, a blotted log; no customers'
        data."""
        with db.connection_context():
            Path(path).write_bytes(doctor.bundle())
        click.echo(path)

    @app.cli.command("backup")
    @click.argument("folder", required=False)
    def backup(folder):
        """Back up to every place that is set up, now; or into FOLDER, which needs no setting up."""
        with cli_errors(sentence), db.connection_context():
            places = list(Place.in_use())
            if folder:
                with run.scratch() as scratch:
                    pack, store = (
                        run.PreparedBackup(scratch, now(), bar("snapshot")),
                        stores.open_store(
                            "folder", {"path": str(Path(folder).resolve())}, begin=True
                        ),
                    )
                    new = run.upload_pack(store, pack, bar("copy"), crash_point())
                    crash_point()("proof")
                    report = proof.prove(store, pack.name, pack.identity, new, {}, bar("proof"))
                    new_files = len(new & set(pack.manifest["files"]))
                    click.echo(
                        f"{pack.name}: {report['rows']} rows, {pack.facts['files']} files "
                        f"({new_files} new), proven; faults of the source: "
                        f"{len(report['faults'])}"
                    )
                return
            if post_restore.paused_after_restore():
                raise click.ClickException(
                    "This firm was restored or copied to another place: its places rest until an "
                    "administrator says on the home page "
                    "that the old machine no longer runs."
                )
            for place in places:
                place.ask_now()
            done = run.run_due()
            for place in Place.in_use():
                click.echo(
                    f"{place.name}: "
                    f"{place.trouble or f'proven {place.proven_at:%Y-%m-%d %H:%M} UTC'}"
                )
            raise SystemExit(len(done) != len(places) or not places)

    @app.cli.command("reset-factor")
    @click.argument("mail")
    def reset_factor(mail):
        """Take away the second factor of the colleague with this address, who lost it; journaled,
        and told to all administrators."""
        with cli_errors(sentence), db.connection_context():
            found = User.by_email(mail.strip().lower())
            if not found:
                raise click.ClickException(f"No active colleague has the address {mail}.")
            found[0].reset_second_factor(by=None)
            click.echo(f"{found[0].email} signs in by the password alone now.")

    @app.cli.command("restore")
    @click.argument("place", metavar="LOCATION")
    @click.option("--backup", "name", help="its name; else the newest")
    @click.option(
        "--key",
        "key_file",
        type=click.File(),
        help="a file with the recovery key; else DANJU_RECOVERY_KEY, else this server's own",
    )
    @click.option(
        "--dry-run",
        is_flag=True,
        help="rebuild and compare it in a temporary location, and change nothing",
    )
    @click.option("--list", "only_list", is_flag=True, help="only list the backups there")
    @click.option("--replace", is_flag=True, help="although a company is set up; it is set aside")
    def do_restore(place, name, key_file, dry_run, only_list, replace):
        """Restore from LOCATION: /folder, s3://key:secret@bucket/prefix?endpoint=…,
        sftp://user:secret@host/path or webdavs://user:secret@host/path. It goes into DATABASE_URL
        and FILES_URL of this machine."""
        with cli_errors(sentence):
            aside = None if dry_run or only_list else restore.move_damaged_aside()
            if aside:
                click.echo(f"The database could not be read; it is set aside in {aside}")
            if not (dry_run or only_list):  # these change nothing, not even an older version
                migrate()
            store = stores.open_store(*restore.place_of(place), begin=False)
            with contextlib.closing(store), contextlib.ExitStack() as exclusive:
                if only_list:
                    for row in proof.found(store):
                        click.echo(
                            f"{row['name']}  {row['rows']} rows  {row['files']} files  "
                            f"{row['size']} bytes  {row['schema'][-1]}"
                        )
                    return
                if not dry_run and Company.current():
                    exclusive.enter_context(alone())
                identity = _identity(key_file)
                facts = restore.chosen(store, name)
                if dry_run:
                    with run.scratch() as folder:
                        report = restore.rehearse(store, facts, identity, folder, bar("rehearsal"))[
                            1
                        ]
                        with contextlib.suppress(
                            pw.DatabaseError, sqlite3.DatabaseError, UnicodeError
                        ):  # the present firm may be damaged
                            report.update(
                                post_restore.missing_since(folder / "scratch.db")
                                if upgrade.has_firm()
                                else {}
                            )
                else:
                    report = restore.restore(
                        store,
                        facts,
                        identity,
                        replace or bool(aside),
                        bar("restore"),
                        crash_point(),
                    )
            for line in report_lines(report, dry_run):
                click.echo(line)
            raise SystemExit(bool(dry_run and report["files_lost"]))

    @app.cli.command("put-back")
    @click.argument("folder", type=click.Path(exists=True, file_okay=False))
    def do_put_back(folder):
        """Put back what a restore or an upgrade set aside in FOLDER."""
        with cli_errors(sentence):
            migrate()
            with alone():
                restore.put_back(folder, crash_point())
            click.echo("put back")

    @app.cli.command("repair")
    @click.argument("place", metavar="LOCATION", required=False)
    def do_repair(place):
        """Restore a damaged database, documents, files, rows and backups from the backups; from
        LOCATION, as in `flask restore`, if the settings of the locations can't be read any more.
        Stop Danju first."""
        check_keys(sentence)
        with cli_errors(sentence):
            with alone():
                mended, left = repair.repair(place)
            for item in mended:
                click.echo(f"mended: {item}")
            for item in left:
                click.echo(f"still damaged: {item}")
            click.echo(f"{len(mended)} mended, {len(left)} still damaged")
            raise SystemExit(bool(left))

    @app.cli.command("move")
    @click.option("--to", default="", help="postgresql://…")
    @click.option("--files", default="", help="s3://bucket/prefix?endpoint=…")
    @click.option(
        "--switch",
        is_flag=True,
        help="make it final: writers wait, then this place only says that it has moved",
    )
    def do_move(to, files, switch):
        """Copy this SQLite firm to PostgreSQL and S3 while it works, and prove both equal."""
        with cli_errors(sentence):
            if not (to or files):
                raise click.ClickException("Say --to or --files.")
            bars = {}
            report = moving.move(
                to,
                files,
                switch,
                lambda what, part: bars.setdefault(what, bar(what))(part),
                crash_point(),
            )
            click.echo(
                f"equal: {report['rows']} rows in {report['tables']} tables, "
                f"{report['files']} files ({report['sent']} sent)"
            )
            click.echo(
                (
                    "Now start Danju with DATABASE_URL and FILES_URL set to these; this "
                    "place answers no more."
                )
                if switch
                else "This was a rehearsal; people work on here. Add --switch to make it final."
            )

    @app.cli.command("upgrade")
    @click.option(
        "--accept-faults", is_flag=True, help="go on although `flask verify` finds faults"
    )
    def do_upgrade(accept_faults):
        """Set the old aside, migrate, check; or leave everything as it was."""
        with cli_errors(sentence):
            applied, aside = upgrade.upgrade(accept_faults, crash_point())
            migrate()
            click.echo(
                f"{len(applied)} migrations applied" + (f"; the old is in {aside}" if aside else "")
            )


def check_keys(sentence):
    """Ends a command that started degraded on a host without the keys, unless the database is too
    damaged to tell."""
    with cli_errors(sentence), contextlib.suppress(pw.DatabaseError):
        host_keys.check()


@contextlib.contextmanager
def alone():
    """A command that exchanges the database must not run while the portal does: neither on this
    machine, which the lock tells, nor on another one, which the lease does."""
    with serving_lock.alone():
        # a portal that cannot read the lease does not run either
        with contextlib.suppress(pw.DatabaseError, UnicodeError):
            if Lease.running("scheduler"):
                raise click.ClickException(
                    "Danju is running here (or was killed less than two minutes ago). "
                    "Stop it first."
                )
        yield


def _identity(key_file):
    text = key_file.read() if key_file else os.environ.get("DANJU_RECOVERY_KEY", "")
    if text:
        return keys.read("".join(line for line in text.splitlines() if not line.startswith("#")))
    key = keys.load(snapshot.folder())
    if key is None:
        raise click.ClickException("Give the recovery key: --key FILE or DANJU_RECOVERY_KEY.")
    return key


def report_lines(report, dry_run=False):
    """The report of a restore as lines of text."""
    yield (
        f"{report['firm']}: backup of {report['taken_at'][:16]} UTC, {report['rows']} rows, "
        f"{report['files']} files"
    )
    if report["applied"]:
        yield f"migrated from an older version: {', '.join(report['applied'])}"
    for fault in report["faults"][:10]:
        yield f"fault that the source already had: {fault}"
    if report["files_lost"]:
        yield f"{report['files_lost']} files are missing in this place"
    for kind, row in (report.get("missing") or {}).items():
        yield (
            f"stands here, and not in it: {row['count']} of {kind}, {row['numbers'][0]} to "
            f"{row['numbers'][-1]}"
        )
    if report.get("destroyed"):
        yield f"destroyed here, and still in it: what is on {', '.join(report['destroyed'])}"
    if dry_run:
        yield (
            "dry run: it can be restored; nothing was changed"
            if not report["files_lost"]
            else "dry run: it cannot be restored whole"
        )
        return
    yield (
        "restored and proven equal; what was done after it must be entered again (the home "
        "page tells how)"
    )
    if report.get("resting"):
        yield (
            "mail and backups rest until an administrator says on the home page that the old "
            "machine no longer runs"
        )
    for name in report["other_keys"]:
        yield f"{name} is set here: give it, on each host, what the file {name.lower()} now holds"
    if report["aside"]:
        yield f"what was here before is in {report['aside']}"
    yield (
        "settings of the source: restored_settings.env in the data folder; take over what you need"
    )
