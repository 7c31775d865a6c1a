"""Moving from SQLite and a folder to PostgreSQL and S3 while people work. Both are compared."""

import contextlib
import json
import os
import sqlite3

import peewee as pw

from config import encrypted
from models.adapters import blobs
from models.core.clock import now
from models.core.database import database_of, db
from models.core.errors import refuse
from models.core.installation import Installation
from models.operations.backup import dump, host_keys, proof, run, schema, snapshot

MARKER = "moved.json"


def moved():
    """Whether this firm has moved away from SQLite, after which nothing may be written here."""
    return (
        isinstance(db.obj, pw.SqliteDatabase)
        and snapshot.folder() is not None
        and (snapshot.folder() / MARKER).exists()
    )


def move(to="", files="", switch=False, tick=lambda what, part: None, step=lambda name: None):
    """Copy rows to the database `to` and files to the storage `files`. With `switch`, writers wait
    during the last pass, and afterwards this portal only answers that it has moved; without, it is
    a rehearsal. Returns {rows, files, sent, tables}. Refused when another firm is there."""
    for name, address in (("DATABASE_URL", to), ("FILES_URL", files)):
        encrypted(name, address, snapshot.config()["WITHOUT_TLS"])
    target = database_of(to) if to else None
    bucket = blobs.bucket_at(files) if files else None
    if target:
        step("prepare")
        _prepare(target)
    step("files")
    sent = _files(bucket, tick) if bucket else 0
    with _write_lock() if switch else contextlib.nullcontext(), run.scratch() as folder:
        step("snapshot")
        manifest = snapshot.take_dump(folder)
        if target:
            step("rows")
            _copy_marks(target)
            with dump.opened(target) as stored:
                dump.load(stored, folder / "dump.gz", lambda part: tick("rows", part))
                step("compare")
                _check_equal(dump.digests(stored), manifest["tables"])
                if dump.sums(stored) != manifest["sums"]:
                    raise proof.Unproven("the sums differ")
        if bucket:
            sent += _files(bucket, tick)
            step("compare files")
            if {k: v for k, v in bucket.listing().items() if k in manifest["files"]} != manifest[
                "files"
            ]:
                raise proof.Unproven("the storage does not hold every file")
        if switch:
            step("switch")
            _write_marker(to, files)
    if target:
        target.close()
    return {
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "files": len(manifest["files"]),
        "sent": sent,
        "tables": len(manifest["tables"]),
    }


def _prepare(target):
    """Create the schema of our version there. Refused when another firm is in that database."""
    with target.connection_context():
        schema.bring_up(target)
        firms = target.execute_sql("SELECT COUNT(*) FROM company").fetchone()[0]
        if firms and not _is_this_firm(target):
            refuse("move_occupied")


def _copy_marks(target):
    """The fingerprints of the keys, so that a host without them does not start there either."""
    marks = [(name, Installation.read(name)) for name in host_keys.MARKS]
    with target.connection_context(), Installation.bind_ctx(target):
        for name, value in marks:
            value and Installation.write(name, value)


def _is_this_firm(target):
    """Whether the database has this firm, from a rehearsal: the first event is the same."""
    first = "SELECT hash FROM event ORDER BY id LIMIT 1"
    return target.execute_sql(first).fetchone() == db.execute_sql(first).fetchone()


def _files(bucket, tick):
    """Send the files that are missing there and read each back. Returns how many."""
    stored, here = bucket.listing(), blobs.listing()
    to_send = sorted(sha for sha, size in here.items() if stored.get(sha) != size)
    for n, sha in enumerate(to_send):
        data = blobs.fetch(sha)
        bucket.put(sha, data, overwrite=True)
        if bucket.get(sha) != data:
            raise proof.Unproven(f"file {sha} came back otherwise than it was sent")
        if not (n % 20):
            tick("files", n / len(to_send))
    return len(to_send)


def _check_equal(found, expected):
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            raise proof.Unproven(f"{name}: {found.get(name)} there, {expected.get(name)} here")


@contextlib.contextmanager
def _write_lock():
    """Hold SQLite's write lock: readers go on, writers wait."""
    isinstance(db.obj, pw.SqliteDatabase) or refuse("move_from_sqlite")
    connection = sqlite3.connect(db.obj.database, isolation_level=None, timeout=60)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


def _write_marker(to, files):
    path = snapshot.folder() / MARKER
    temporary = path.with_suffix(".new")
    with open(temporary, "w") as out:
        json.dump(
            {"at": now().isoformat(), "database": to.split("@")[-1], "files": files.split("@")[-1]},
            out,
        )
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)
