"""Remove files that no row refers to: left when the process was killed after writing a file and
before committing its row."""

import datetime as dt
import logging
import re
import shutil
import time

from models.adapters import blobs
from models.operations.backup import dump, post_restore, snapshot

log = logging.getLogger("danju.backup")
HASH = re.compile(rb"[0-9a-f]{64}")
AGE = 24 * 3600


def referenced():
    """Every SHA-256 in any row of any table."""
    found = set()
    with dump.opened() as here, here.reading():
        for piece in dump.pieces(here):
            found.update(hash.decode() for hash in HASH.findall(piece))
    return found


def orphans(moment):
    """Files last kept before this moment (UTC) that no row refers to; the files are listed first,
    as a row may be written meanwhile."""
    old_files = blobs.written_before(moment)
    return sorted(old_files - referenced()) if old_files else []


def sweep(age=AGE):
    """Remove the orphans that are older than `age` seconds; returns them. A younger file may belong
    to a row that is still being written."""
    moment = dt.datetime.now(dt.timezone.utc) - dt.timedelta(seconds=age)
    removed = []
    # the copy of a firm on another machine has the same bucket, and other rows
    if not (blobs.remote() and post_restore.paused_after_restore()):
        removed = [sha for sha in orphans(moment) if blobs.sweep_away(sha, moment)]
    if removed:
        log.info("%s files that no row names were removed", len(removed))
    for part in blobs.incomplete(age):
        part.unlink(missing_ok=True)
    # left when a restore or upgrade was killed while it saved the old rows
    for unfinished in snapshot.folder().glob(".before*"):
        if time.time() - unfinished.stat().st_mtime >= age:
            shutil.rmtree(unfinished, ignore_errors=True)
    return removed
