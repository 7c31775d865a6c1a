"""Files that no row speaks of: what a kill between writing a file and committing its row leaves
behind."""

import re
import shutil
import time

from models.adapters import blobs
from models.operations.backup import dump, snapshot

HASH = re.compile(r"[0-9a-f]{64}")
AGE = 24 * 3600


def spoken_of():
    """Every SHA-256 that stands in any row of any table."""
    found = set()
    with dump.opened() as here, here.reading():
        for line in dump.lines(here):
            found.update(HASH.findall(line))
    return found


def orphans(age=AGE):
    """Kept files of the folder older than `age` seconds that no row speaks of. Storage in S3 is
    left alone: nothing is torn there."""
    if blobs.remote():
        return []
    old = {
        sha for sha in blobs.listing() if time.time() - blobs.path_of(sha).stat().st_mtime >= age
    }
    return sorted(old - spoken_of()) if old else []


def sweep(age=AGE):
    """Take the orphans away; returns them. A file younger than a day may belong to a row that is
    just being written."""
    gone = orphans(age)
    for sha in gone:
        path = blobs.path_of(sha)
        if path.exists() and time.time() - path.stat().st_mtime >= age:
            path.unlink(missing_ok=True)
    for part in blobs.incomplete(age):
        part.unlink(missing_ok=True)
    for half in snapshot.folder().glob(
        ".before*"
    ):  # a restore or upgrade was killed while it set the old rows aside
        if time.time() - half.stat().st_mtime >= age:
            shutil.rmtree(half, ignore_errors=True)
    return gone
