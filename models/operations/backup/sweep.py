"""Remove files that no row refers to: left when the process was killed after writing a file and
before committing its row."""

import re
import shutil
import time

from models.adapters import blobs
from models.operations.backup import dump, snapshot

HASH = re.compile(r"[0-9a-f]{64}")
AGE = 24 * 3600


def referenced():
    """Every SHA-256 in any row of any table."""
    found = set()
    with dump.opened() as here, here.reading():
        for line in dump.lines(here):
            found.update(HASH.findall(line))
    return found


def orphans(age=AGE):
    """Files of the folder older than `age` seconds that no row refers to. Storage in S3 is left
    alone: no upload is ever half done there."""
    if blobs.remote():
        return []
    old = {
        sha for sha in blobs.listing() if time.time() - blobs.path_of(sha).stat().st_mtime >= age
    }
    return sorted(old - referenced()) if old else []


def sweep(age=AGE):
    """Remove the orphans; returns them. A file younger than a day may belong to a row that is just
    being written."""
    gone = orphans(age)
    for sha in gone:
        path = blobs.path_of(sha)
        if path.exists() and time.time() - path.stat().st_mtime >= age:
            path.unlink(missing_ok=True)
    for part in blobs.incomplete(age):
        part.unlink(missing_ok=True)
    # left when a restore or upgrade was killed while it saved the old rows
    for half in snapshot.folder().glob(".before*"):
        if time.time() - half.stat().st_mtime >= age:
            shutil.rmtree(half, ignore_errors=True)
    return gone
