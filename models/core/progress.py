"""How far long work has come, in small files: what its own transaction writes cannot be seen by
others before the commit."""

import contextlib
import json
import os
import time
from pathlib import Path

from models.core.clock import now

_root = {"path": None}
SILENCE = 120  # seconds without progress after which work counts as interrupted


def use(folder):
    _root["path"] = Path(folder) / "progress"
    _root["path"].mkdir(parents=True, exist_ok=True)


def note(name, part, **facts):
    """Work `name` is done to `part` (0 to 1); `facts` say more. On a full disk the work goes on
    unseen."""
    path = _root["path"] / name
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps({"part": round(part, 4), **facts}))
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def part(name):
    """From 0 to 1; 0 before the work has begun and after it has ended."""
    return facts(name)["part"]


def facts(name):
    """What was noted last: {part, …}."""
    try:
        return json.loads((_root["path"] / name).read_text())
    except (OSError, ValueError):
        return {"part": 0}


def touch(name):
    """The work is alive, without new progress."""
    with contextlib.suppress(OSError):
        os.utime(_root["path"] / name)


def clear(name):
    (_root["path"] / name).unlink(missing_ok=True)


def alive(name, since):
    """Whether the work reported, or began, in the last two minutes."""
    try:
        return time.time() - (_root["path"] / name).stat().st_mtime < SILENCE
    except OSError:
        return (now() - since).total_seconds() < SILENCE
