"""A disk that can no longer be written: full, read-only or failing. Recognise it from an error,
remember it for the notice above every page, and let reading go on."""

import contextlib
import errno
import logging
import os
import time

from models.core.database import Gone, db, waiting

log = logging.getLogger("danju.storage")
CODES = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "read_only", errno.EIO: "failing"}
WORDS = (
    ("database or disk is full", "full"),
    ("no space left on device", "full"),
    ("quota exceeded", "full"),
    ("attempt to write a readonly database", "read_only"),
    ("in a read-only transaction", "read_only"),
    ("disk i/o error", "failing"),
    ("unable to open database file", "failing"),
)
BUSY = ("database is locked", "canceling statement due to lock timeout")
DAMAGE = (
    "database disk image is malformed",
    "file is not a database",
    "invalid page in block",  # PostgreSQL
)
REMEMBERED = 90  # seconds; the scheduler writes every ten, so a lasting failure is noted again
_seen = {"code": None, "at": 0.0}


class Away(OSError):
    """The remote file storage cannot be reached or refuses to write. The files themselves may be
    sound."""


def note_failure(error):
    """Remember that the disk fails, if the error or one of its causes says so. Returns "full",
    "read_only", "failing", or without remembering it "away" (file storage), "gone" (database),
    "busy" (another's long write), or None for another error."""
    for at in _causes(error):
        if any(words in str(at).lower() for words in BUSY):
            return "busy"
        if isinstance(at, Away):
            return "away"
        if isinstance(at, Gone):
            return "gone"
        code = (
            CODES.get(getattr(at, "errno", None))
            if isinstance(at, OSError)
            else next((code for words, code in WORDS if words in str(at).lower()), None)
        )
        if code:
            _seen.update(code=code, at=time.monotonic())
            return code
    return None


def note_damage(error):
    """Whether the error, or one of its causes, says that the database is damaged. It is remembered
    until another database is opened, as none becomes whole again by itself."""
    found = any(words in str(at).lower() for at in _causes(error) for words in DAMAGE)
    if found:
        db.obj.is_damaged = True
    return found


def database_is_damaged():
    """Whether somebody met damage in the open database."""
    return getattr(db.obj, "is_damaged", False)


def _causes(error):
    """The error, what it was raised from, and so on."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    return seen


def current_failure():
    """The failure of the last 90 seconds, or None; shown above every page."""
    return _seen["code"] if _seen["code"] and time.monotonic() - _seen["at"] < REMEMBERED else None


def note_success():
    """Something was written, so the failure is over."""
    _seen["code"] = None


@contextlib.contextmanager
def if_writable():
    """Skip an unimportant write, such as when somebody last looked, while the disk cannot be
    written, so that reading goes on."""
    try:
        yield
    except Exception as error:
        code = note_failure(error)
        if not code:
            raise
        if code != "busy":
            log.warning("not noted: %s", error)


@contextlib.contextmanager
def if_free(wait=0):
    """Skip a write that a page can do without, when another writes for longer than so many
    milliseconds, or while nothing can be written."""
    with if_writable(), waiting(wait):
        yield


def sync_folder(folder):
    """Write the folder's entries to the disk, so that a rename survives a power cut. Windows has
    no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
