"""Whether this data folder is a copy, as `cp -a` or a copied disk makes it: the firm that it was
copied from may still run, and both would mail the same customers."""

import os

import peewee as pw

from models.adapters.outbox import COPIED, Mail
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.lease import Lease
from models.operations.backup import post_restore, snapshot

MARK, ROW = "folder_mark", "folder"  # an empty file, and the row that knows it


def rest_if_copied():
    """Let mail and backups rest in a copy, until a person says that it is now the firm's portal.
    With PostgreSQL the folder does not hold the firm, so that nothing can be told from it."""
    if not isinstance(db.obj, pw.SqliteDatabase):
        return
    row = Lease.get_or_none(Lease.name == ROW)
    if row and _differs(row.holder, _seen()) and not post_restore.paused_after_restore():
        _rest()
    remember()


def remember():
    """Take this folder for the firm's own."""
    if isinstance(db.obj, pw.SqliteDatabase):
        Lease.insert(name=ROW, holder=_seen(), until=now()).on_conflict(
            conflict_target=[Lease.name], update={Lease.holder: _seen()}
        ).execute()


def _seen():
    """What the disk says of the mark and the database: their numbers there, and since when the mark
    is as it is. A copy has new ones of both; a folder that was moved, mounted elsewhere or given to
    another owner keeps one of the two."""
    mark = snapshot.folder() / MARK
    if not mark.exists():  # touching it again would make it look like another
        mark.touch()
    found = os.stat(mark)
    return f"{found.st_ino}-{os.stat(db.obj.database).st_ino}:{found.st_ctime_ns}"


def _differs(known, seen):
    return all(a != b for a, b in zip(known.split(":"), seen.split(":"), strict=True))


@db.atomic()
def _rest():
    """The mail that waits may be sent by the other firm, so a person decides about it."""
    firm = Company.current()
    if firm:
        Mail.ask_about_waiting(COPIED)
        firm.record("copied", None)
        post_restore.mark_paused(True)
