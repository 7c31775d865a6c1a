"""Erase the bytes that decided lists condemned, and the copies of them in year packages, once the
transaction that decided it stands; a crash between is caught up with."""

import logging

import peewee as pw

from models.adapters import blobs, search
from models.archive.destruction import DestructionList
from models.archive.filing import Filing
from models.archive.year_package import YearPackage
from models.core.database import db
from models.core.model import tables

log = logging.getLogger("danju.archive")
# Columns of 64 characters that are no hash of a kept file, or only remember one.
NO_FILES = {"Event", "Session", "Code", "IdempotencyKey", "YearPackage", "ApprovalRequest"}


def forget_copies(years, by):
    """Year packages that hold copies are no longer served; their files go with the next erasing."""
    for package in YearPackage.select().where(
        YearPackage.year.in_(list(years)), YearPackage.state == "done"
    ):
        package.expire(by)


def erase_waiting():
    """Erase what decided lists condemned, unless something that stays needs the same bytes."""
    for row in list(
        DestructionList.select().where(
            DestructionList.state == "destroyed", DestructionList.erased_at.is_null()
        )
    ):
        for sha in row.doomed:
            if not needed(sha):
                blobs.erase(sha)
        for package in YearPackage.select().where(YearPackage.state == "erased"):
            package.path.unlink(missing_ok=True)
        search.sweep()
        _scrub()
        row.note_erased()
        log.info("%s: %s files erased", row.number, len(row.doomed))


def needed(sha):
    """Whether a row that is not destroyed itself still holds this hash, in whatever table."""
    return any(
        _holding(cls, field, sha).exists()
        for cls in tables()
        if cls.__name__ not in NO_FILES
        for name, field in cls._meta.fields.items()
        if isinstance(field, pw.CharField)
        and field.max_length == 64
        and name not in getattr(cls, "only_remembers", ())
    )


def _holding(cls, field, sha):
    query = cls.select().where(field == sha)
    if "state" in cls._meta.fields:
        query = query.where(cls.state != "destroyed")
    if cls.__name__ == "Filing":  # a place that was left holds nothing
        query = query.where(cls.state == "kept")
    if cls.__name__ == "Reminder":
        query = query.where(
            cls.id.not_in(
                Filing.select(Filing.reminder).where(
                    Filing.state == "destroyed", Filing.reminder.is_null(False)
                )
            )
        )
    return query


def _scrub():
    """Overwrite what the database file still holds of deleted words, as far as the database lets
    us."""
    if isinstance(db.obj, pw.SqliteDatabase) and not db.in_transaction():
        db.execute_sql("PRAGMA secure_delete = ON")
        db.execute_sql("VACUUM")
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


DestructionList.when_destroyed.append(forget_copies)
