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
    return _add(folder, key, body)


def note_proof(folder, key, **proof):
    """Remember, as an anchor, where what was looked at ends and how it was found. Whoever can
    change the rows alone cannot have more of them passed over."""
    _add(folder, key, proof)


def last_proof(folder, key):
    """What was remembered last, or None."""
    return next((row for row in reversed(anchors(folder, key)) if "tops" in row), None)


def latest(folder, key):
    """The anchors that the journal must reach: the last, and where that tells of a proof, which
    may end before an anchor that was written meanwhile, also the last of those."""
    rows = anchors(folder, key)
    plain = [row for row in rows if "tops" not in row]
    return plain[-1:] + [row for row in rows[-1:] if "tops" in row]


def _add(folder, key, body):
    body["mac"] = _mac(body, key)
    _append(Path(folder) / "anchors.jsonl", canonical(body) + "\n")
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
