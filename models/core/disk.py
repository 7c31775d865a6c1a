"""The disk that takes nothing more: full, turned read-only, or failing. How one knows it, and what
goes on meanwhile."""

import contextlib
import errno
import logging
import os
import time

from models.core.database import Gone

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
REMEMBERED = 90  # seconds: the clockwork writes every ten, so a trouble that lasts is seen again
_seen = {"code": None, "at": 0.0}


class Away(OSError):
    """The storage of the files, elsewhere in the network, cannot be reached or takes nothing: it
    says nothing about the files themselves."""


def trouble(error):
    """full, read_only, failing, away, gone (the database), or None when the error speaks of
    something else; looks at what it came from as well."""
    chain, at = set(), error
    while at is not None and id(at) not in chain:
        chain.add(id(at))
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
        at = at.__cause__ or at.__context__
    return None


def present():
    """The trouble of the last minute and a half, or None: shown above every page."""
    return _seen["code"] if _seen["code"] and time.monotonic() - _seen["at"] < REMEMBERED else None


def works():
    """Something was written."""
    _seen["code"] = None


@contextlib.contextmanager
def if_writable():
    """What is only noted in passing, such as who looked when, is left out while nothing can be
    written: reading goes on."""
    try:
        yield
    except Exception as error:
        if not trouble(error):
            raise
        log.warning("not noted: %s", error)


def sync_folder(folder):
    """Let the disk know of the folder's new name. Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
