"""Restore a backup, also of an older version, onto an empty machine or over the present firm, on
SQLite or PostgreSQL.

Nothing is replaced before the new data is complete and proven: the backup is rebuilt in a scratch
database and migrated there, its files are added to those that are here (they are named by their
content, so none is overwritten), and then all rows are exchanged in one transaction. The present
data is saved as a dump that can be put back."""

import contextlib
import json
import os
import shutil
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import peewee as pw

from models.adapters import blobs, stores
from models.adapters.outbox import RESTORED, Mail
from models.company import Company
from models.core import journal
from models.core.clock import now, set_zone
from models.core.database import db
from models.core.errors import refuse
from models.core.installation import Installation
from models.operations import upkeep
from models.operations.backup import (
    Place,
    copied,
    dump,
    host_keys,
    keys,
    post_restore,
    proof,
    run,
    snapshot,
)
from models.operations.backup.backup import INTERRUPTED, Backup
from models.people import Code, Device, Session


def place_of(address):
    """(kind, settings, secret) of /folder, s3://key:secret@bucket/prefix?endpoint=…,
    sftp://user:secret@host/path or webdavs://user:secret@host/path; a secret may also come from
    BACKUP_SECRET."""
    url = urlsplit(address)
    secret = unquote(url.password or "") or os.environ.get("BACKUP_SECRET", "")
    query = {k: v[0] for k, v in parse_qs(url.query).items()}
    user = unquote(url.username or "")
    if url.scheme == "s3":
        return (
            "s3",
            {"bucket": url.hostname, "prefix": url.path.strip("/"), "key_id": user, **query},
            secret,
        )
    if url.scheme == "sftp":
        return (
            "sftp",
            {"host": url.hostname, "port": str(url.port or 22), "user": user, "path": url.path},
            secret,
        )
    if url.scheme in ("webdav", "webdavs"):
        host = url.hostname + (f":{url.port}" if url.port else "")
        return "webdav", {"url": f"http{url.scheme[6:]}://{host}{url.path}", "user": user}, secret
    return "folder", {"path": str(Path(address).resolve())}, secret


def chosen(store, name=None):
    """The newest backup of the store, or the one of that name."""
    rows = proof.found(store)
    rows or refuse("no_backup_there")
    return (
        next((row for row in rows if row["name"] == name), None) or refuse("backup_gone")
        if name
        else rows[-1]
    )


def rehearse(store, facts, identity, folder, tick=lambda part: None):
    """Rebuild the backup in `folder`/scratch.db and prove it, touching nothing else. Returns
    (manifest, report)."""
    try:
        manifest = proof.fetched(store, facts, identity, folder, lambda part: tick(0.3 * part))
    except keys.WrongKey:
        refuse("recovery_key_wrong")
    tick(0.3)
    report = proof.restored(folder, manifest, lambda part: tick(0.3 + 0.6 * part))
    stored = {run.sha_in(key) for key in store.list(f"files/{facts['under']}/")}
    missing = set(manifest["files"]) - stored - set(blobs.listing())
    tick(1)
    return manifest, {
        **report,
        "files": len(manifest["files"]),
        "files_lost": len(missing),
        "name": facts["name"],
        "taken_at": facts["taken_at"],
    }


def restore(store, facts, identity, replace=False, tick=lambda part: None, step=lambda name: None):
    """Restore it. Refused where there is a firm, unless `replace`. `step` is called before each
    step, for tests that kill the process there."""
    db.connect(reuse_if_open=True)
    has_firm = Company.current() is not None
    if has_firm and not replace:
        refuse("already_set_up")
    with run.scratch() as folder:
        step("rehearse")
        manifest, report = rehearse(store, facts, identity, folder, lambda part: tick(0.4 * part))
        step("files")
        download_files(
            store,
            facts["under"],
            manifest["files"],
            identity,
            folder,
            lambda part: tick(0.4 + 0.3 * part),
        )
        step("ready")
        with closing(dump.Sqlite(folder / "scratch.db")) as source:
            ready = dump.write(source, folder / "ready.gz")
        aside = move_aside() if has_firm else None
        event_facts = post_restore.missing_since(folder / "scratch.db") if has_firm else {}
        start = json.loads((folder / "start").read_text())
        event_facts["resting"] = post_restore.must_pause(folder / "scratch.db", start)
        exchange(
            folder / "ready.gz",
            ready,
            start,
            manifest["sums"],
            str(identity),
            event_facts,
            step,
            lambda part: tick(0.7 + 0.3 * part),
        )
    report.update(
        aside=str(aside) if aside else "",
        settings=start["settings"],
        other_keys=host_keys.given_otherwise(start["secret_key"], identity),
        **event_facts,
    )
    return report


def exchange(
    path,
    expected,
    start,
    sums,
    identity,
    event_facts,
    step=lambda name: None,
    tick=lambda part: None,
):
    """Exchange every row in one transaction, then write the key files that belong to them; if the
    process is killed in between, the next start does so. `event_facts`: what people must enter
    again, and whether mail and backups are paused."""
    marker = snapshot.folder() / snapshot.RESTORING
    _write(
        marker,
        json.dumps(
            {
                "start": start,
                "head": sums["head"],
                "journal": sums["journal"],
                "identity": identity,
                "lost": event_facts,
            }
        ),
    )
    Installation.write(snapshot.RESTORING, now().isoformat())
    step("exchange")
    try:
        with dump.opened() as target:
            dump.load(target, path, tick)
            step("exchanged")
            if dump.digests(target) != expected:
                raise proof.Unproven("the restored rows are not those of the backup")
        finish()
    except Exception:
        # depending on which rows are here now; if this fails too, the next start does it
        with contextlib.suppress(Exception):
            finish()
        raise


