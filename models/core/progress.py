"""How far long work has come: small files beside the database, since its own transaction cannot be
seen from outside."""

import contextlib
import json
import os
import time
from pathlib import Path

from models.core.clock import now

_root = {"path": None}
SILENT = 120


def use(folder):
    _root["path"] = Path(folder) / "progress"
    _root["path"].mkdir(parents=True, exist_ok=True)


def note(name, part):
    """Work `name` is done to `part` (0 to 1). On a full disk nobody sees it, which is no reason to
    stop."""
    path = _root["path"] / name
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps(round(part, 4)))
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def part(name):
    """0 to 1; 0 when it has not begun or is over."""
    try:
        return json.loads((_root["path"] / name).read_text())
    except (OSError, ValueError):
        return 0


def touch(name):
    """The work still lives, though it has nothing new to tell."""
    with contextlib.suppress(OSError):
        os.utime(_root["path"] / name)


def clear(name):
    (_root["path"] / name).unlink(missing_ok=True)


def alive(name, since):
    """Whether the work said something in the last two minutes, or only just began."""
    try:
        return time.time() - (_root["path"] / name).stat().st_mtime < SILENT
    except OSError:
        return (now() - since).total_seconds() < SILENT
