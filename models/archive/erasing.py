"""Taking bytes away for good, once the transaction that decided it stands; a crash between is
caught up with."""

import logging

import peewee as pw

from models.archive.filing import Filing
from models.core.clock import now, today
from models.core.database import db
from models.core.model import tables
from models.documents.archiving import WORDS
from models.imports import Import, ImportedRow

log = logging.getLogger("danju.archive")
# Columns of 64 characters that are no hash of a kept file, or only remember one.
NO_FILES = {"Event", "Session", "Code", "IdempotencyKey", "YearPackage", "ApprovalRequest"}


def hashes_to_erase(filing):
    """Hashes of all bytes that go with it: each version, the PDF, the drawn signature, attachments
    of remarks."""
    found = [filing.sha]
    if filing.file:
        found += [v.sha for v in filing.file.versions]
    if filing.document:
        found += [h for h in (filing.document.paper, filing.document.signature) if h]
        for name, way, columns in WORDS:
            if "file" in columns:
                found += [row.file for row in filing.document.hanging(name, way) if row.file]
    return found


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


def copies_left(row):
    """[(name, place, made at, expires on)]: backups older than the destruction that have not
    expired yet, and files that an import read, since those hold other papers too and stay."""
    imports = (
        Import.select()
        .join(ImportedRow)
        .where(
            ImportedRow.model == "Document",
            ImportedRow.row.in_(
                [i.filing.document_id for i in row.items if i.filing.document_id] or [0]
            ),
        )
        .distinct()
    )
    return [(i.filename, "", i.at, None) for i in imports] + _backups(row.destroyed_at or now())


def _backups(moment):
    backup = next((cls for cls in tables() if cls.__name__ == "Backup"), None)
    if backup is None:
        return []
    rows = (
        backup.select()
        .where(backup.state == "kept", backup.taken_at <= moment, backup.expires_on >= today())
        .order_by(backup.taken_at, backup.id)
    )
    return [(row.name, row.place.name, row.taken_at, row.expires_on) for row in rows]
