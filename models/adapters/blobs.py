"""Files stored under their SHA-256, completely or not at all: in the folder `files` of the data, or
in S3 by FILES_URL."""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from models.core import optional
from models.core.disk import Away, sync_folder
from models.core.errors import refuse

MOST_BYTES = 20 * 2**20  # of one file from outside
ROOM = 500 * 2**20  # that files from outside leave free, or a twentieth of a small disk
_root = {"path": None, "s3": None, "listed": None}


class Damaged(Exception):
    """The stored bytes are missing or were changed."""


def use(folder, url=""):
    """Store files in `folder`/files, or in s3://bucket/prefix?endpoint=…&region=…; keys of S3 by
    AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or as key:secret@ in the address."""
    _root.update(path=Path(folder) / "files", s3=bucket_at(url) if url else None, listed=None)
    _root["path"].mkdir(parents=True, exist_ok=True)


def bucket_at(url):
    """The bucket of an address s3://…, opened by its driver."""
    return optional.load("models.adapters.stores.bucket").Bucket(url)


def shared_store():
    """The bucket that all hosts of the portal share, or None."""
    return _root["s3"]


def use_listing(shas):
    """From now on know only which files exist, not their bytes: for proving a backup without
    fetching every file."""
    _root["listed"] = set(shas)


def path_of(sha):
    return _root["path"] / _checked(sha)[:2] / sha


def _checked(sha):
    if len(sha) != 64 or not all(c in "0123456789abcdef" for c in sha):
        raise Damaged(sha)
    return sha


def check_room():
    """Refused while the disk is nearly full: nobody's files are to stop the papers of the firm."""
    disk = shutil.disk_usage(_root["path"])
    disk.free >= min(ROOM, disk.total // 20) or refuse("no_room")


def check_size(data):
    """Refused for a file from outside that is too large."""
    len(data) <= MOST_BYTES or refuse("attachment_too_large", most=MOST_BYTES // 2**20)


def keep(data):
    """Store the bytes, durable before return; the same bytes are stored once, with a new time, so
    that they are not swept away before their row is written. Returns their SHA-256."""
    sha = hashlib.sha256(data).hexdigest()
    if _root["s3"]:
        _root["s3"].put(sha, data)
        return sha
    path = path_of(sha)
    if path.exists() and path.stat().st_size == len(data):
        os.utime(path)
        return sha
    put_back(sha, data)
    return sha


def put_back(sha, data):
    """Write the bytes in place of missing or damaged ones. Raises Damaged when they have
    another hash."""
    if hashlib.sha256(data).hexdigest() != sha:
        raise Damaged(sha)
    if _root["s3"]:
        return _root["s3"].put(sha, data, overwrite=True)
    path = path_of(sha)
    if not path.parent.exists():
        path.parent.mkdir(exist_ok=True)
        sync_folder(path.parent.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:  # incomplete files would fill a full disk further
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def listing():
    """{sha: size} of every stored file."""
    if _root["s3"]:
        return _root["s3"].listing()
    return {
        path.name: path.stat().st_size
        for path in _root["path"].glob("??/*")
        if len(path.name) == 64
    }


def written_before(moment):
    """Every stored file whose bytes were last kept before this moment (UTC)."""
    if _root["s3"]:
        return _root["s3"].written_before(moment)
    files = ((path.name, path.stat().st_mtime) for path in _root["path"].glob("??/*"))
    return {name for name, at in files if len(name) == 64 and at < moment.timestamp()}


def sweep_away(sha, moment):
    """Delete the file unless it was kept again since this moment (UTC); whether it is gone."""
    if _root["s3"]:
        return _root["s3"].sweep_away(sha, moment)
    path = path_of(sha)
    if path.exists() and path.stat().st_mtime < moment.timestamp():
        path.unlink(missing_ok=True)
    return not path.exists()


def remote():
    """Whether files are stored in S3."""
    return _root["s3"] is not None


def incomplete(age):
    """Incomplete files that a killed process left behind, older than `age` seconds."""
    return [
        path for path in _root["path"].glob("??/tmp*") if time.time() - path.stat().st_mtime >= age
    ]


def fetch(sha):
    """The bytes, checked against their hash. Raises Damaged, or Away while the storage in the
    network cannot be reached."""
    if _root["listed"] is not None:
        if sha not in _root["listed"]:
            raise Damaged(sha)
        return b""
    try:
        data = _root["s3"].get(_checked(sha)) if _root["s3"] else path_of(sha).read_bytes()
    except Away:
        raise
    except OSError as error:
        raise Damaged(sha) from error
    if hashlib.sha256(data).hexdigest() != sha:
        raise Damaged(sha)
    return data


def is_intact(sha):
    """Whether the file is there and has this hash."""
    try:
        fetch(sha)
        return True
    except Damaged:
        return False


def erase(sha):
    """Overwrite the file and delete it. Does nothing when it is gone already. Raises OSError while
    S3 locks it."""
    if _root["s3"]:
        return _root["s3"].drop(_checked(sha))
    path = path_of(sha)
    try:
        with path.open("r+b") as out:
            out.write(b"\0" * path.stat().st_size)
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
    except FileNotFoundError:
        pass
