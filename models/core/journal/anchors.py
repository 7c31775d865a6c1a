"""Anchors: the journal's head, count and last numbers, signed and kept outside the database."""

import errno
import hmac
import json
import os
from pathlib import Path

from models.core.clock import now
from models.core.fields import canonical
from models.core.journal.event import Event


def anchor(folder, key, numbers=()):
    """Append the head's hash, the count of events and the last numbers to a file outside the
    database; nothing when they are unchanged. Returns the last anchor."""
    head = Event.head()
    if head is None:
        return None
    path = Path(folder) / "anchors.jsonl"
    last = anchors(folder, key)[-1:]
    count = Event.select().count()
    if last and last[0]["head"] == head.hash and last[0]["count"] == count:
        return last[0]
    body = {
        "at": now().isoformat(),
        "id": head.id,
        "head": head.hash,
        "count": count,
        "numbers": list(numbers),
    }
    body["mac"] = _mac(body, key)
    _append(path, canonical(body) + "\n")
    return body


def _append(path, line):
    """Write the whole line or nothing: half an anchor, as a full disk leaves one, would be reported
    for ever."""
    with path.open("ab", buffering=0) as out:
        size = out.tell()
        line = b"\n" * bool(size and not path.read_bytes().endswith(b"\n")) + line.encode()
        try:
            if out.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(out.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def anchors(folder, key):
    """The anchors signed with this key, oldest first."""
    return [row for row in _read(folder, key) if row]


def unreadable_lines(folder, key):
    """Line numbers of the anchors that are torn, changed, or signed with another key."""
    return [number for number, row in enumerate(_read(folder, key), 1) if row is None]


def _read(folder, key):
    path = Path(folder) / "anchors.jsonl"
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return [_parsed(line, key) for line in lines]


def _parsed(line, key):
    """The anchor on this line, or None when it is not whole or not signed with this key."""
    try:
        row = json.loads(line)
        mac = row.pop("mac")
        return row if hmac.compare_digest(mac, _mac(row, key)) else None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def _mac(body, key):
    return hmac.new(key.encode(), canonical(body).encode(), "sha256").hexdigest()
