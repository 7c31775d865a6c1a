"""Upgrade: save the old data, then migrate and check in one transaction, which is rolled back when
a check fails."""

import contextlib

import peewee as pw

from models.core.database import db
from models.operations import checks
from models.operations.backup import dump, host_keys, restore, schema, snapshot


class NotUpgraded(Exception):
    """The migration would have changed data; everything is as before."""


def upgrade(accept_faults=False, step=lambda name: None):
    """Bring the database to this version. Returns (migrations applied, folder with the old data).
    Refused for data from before 0.9.0. Raises NotUpgraded. Several processes may start at once: the
    first migrates, the others wait and find nothing to do."""
    db.connect(reuse_if_open=True)
    if not snapshot.restoring():  # else the keys are written by restore.finish()
        host_keys.check()
    schema.adopt_baseline()
    if not schema.pending():
        return [], None
    aside = None
    if has_firm():
        step("aside")
        aside = restore.move_aside("before-upgrade")
    with _without_foreign_keys(), db.atomic():
        before = sums() if aside else {}
        step("migrate")
        applied = schema.bring_up()
        step("check")
        if aside and applied:
            _check_unchanged(before, accept_faults)
        step("commit")
    return applied, aside


@contextlib.contextmanager
def _without_foreign_keys():
    """SQLite rebuilds a table by dropping it, which foreign keys forbid; they can only be switched
    off outside a transaction."""
    if not isinstance(db.obj, pw.SqliteDatabase):
        yield
        return
    db.pragma("foreign_keys", 0)
    try:
        yield
    finally:
        db.pragma("foreign_keys", 1)


def _check_unchanged(before, accept_faults):
    if isinstance(db.obj, pw.SqliteDatabase) and (
        broken_keys := db.execute_sql("PRAGMA foreign_key_check").fetchall()
    ):
        raise NotUpgraded(f"a row of {broken_keys[0][0]} would point at nothing")
    after = sums()
    if after != before:
        name = next(name for name in before if before[name] != after.get(name))
        raise NotUpgraded(f"{name} were {before[name]}, would be {after.get(name)}")
    found = checks.faults(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    if found and not accept_faults:
        raise NotUpgraded("; ".join(found[:5]))


def sums():
    """Counts and sums within the present transaction."""
    return {
        name: [list(map(str, row)) for row in db.execute_sql(query).fetchall()]
        for name, query in dump.SUMS
    }


def has_firm():
    """Whether the database has a firm, of any version."""
    return db.table_exists("company") and bool(
        db.execute_sql("SELECT COUNT(*) FROM company").fetchone()[0]
    )
