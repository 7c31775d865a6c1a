"""Erases the bytes of destroyed filings, and their copies in year packages, after the transaction
that destroyed them. What a crash left undone is done by the next run."""

import logging

import peewee as pw

from models.adapters import blobs, large_files, search
from models.archive.destruction import DestructionList
from models.archive.filing import Filing
from models.archive.year_package import YearPackage
from models.core.database import db
from models.core.model import tables

log = logging.getLogger("danju.archive")
# Tables whose columns of 64 characters are no hashes of stored files, or only record one.
NO_FILES = {
    "Event",
    "Session",
    "Code",
    "Device",
    "DocumentLink",
    "LinkVisit",
    "RecoveryCode",
    "IdempotencyKey",
    "YearPackage",
    "ApprovalRequest",
    "UncheckedFile",
}


def expire_copies(years, by):
    """Expire the year packages with copies; their files are deleted by the next erase_waiting."""
    for package in YearPackage.select().where(
        YearPackage.year.in_(list(years)), YearPackage.state == "done"
    ):
        package.expire(by)


def erase_waiting():
    """Erase the bytes of the destroyed lists, except those that another row still needs."""
    for row in list(
        DestructionList.select().where(
            DestructionList.state == "destroyed", DestructionList.erased_at.is_null()
        )
    ):
        for sha in row.doomed:
            if not needed(sha):
                blobs.erase(sha)
        for package in YearPackage.select().where(YearPackage.state == "erased"):
            large_files.remove(package.file_name)
        search.sweep()
        _overwrite_deleted()
        row.note_erased()
        log.info("%s: %s files erased", row.number, len(row.doomed))


def needed(sha):
    """Whether a row of any table that is not destroyed itself still refers to this hash."""
    return any(
        _rows_with(cls, field, sha).exists()
        for cls in tables()
        if cls.__name__ not in NO_FILES
        for name, field in cls._meta.fields.items()
        if isinstance(field, pw.CharField)
        and field.max_length == 64
        and name not in getattr(cls, "only_remembers", ())
    )


def _rows_with(cls, field, sha):
    query = cls.select().where(field == sha)
    if "state" in cls._meta.fields:
        query = query.where(cls.state != "destroyed")
    if cls.__name__ == "Filing":  # a moved filing no longer owns the bytes
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


def _overwrite_deleted():
    """Overwrite deleted texts in the database file; possible on SQLite only."""
    if isinstance(db.obj, pw.SqliteDatabase) and not db.in_transaction():
        db.execute_sql("PRAGMA secure_delete = ON")
        db.execute_sql("VACUUM")
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


DestructionList.when_destroyed.append(expire_copies)
