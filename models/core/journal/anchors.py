"""Anchors: the journal's head, count and last numbers, signed and kept outside the database: in a
file of each host and, where the hosts share a store, as one object each in that store."""

import datetime as dt
import errno
import hmac
import json
import os
import re
from pathlib import Path

from models.core.clock import now
from models.core.fields import canonical
from models.core.journal.event import Event

FILE, PLACE, MOMENT = "anchors.jsonl", "anchors/", "%Y%m%dT%H%M%S%f"
NAME = re.compile(r"(\d{8}T\d{12})-(\d+)-(\d+)-([0-9a-f]{64})-([0-9a-f]{64})(-anew)?", re.ASCII)
_shared = {"store": None, "sent": ""}
_written = {}  # {(folder, kind, period): last number} that this process wrote


def share(store):
    """Keep anchors also in this store of all hosts: write(name, bytes) and names(under). None for
    none."""
    _shared.update(store=store, sent="")


def anchor(folder, key, numbers=()):
    """Append the head's hash, the count of events and the last numbers, [[kind, period, last]], to
    a file outside the database, and to the store that hosts share; nothing when they are unchanged.
    Returns the last anchor."""
    head = Event.head()
    if head is None:
        return None
    rows = (_parsed(line, key) for line in reversed(lines_here(folder)))
    last = next(filter(None, rows), None)
    count = Event.select().count()
    facts = _facts(head, count)
    body = _signed({**facts, "numbers": _new_numbers(folder, numbers)}, key)
    if _shared["sent"] != head.hash:  # at each start too: who else uses the store shall see it
        _send(facts, body, key)
    if last and last["head"] == head.hash and last["count"] == count:
        return last
    _append(Path(folder) / FILE, canonical(body) + "\n")
    _note_written(folder, numbers)
    return body


def note_proof(folder, key, numbers=(), **proof):
    """Remember, as an anchor of this host, where what was looked at ends and how it was found.
    Whoever can change the rows alone cannot have more of them passed over."""
    body = _signed({**proof, "numbers": _new_numbers(folder, numbers)}, key)
    _append(Path(folder) / FILE, canonical(body) + "\n")
    _note_written(folder, numbers)


def _new_numbers(folder, numbers):
    """Those that changed since this process wrote them: a firm of twenty years has some hundred
    series, of which few go on, and every backup carries every anchor."""
    return [row for row in numbers if _written.get((str(folder), *row[:2])) != row[2]]


def _note_written(folder, numbers):
    _written.update({(str(folder), kind, period): last for kind, period, last in numbers})


def last_proof(folder, key):
    """What was remembered last, or None; nothing from before the anchors began anew."""
    rows = (_parsed(line, key) for line in reversed(lines_here(folder)))
    last = next((row for row in rows if row and "tops" in row), None)
    return last if last in anchors(folder, key) else None


def begin_anew(key):
    """From here on earlier anchors of the shared store do not count, as they may name what a
    restore took back, or be signed with a key that was changed."""
    head = Event.head()
    if head:
        facts = {**_facts(head, Event.select().count()), "anew": True}
        _send(facts, _signed(facts, key), key)


def _facts(head, count):
    return {"at": now().isoformat(), "id": head.id, "head": head.hash, "count": count}


def _send(facts, body, key):
    """As an object whose name says all that is verified, so that a list of names is enough."""
    if _shared["store"]:
        at = dt.datetime.fromisoformat(facts["at"])
        name = f"{at:{MOMENT}}-{facts['id']}-{facts['count']}-{facts['head']}-{_mac(facts, key)}"
        end = "-anew" if "anew" in facts else ""
        _shared["store"].write(f"{PLACE}{name}{end}", canonical(body).encode())
    _shared["sent"] = facts["head"]


def _append(path, line):
    """Write the whole line or nothing: half an anchor, as a full disk leaves one, would be reported
    for ever."""
    with path.open("a+b", buffering=0) as out:
        size = out.seek(0, os.SEEK_END)
        out.seek(max(0, size - 1))
        line = b"\n" * (out.read(1) not in (b"", b"\n")) + line.encode()
        try:
            if out.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(out.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def anchors(folder, key):
    """The anchors of all hosts signed with this key, oldest first, since they last began anew."""
    found = sorted((row for _, row in _read(folder, key) if row), key=lambda row: row["at"])
    began = max((n for n, row in enumerate(found) if "anew" in row), default=0)
    return found[began:]


def unreadable(folder, key):
    """Which anchors are torn, changed, or signed with another key: "line 3" or "object …"."""
    return [what for what, row in _read(folder, key) if row is None]


def anchor_lines(folder):
    """All anchors as lines of one file, for a backup."""
    return [*lines_here(folder), *map(_line_of, _names())]


def _read(folder, key):
    """[(what, anchor or None)] of the file and of the store."""
    lines = enumerate(lines_here(folder), 1)
    found = [(f"object {name}", _parsed(_line_of(name), key)) for name in _names()]
    began = max((n for n, (_, row) in enumerate(found) if row and "anew" in row), default=0)
    return [(f"line {number}", _parsed(line, key)) for number, line in lines] + found[began:]


def lines_here(folder):
    """The lines of the file of this host."""
    path = Path(folder) / FILE
    return path.read_text(errors="replace").splitlines() if path.exists() else []


def _names():
    """The names of the objects, oldest first."""
    names = _shared["store"].names(PLACE) if _shared["store"] else ()
    return sorted(name.removeprefix(PLACE) for name in names)


def _line_of(name):
    """The object's name as a line of the file; of a name that is none a line that is none."""
    found = NAME.fullmatch(name)
    if not found:
        return name
    at, ident, count, head, mac, anew = found.groups()
    at = dt.datetime.strptime(at, MOMENT).isoformat()
    row = {"at": at, "id": int(ident), "head": head, "count": int(count), "mac": mac}
    return canonical({**row, "anew": True} if anew else row)


def _parsed(line, key):
    """The anchor on this line, or None when it is not whole or not signed with this key."""
    try:
        row = json.loads(line)
        mac = row.pop("mac")
        return row if hmac.compare_digest(mac, _mac(row, key)) else None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def _signed(body, key):
    return {**body, "mac": _mac(body, key)}


def _mac(body, key):
    return hmac.new(key.encode(), canonical(body).encode(), "sha256").hexdigest()
