"""The doctor: numbered checks of this installation and their results. The sentences and the cures
are in views/staff/status.py."""

import datetime as dt
import importlib.metadata
import io
import json
import logging
import os
import platform
import re
import shutil
import sqlite3
import stat
import tempfile
import zipfile
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import urlsplit

import peewee as pw

from config import SECRETS, VERSION, OneLineFormatter, is_open_to_others, secret_file
from models.adapters import scanner, smtp
from models.adapters.outbox import Mail
from models.approvals.deadline import year_without_holidays
from models.archive.inspection import Inspection
from models.core import disk, journal
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused
from models.core.journal import Event
from models.core.lease import Lease
from models.core.network import is_loopback
from models.operations import checks, connections
from models.operations.backup import Place, keys, restore, schema, snapshot, structure
from models.operations.row_counts import row_counts
from models.operations.unchecked_file import UncheckedFile
from models.people import Session, User, staff_networks

LEAST_FREE = 1024
LOG = "logs/danju.log"


def examine(thorough=True):
    """[(number, code, good, facts)]. A check that raises is bad and stops no other."""
    results = []
    wanted = [(code, check) for code, check, is_set in WHERE_SET if is_set()]
    for number, (code, check) in enumerate((*CHECKS, *wanted), 1):
        if not thorough:
            check = QUICKER.get(check, check)
        try:
            facts = check()
        except Exception as error:
            facts = {"found": f"{type(error).__name__}: {error}"}
        results.append((number, code, not facts, facts or {}))
    return results


def _database():
    if isinstance(db.obj, pw.SqliteDatabase):
        return {} if restore.readable(db.obj) else {"found": "integrity_check"}
    db.execute_sql("SELECT 1").fetchone()


def _database_so_far():
    """What a page or the daily check met: to read the whole file takes long."""
    if disk.database_is_damaged():
        return {"found": "integrity_check"}
    last = _last_daily()
    return last if structure.DAMAGED in last.get("found", "") else {}


def _schema():
    try:
        pending = schema.pending()
    except Refused as error:
        return {"found": error.code}
    return {"found": ", ".join(pending)} if pending else {}


