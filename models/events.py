"""The journal: one event per verb, each hashed over the one before and over the row it speaks
of."""

import errno
import hashlib
import hmac
import json
import os
from pathlib import Path

import peewee as pw

from models import finder
from models.base import JSONField, Model, canonical, db, now, refuse

VERSION = 1
GENESIS = "0" * 64
REMOVED = "-" * 64
_origin = {"get": lambda: None}


def origin_from(get):
    """Let `get()` say where a request comes from (its address); jobs have none."""
    _origin["get"] = get


class Event(Model):
    """Who did what to which row, when, from where. Never changed, never deleted."""

    at = pw.DateTimeField()
    version = pw.IntegerField(default=VERSION)
    actor_type = pw.CharField(max_length=20)
    actor_id = pw.IntegerField(null=True)
    actor_name = pw.CharField()
    action = pw.CharField(max_length=60)
    subject_type = pw.CharField(max_length=40)
    subject_id = pw.IntegerField()
    facts = JSONField(default=dict)
    origin = pw.CharField(null=True)
    content = pw.CharField(max_length=64)
    previous = pw.CharField(max_length=64, unique=True)
    hash = pw.CharField(max_length=64)

    class Meta:
        indexes = ((("subject_type", "subject_id"), False),)

    def seal(self):
        """The hash over the version byte, the hash before, and every column of this event."""
        columns = {
            name: self.__data__[name]
            for name in self._meta.sorted_field_names
            if name not in ("id", "hash")
        }
        return hashlib.sha256(bytes([self.version % 256]) + canonical(columns).encode()).hexdigest()

    @classmethod
    def head(cls):
        return cls.select().order_by(cls.id.desc()).first()

    @classmethod
    def of(cls, subject):
        """The events of one row, oldest first; not those of a row that was taken back and left its
        id."""
        same = (cls.subject_type == type(subject).__name__) & (cls.subject_id == subject.get_id())
        gone = cls.select(pw.fn.COALESCE(pw.fn.MAX(cls.id), 0)).where(same, cls.content == REMOVED)
        return cls.select().where(same, cls.id > gone).order_by(cls.id)


class Journaled:
    """A model whose every verb is recorded, with a hash of what the row then held."""

    unhashed = ()
    registry = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if issubclass(cls, pw.Model):
            Journaled.registry[cls.__name__] = cls

    @property
    def events(self):
        return Event.of(self)

    def content_rows(self):
        """What the row holds, as hashed: all columns but `unhashed`, and its parts."""
        return _columns(self, self.unhashed)

    @classmethod
    def with_parts(cls):
        """Every row as it stands, for looking through all of them: a kind with parts brings them
        along, not one query a row."""
        return cls.select().iterator()

    def content(self):
        return type(self).get_by_id(self.get_id()).content_as_read()

    def content_as_read(self):
        """The hash of what this instance was read with."""
        return hashlib.sha256(canonical(self.content_rows()).encode()).hexdigest()

    def record(self, action, by, **facts):
        """Write the one event of a verb, inside its transaction. `by` None means the clock."""
        return self._write(action, by, facts, self.content())

    @db.atomic()
    def take_back(self, by):
        """Remove a row that an import made; the journal keeps that it was. Refused while anything
        rests on it."""
        by.must("import")
        self.remove(by, "taken_back")

    def remove(self, by, action):
        """Delete the row and record it; for verbs that may. Refused while anything rests on it."""
        self.drop_parts()
        for key, model in self._meta.backrefs.items():
            if model.select().where(key == self.get_id()).exists():
                refuse("still_used", name=label(self))
        self._write(action, by, {}, REMOVED)
        type(self).delete().where(self._meta.primary_key == self.get_id()).execute()

    def drop_parts(self):
        """Delete what is nothing without this row."""

    def _write(self, action, by, facts, content):
        head = Event.head()
        event = Event(
            at=now(),
            actor_type=type(by).__name__ if by else "System",
            actor_id=by.get_id() if by else None,
            actor_name=by.name if by else "Danju",
            action=action,
            subject_type=type(self).__name__,
            subject_id=self.get_id(),
            facts=json.loads(canonical(facts)),
            origin=_origin["get"](),
            content=content,
            previous=head.hash if head else GENESIS,
        )
        event.hash = event.seal()
        event.save(force_insert=True)
        if (
            type(self) in finder.SOURCES.values()
        ):  # what a verb changed is found by its new words at once
            if content == REMOVED:
                finder.drop(self)
            else:
                finder.put(self)
        return event


def label(row):
    """How a fault calls a row: its kind, its number or name, its id."""
    return (
        f"{type(row).__name__} "
        f"{getattr(row, 'number', None) or getattr(row, 'name', None) or ''} #{row.get_id()}"
    )


def _columns(row, without=()):
    """What the row says beyond its defaults, so that a column added by a later version leaves old
    hashes true."""
    return {
        name: row.__data__[name]
        for name, field in row._meta.fields.items()
        if name not in without and row.__data__[name] != _default(field)
    }


def _default(field):
    return field.default() if callable(field.default) else field.default


def anchor(folder, key, numbers=()):
    """Append head hash, count and last numbers to a file outside the database; nothing when
    unchanged."""
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
    """The whole line or nothing of it: half an anchor, as a full disk leaves one, would be reported
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
    """The anchors that carry our mark, oldest first."""
    path = Path(folder) / "anchors.jsonl"
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return [row for row in (_ours(line, key) for line in lines) if row]


def _ours(line, key):
    """The anchor on this line, or None when it is torn or bears another mark."""
    try:
        row = json.loads(line)
        mac = row.pop("mac")
        return row if hmac.compare_digest(mac, _mac(row, key)) else None
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def _mac(body, key):
    return hmac.new(key.encode(), canonical(body).encode(), "sha256").hexdigest()


def verify(folder=None, key=None):
    """Faults of the journal: a broken chain, changed rows, a tail cut since the last anchor. Empty
    is good."""
    faults, previous, latest, count = [], GENESIS, {}, 0
    hashes = {}
    for event in Event.select().order_by(Event.id).iterator():
        count += 1
        if event.previous != previous:
            faults.append(f"journal: before event {event.id} something is missing or was changed")
        if event.seal() != event.hash:
            faults.append(
                f"journal: event {event.id} ({event.action} {event.subject_type} "
                f"{event.subject_id}) was changed"
            )
        previous = event.hash
        hashes[event.id] = event.hash
        latest[event.subject_type, event.subject_id] = event.content
    for name, cls in Journaled.registry.items():
        for row in cls.with_parts():
            content = latest.pop((name, row.get_id()), None)
            if content is None:
                faults.append(f"{label(row)}: a row that no event tells of")
            elif row.content_as_read() != content:
                faults.append(f"{label(row)}: a column differs from what the journal last saw")
    faults += [
        f"{name} {ident}: the row is gone"
        for (name, ident), content in latest.items()
        if content != REMOVED
    ]
    if folder:
        path = Path(folder) / "anchors.jsonl"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        faults += [
            f"anchors: line {n} was changed, torn, or written with another key"
            for n, line in enumerate(lines, 1)
            if not _ours(line, key)
        ]
        for mark in anchors(folder, key)[-1:]:
            if hashes.get(mark["id"]) != mark["head"] or count < mark["count"]:
                faults.append(f"journal: the end was cut off or rewritten since {mark['at']}")
    return faults
