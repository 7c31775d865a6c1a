"""Bytes kept by their SHA-256, written whole or not at all."""
import hashlib
import io
import os
import tempfile
from pathlib import Path

from PIL import Image

_root = {"path": None}


class Damaged(Exception):
    """The kept bytes are missing or no longer what they were."""


def use(folder):
    _root["path"] = Path(folder) / "files"
    _root["path"].mkdir(parents=True, exist_ok=True)


def path_of(sha):
    if len(sha) != 64 or not all(c in "0123456789abcdef" for c in sha):
        raise Damaged(sha)
    return _root["path"] / sha[:2] / sha


def keep(data):
    """Store the bytes, durable before return; the same bytes are stored once. Returns their SHA-256."""
    sha = hashlib.sha256(data).hexdigest()
    path = path_of(sha)
    if path.exists() and path.stat().st_size == len(data):
        return sha
    path.parent.mkdir(exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha


def picture(data):
    """True when the bytes are a whole image of a size that a paper can carry: a broken one would stop every issue."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > 16 * 10 ** 6:
                return False
            image.load()
            return True
    except Exception:  # Pillow raises whatever a damaged file leads it to
        return False


def whole_picture(data):
    """True when every pixel of the image can be read, whatever its size up to what a scanner makes."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > 150 * 10 ** 6:
                return False
            image.load()
            return True
    except Exception:  # Pillow raises whatever a damaged file leads it to
        return False


def fetch(sha):
    """The bytes, checked against their hash. Raises Damaged."""
    try:
        data = path_of(sha).read_bytes()
    except OSError as error:
        raise Damaged(sha) from error
    if hashlib.sha256(data).hexdigest() != sha:
        raise Damaged(sha)
    return data


def erase(sha):
    """Take the bytes away for good: overwritten, then unlinked. Nothing when they are gone already."""
    path = path_of(sha)
    try:
        with path.open("r+b") as out:
            out.write(b"\0" * path.stat().st_size)
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
    except FileNotFoundError:
        pass
