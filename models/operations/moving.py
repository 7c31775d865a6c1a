"""Moving from SQLite and a folder to PostgreSQL and S3 while people work, with proof that both are
equal."""

import contextlib
import json
import os
import sqlite3

import peewee as pw

from models.adapters import blobs
from models.core.clock import now
from models.core.database import database_of, db
from models.core.errors import refuse
from models.operations.backup import dump, proof, run, schema, snapshot

MARK = "moved.json"


def moved():
    """Whether this SQLite firm has moved away, so that nothing may be written here any more."""
    return (
        isinstance(db.obj, pw.SqliteDatabase)
        and snapshot.folder() is not None
        and (snapshot.folder() / MARK).exists()
    )


def move(to="", files="", switch=False, tick=lambda what, part: None, step=lambda name: None):
    """Copy rows to the database `to` and files to the storage `files`. With `switch`, writers wait
    during the last pass, and afterwards this portal only says that it has moved; without, it is a
    rehearsal. Returns {rows, files, sent, tables}. Refused when a firm already works there."""
    target = database_of(to) if to else None
    bucket = blobs.bucket_at(files) if files else None
    if target:
        step("prepare")
        _prepare(target)
    step("files")
    sent = _files(bucket, tick) if bucket else 0
    with _writers_wait() if switch else contextlib.nullcontext(), run.scratch() as folder:
        step("snapshot")
        manifest = snapshot.take(folder)
        if target:
            step("rows")
            with dump.opened(target) as there:
                dump.load(there, folder / "dump.gz", lambda part: tick("rows", part))
                step("compare")
                _equal(dump.digests(there), manifest["tables"])
                if dump.sums(there) != manifest["sums"]:
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
            _mark(to, files)
    if target:
        target.close()
    return {
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "files": len(manifest["files"]),
        "sent": sent,
        "tables": len(manifest["tables"]),
    }


def _prepare(target):
    """The schema there, at our version; refused when someone's firm is in it."""
    with target.connection_context():
        schema.bring_up(target)
        if target.execute_sql("SELECT COUNT(*) FROM company").fetchone()[0] and not _ours(target):
            refuse("move_occupied")


def _ours(target):
    """Whether what is there is a rehearsal of this firm: the first event of its journal is ours."""
    first = "SELECT hash FROM event ORDER BY id LIMIT 1"
    return target.execute_sql(first).fetchone() == db.execute_sql(first).fetchone()


def _files(bucket, tick):
    """Send the files that are not there yet and read each back. Returns how many."""
    there, here = bucket.listing(), blobs.listing()
    todo = sorted(sha for sha, size in here.items() if there.get(sha) != size)
    for n, sha in enumerate(todo):
        data = blobs.fetch(sha)
        bucket.put(sha, data, overwrite=True)
        if bucket.get(sha) != data:
            raise proof.Unproven(f"file {sha} came back otherwise than it was sent")
        if not (n % 20):
            tick("files", n / len(todo))
    return len(todo)


def _equal(found, expected):
    for name in sorted(set(found) | set(expected)):
        if found.get(name) != expected.get(name):
            raise proof.Unproven(f"{name}: {found.get(name)} there, {expected.get(name)} here")


@contextlib.contextmanager
def _writers_wait():
    """Hold SQLite's write lock: reading goes on, writing waits."""
    isinstance(db.obj, pw.SqliteDatabase) or refuse("move_from_sqlite")
    link = sqlite3.connect(db.obj.database, isolation_level=None, timeout=60)
    try:
        link.execute("BEGIN IMMEDIATE")
        yield
    finally:
        link.close()


def _mark(to, files):
    path = snapshot.folder() / MARK
    fresh = path.with_suffix(".new")
    with open(fresh, "w") as out:
        json.dump(
            {"at": now().isoformat(), "database": to.split("@")[-1], "files": files.split("@")[-1]},
            out,
        )
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, path)
