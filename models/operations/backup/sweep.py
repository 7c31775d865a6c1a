"""Remove files that no row refers to: left when the process was killed after writing a file and
before committing its row."""

import re
import shutil
import time

from models.adapters import blobs
from models.operations.backup import dump, snapshot

HASH = re.compile(rb"[0-9a-f]{64}")
AGE = 24 * 3600


def referenced():
    """Every SHA-256 in any row of any table."""
    found = set()
    with dump.opened() as here, here.reading():
        for piece in dump.pieces(here):
            found.update(hash.decode() for hash in HASH.findall(piece))
    return found


def orphans(age=AGE):
    """Files of the folder older than `age` seconds that no row refers to. None in S3, where no
    upload is left half done."""
    if blobs.remote():
        return []
    old_files = {
        sha for sha in blobs.listing() if time.time() - blobs.path_of(sha).stat().st_mtime >= age
    }
    return sorted(old_files - referenced()) if old_files else []


def sweep(age=AGE):
    """Remove the orphans; returns them. A file younger than a day may belong to a row that is still
    being written."""
    removed = orphans(age)
    for sha in removed:
        path = blobs.path_of(sha)
        if path.exists() and time.time() - path.stat().st_mtime >= age:
            path.unlink(missing_ok=True)
    for part in blobs.incomplete(age):
        part.unlink(missing_ok=True)
    # left when a restore or upgrade was killed while it saved the old rows
    for unfinished in snapshot.folder().glob(".before*"):
        if time.time() - unfinished.stat().st_mtime >= age:
            shutil.rmtree(unfinished, ignore_errors=True)
    return removed