def _data_intact():
    faults = checks.all_faults(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    shown = faults[:5]
    return {"found": f"{len(faults)}: " + "; ".join(shown), "faults": shown} if faults else {}


def _last_daily():
    row = Lease.get_or_none(Lease.name == "job daily check")
    return {"found": row.trouble, "failed": [row]} if row and row.trouble else {}


def _disk():
    free = shutil.disk_usage(snapshot.folder()).free // 2**20
    try:
        tempfile.TemporaryFile(dir=snapshot.folder()).close()
    except OSError as error:
        return {"found": str(error)}
    closed = _closed_folders()
    if closed:
        return {"found": ", ".join(closed), "closed": closed}
    return {"found": f"{free} MB", "free": free} if free < LEAST_FREE else {}


def _closed_folders():
    """Folders here that we may not write, as a command run by root leaves them."""
    return sorted(
        path.name
        for path in snapshot.folder().iterdir()
        if path.is_dir() and not os.access(path, os.R_OK | os.W_OK | os.X_OK)
    )


def _private():
    """What holds secrets is readable by the portal's own user alone; settings may be its group's,
    and those that a container is given lie where nobody else comes."""
    own = [
        snapshot.folder(),
        *(snapshot.folder() / name for name in ("secret_key", "backup_key")),
    ]
    names = [path.name for path in own if path.exists() and is_open_to_others(path)]
    given = [Path(".env"), *(Path(secret_file(name)) for name in SECRETS if secret_file(name))]
    names += [str(path) for path in given if _is_everybodys(path)]
    return {"found": ", ".join(names)} if names else {}


def _address():
    base_url, host = (snapshot.config()[name] for name in ("BASE_URL", "HOST"))
    if not is_loopback(urlsplit(base_url).hostname):
        return {"found": base_url} if base_url.startswith("http://") else {}
    return {} if is_loopback(host) else {"found": f"HOST={host}", "host": host}


def _is_everybodys(path):
    return (
        path.exists()
        and path.stat().st_mode & stat.S_IROTH
        and not path.resolve().is_relative_to("/run")
    )


def _mail():
    """Signs in to the mail server, as a password that it refuses shows in no other way."""
    address = snapshot.config()["SMTP_URL"]
    trouble = smtp.trouble(address) if address else ""
    return {"found": trouble} if trouble else _mail_so_far()


def _mail_so_far():
    failed = Mail.failed().count()
    return (
        {"found": "SMTP_URL"}
        if not snapshot.config()["SMTP_URL"]
        else {"found": str(failed)}
        if failed
        else {}
    )


def _clock():
    last = max(
        (at for (at,) in Event.select(Event.at).order_by(Event.id.desc()).limit(1000).tuples()),
        default=None,
    )
    return {"found": f"{last:%Y-%m-%d %H:%M} UTC", "at": last} if last and last > now() else {}


def _scheduler():
    return {} if Lease.running("scheduler") else {"found": "scheduler"}


def _jobs():
    rows = list(Lease.troubles())
    found = "; ".join(f"{row.name}: {row.trouble}" for row in rows)[:500]
    return {"found": found, "failed": rows} if rows else {}


def _backups():
    problems = Place.problems()
    return (
        {
            "found": "; ".join(
                f"{p.name}: {p.trouble or p.proven_at}" if p else what for p, what in problems
            ),
            "worries": [
                (p.name, what, p.trouble, p.proven_at) if p else ("", what, "", None)
                for p, what in problems
            ],
        }
        if problems
        else {}
    )


def _second_place():
    return (
        {}
        if any(place.proven_at and _elsewhere(place) for place in Place.in_use())
        else {"found": "0"}
    )


def _elsewhere(place):
    """Whether the place is on another disk than the data. The folder of a network disk that is not
    mounted is on the same disk."""
    try:
        return (
            place.kind != "folder"
            or os.stat(place.settings["path"]).st_dev != os.stat(snapshot.folder()).st_dev
        )
    except OSError:
        return False


def _recovery_sheet():
    return {} if keys.printed(snapshot.folder()) else {"found": keys.NAME}


def _holidays():
    year = year_without_holidays()
    return {"found": str(year), "year": year} if year else {}


def _archive():
    run = Inspection.last_finished()
    return {"found": run.trouble} if run and run.trouble else {}


CHECKS = (
    ("database", _database),
    ("schema", _schema),
    ("sound", _data_intact),
    ("disk", _disk),
    ("private", _private),
    ("address", _address),
    ("mail", _mail),
    ("clock", _clock),
    ("scheduler", _scheduler),
    ("jobs", _jobs),
    ("backups", _backups),
    ("second", _second_place),
    ("sheet", _recovery_sheet),
    ("holidays", _holidays),
    ("archive", _archive),
    ("encrypted", connections.encrypted),
    ("account", connections.account),
    ("certificate", connections.certificate),
)
# What is asked instead where it must be quick: nobody is asked for a certificate.
QUICKER = {
    _database: _database_so_far,
    _data_intact: _last_daily,
    _mail: _mail_so_far,
    connections.certificate: dict,
}


def _networks():
    """Whether an administrator was last seen within the networks for staff: else the next sign-in
    is refused."""
    seen = Session.last_addresses(User.with_role("admin"))
    if not seen or any(map(staff_networks.inside, seen)):
        return {}
    return {"found": ", ".join(seen), "addresses": seen}


def _scanner():
    trouble = scanner.trouble()
    if trouble:
        return {"found": trouble, "away": True}
    infected = [f"{row.name} ({row.found})" for row in UncheckedFile.infected()]
    if infected:
        return {"found": ", ".join(infected[:5]), "infected": len(infected)}
    count = UncheckedFile.waiting().count()
    return {"found": str(count), "waiting": count} if count else {}


WHERE_SET = (
    ("networks", _networks, staff_networks.named),
    ("scanner", _scanner, scanner.is_set),
)  # checks of what not every portal has


def last_proof():
    """(when audit log and documents were looked at last, when all of them were, how many faults
    were found, how many rows each table had), or None."""
    last = journal.last_proof(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    day = dt.datetime.fromisoformat
    if last:
        return day(last["at"]), day(last["whole"]), last["faults"], last.get("rows", {})


def figures():
    """Versions and sizes, without data of the firm."""
    kind = (
        f"SQLite {sqlite3.sqlite_version}"
        if isinstance(db.obj, pw.SqliteDatabase)
        else str(db.execute_sql("SHOW server_version").fetchone()[0])
    )
    return {
        "version": VERSION,
        "python": platform.python_version(),
        "system": platform.platform(),
        "database": kind,
        "schema": schema.known()[-1],
        "free_mb": shutil.disk_usage(snapshot.folder()).free // 2**20,
    }


def bundle():
    """A zip for whoever helps: versions, counts, checks, which settings are set, and the log
    without personal data."""
    out = io.BytesIO()
    settings = {
        name: bool(value)
        for name, value in snapshot.config().items()
        if name in snapshot.KEPT_SETTINGS
    }
    packages = sorted(
        f"{d.metadata['Name']}=={d.version}" for d in importlib.metadata.distributions()
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "figures.json", json.dumps({**figures(), "tables": row_counts()}, indent=1)
        )
        archive.writestr("settings.json", json.dumps(settings, indent=1))
        archive.writestr("packages.txt", "\n".join(packages))
        archive.writestr(
            "checks.txt",
            "\n".join(
                f"{n} {code}: {'good' if good else 'bad ' + redacted(str(facts.get('found', '')))}"
                for n, code, good, facts in examine(thorough=False)
            ),
        )
        path = snapshot.folder() / LOG
        if path.exists():
            archive.writestr(
                "log.txt",
                "\n".join(map(redacted, path.read_text(errors="replace").splitlines()[-2000:])),
            )
    return out.getvalue()


OWN_PREFIX = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:Z|,\d+)? "
    r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+|"
    r"^\s*File \"(?:[^\"]*/)?([\w.]+\.py)\", line \d+, in \w+|^Traceback \(most recent "
    r"call last\):|^[\w.]+(?:Error|Exception|Refused|Damaged|Warning)\b"
)


def redacted(line):
    """The part of a line of the log that our program wrote: when, where, which kind of error.
    Anything that may contain a name or a number is removed."""
    own = OWN_PREFIX.match(line)
    return f"{own.group(0)} …" if own else "…"


def start_log(folder):
    """Log to standard error and into the data folder: docs/security.md, What is written down."""
    logging.basicConfig(level=logging.INFO)
    logging.getLogger().handlers[0].setFormatter(OneLineFormatter())
    install_log(folder)


def install_log(folder):
    """Log into the data folder, with ten old files of five megabytes at most."""
    path = Path(folder) / LOG
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        open(path, "a").close()
    except OSError as error:  # on a full or read-only disk the portal can still be read
        logging.getLogger("danju").error("no log file: %s", error)
        return None
    handler = RotatingFileHandler(path, maxBytes=5 * 2**20, backupCount=10, encoding="utf-8")
    # one line per message, or text from outside could forge a line and get into the bundle
    handler.setFormatter(OneLineFormatter())
    logging.getLogger().addHandler(handler)
    return handler