def finish():
    """If the restored rows are here, write their secret key, anchors and backup key; then the other
    hosts go on. Called after the exchange and at each start."""
    marker = snapshot.folder() / snapshot.RESTORING
    if not marker.exists():
        return
    restored = json.loads(marker.read_text())
    with dump.opened() as present:
        sums = dump.sums(present)
    if sums["head"] == restored["head"] and sums["journal"] == restored["journal"]:
        start = restored["start"]
        _write(snapshot.folder() / "anchors.jsonl", start["anchors"])
        _write(snapshot.folder() / "secret_key", start["secret_key"])
        snapshot.config()["SECRET_KEY"] = start["secret_key"]
        if restored["identity"]:
            keys.use_identity(snapshot.folder(), restored["identity"])
            if snapshot.config().get("BACKUP_KEY"):
                snapshot.config()["BACKUP_KEY"] = restored["identity"]
        host_keys.note()
        _write(
            snapshot.folder() / "restored_settings.env",
            "".join(f"{name}={value}\n" for name, value in start["settings"].items() if value),
        )
        post_restore.mark_paused(restored.get("lost", {}).get("resting", False))
        reset_after_restore(restored.get("lost", {}))
        journal.begin_anew(start["secret_key"])
    Installation.forget(snapshot.RESTORING)
    marker.unlink()


@db.atomic()
def reset_after_restore(event_facts):
    """End what was active when the backup was taken: sessions, remembered browsers, codes and
    running backups. Waiting mail may have been sent since, so a person decides about it."""
    Session.update(ended_at=now()).where(Session.ended_at.is_null()).execute()
    Code.update(used_at=now()).where(Code.used_at.is_null()).execute()
    Device.delete().execute()
    Mail.ask_about_waiting(RESTORED)
    Backup.update(state="failed", error=INTERRUPTED).where(Backup.state == "running").execute()
    Place.update(claimed_at=None).execute()
    copied.remember()
    upkeep.fill_new()
    firm = Company.current()
    if firm:
        set_zone(firm.zone)
        firm.record(
            "restored",
            None,
            missing=event_facts.get("missing"),
            destroyed=event_facts.get("destroyed", []),
            resting=event_facts.get("resting", False),
        )


def download_files(store, under, files, identity, folder, tick=lambda part: None):
    """Fetch the files that are missing or damaged here. Raises Unproven."""
    present = blobs.listing()

    def download(sha):
        if present.get(sha) != files[sha] or not blobs.is_intact(sha):
            path = proof.file_of(store, under, sha, identity, f"{folder}/{sha}")
            blobs.put_back(sha, path.read_bytes())
            path.unlink()

    stores.parallel_map(store, sorted(files), download, tick)


def move_aside(why="before"):
    """Save the present data as a dump with its keys in a new folder; returns the folder."""
    folder = snapshot.folder() / f"{why}-{now():%Y%m%dT%H%M%S}-{os.urandom(2).hex()}"
    temporary = folder.with_name(f".{folder.name}")
    temporary.mkdir(mode=0o700)
    try:
        manifest = snapshot.take_dump(temporary)
        _write(temporary / "manifest.json", json.dumps(manifest))
        os.rename(temporary, folder)
    except BaseException:  # a half-written copy would fill the rest of a full disk
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return folder


def put_back(folder, step=lambda name: None):
    """Exchange the rows with those saved in `folder`, of any version."""
    folder = Path(folder)
    (folder / "dump.gz").exists() or refuse("no_backup_there")
    manifest = json.loads((folder / "manifest.json").read_text())
    with run.scratch() as scratch:
        shutil.copy(folder / "dump.gz", scratch / "dump")
        shutil.copy(folder / "start.json", scratch / "start")
        proof.restored(scratch, manifest)
        with closing(dump.Sqlite(scratch / "scratch.db")) as source:
            ready = dump.write(source, scratch / "ready.gz")
        event_facts, start = (
            post_restore.missing_since(scratch / "scratch.db") if Company.current() else {},
            json.loads((scratch / "start").read_text()),
        )
        with closing(dump.Sqlite(scratch / "scratch.db")) as stored:
            event_facts["resting"] = post_restore.paused_in(stored)  # it was on this machine before
        exchange(scratch / "ready.gz", ready, start, manifest["sums"], "", event_facts, step)


def move_damaged_aside():
    """Move a SQLite file that cannot be read any more into a folder, so that a backup can be
    restored. Returns the folder, or None."""
    database = db.obj
    if not isinstance(database, pw.SqliteDatabase) or readable(database):
        return None
    db.close()
    folder = snapshot.folder() / f"damaged-{now():%Y%m%dT%H%M%S}-{os.urandom(2).hex()}"
    folder.mkdir(mode=0o700)
    for end in ("-wal", "-shm", ""):
        path = Path(database.database + end)
        if path.exists():
            path.rename(folder / path.name)
    return folder


def readable(database):
    """Whether SQLite finds the database file intact."""
    try:
        with dump.opened(database) as present:
            return present.link.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except Exception:  # on a damaged file SQLite may raise anything
        return False


def _write(path, text):
    """Write the file completely or not at all, readable only by us."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)
