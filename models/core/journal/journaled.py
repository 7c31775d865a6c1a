"""Models whose every verb is recorded, with a hash of the row as the verb left it."""

import functools
import hashlib
import json
import operator

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import canonical
from models.core.imported_range import ImportedRange
from models.core.journal.changes import column_changes
from models.core.journal.event import GENESIS, REMOVED, Event, origin
from models.core.journal.names import attribute_name, class_name

ACTORS = ("User", "Contact")  # whose rows may stand as the actor of an event; None is Danju
# Called with (row, whether it is deleted) in the transaction of each event, after the change that
# it tells of.
followers = []
# Called with each event, in its transaction.
watchers = []


class Journaled:
    """A model whose every verb is recorded, with a hash of the row as the verb left it."""

    unhashed = ()
    untold = ("password", "secret")  # of these an event tells that they changed, not their values
    unset = {}  # {name of a column of settings: {key: what holds while nobody has set it}}
    registry = {}  # {name in the journal: class}
    # {class: [function(row) that returns a query of events of other rows that its page tells too]}
    companions = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if issubclass(cls, pw.Model):
            Journaled.registry[class_name(cls)] = cls

    @property
    def events(self):
        return Event.of(self)

    def activity(self):
        """What happened to the row, oldest first: its events, and those of its companions."""
        others = [of(self) for of in Journaled.companions.get(type(self), ())]
        found = functools.reduce(operator.add, others, self.events.order_by())  # UNION ALL
        return sorted(found, key=operator.attrgetter("id"))

    def content_rows(self):
        """What is hashed: the row's fields, and those of its parts."""
        return columns_of(self)

    @classmethod
    def with_parts(cls):
        """Every row, to check all of them: a class with parts reads them in one query, not in one
        per row."""
        return cls.select().iterator()

    def content(self):
        return type(self).get_by_id(self.get_id()).content_as_read()

    def content_as_read(self):
        """The hash of the values that this instance was read with."""
        return hashlib.sha256(canonical(self.content_rows()).encode()).hexdigest()

    def record(self, action, by, **facts):
        """Write the one event of a verb, inside its transaction. `by` None means Danju itself."""
        return self._write(action, by, facts, self.content())

    @db.atomic()
    def save_changes(self, by, action="revised", **facts):
        """Save what was set, with an event that tells each changed field with its old and new
        value; no event where none differs. Returns whether there is one. For a new row it tells
        only the facts."""
        new = self.get_id() is None
        before = {} if new else type(self).get_by_id(self.get_id()).__data__
        changes = {} if new else self.changes_since(before)
        self.save()
        if new or changes:
            self.record(action, by, **facts, **changes)
        return bool(new or changes)

    def changes_since(self, before):
        """What the event of a change tells of the columns that held `before`."""
        return column_changes(self, before, hashed_fields(type(self)))

    def remove(self, by, action):
        """Delete the row and record it; for verbs that may. Refused while another row refers to
        it."""
        for key, model in self._meta.backrefs.items():
            if model.select().where(key == self.get_id()).exists():
                refuse("still_used", name=plain_name(self))
        type(self).delete().where(self._meta.primary_key == self.get_id()).execute()
        if self._meta.hidden_by:
            ImportedRange.use_up(type(self), self.get_id())
        self.record_removal(by, action)

    def record_removal(self, by, action):
        """Write the event of a row that is deleted in this transaction."""
        self._write(action, by, {}, REMOVED)

    def _write(self, action, by, facts, content):
        assert by is None or type(by) in map(Journaled.registry.get, ACTORS), type(by)
        head = Event.head()
        event = Event(
            at=now(),
            actor_type=class_name(type(by)) if by else "System",
            actor_id=by.get_id() if by else None,
            actor_name=by.name if by else "Danju",
            action=action,
            subject_type=class_name(type(self)),
            subject_id=self.get_id(),
            facts=json.loads(canonical({**(by.how_came if by else {}), **facts})),
            origin=origin(),
            content=content,
            previous=head.hash if head else GENESIS,
        )
        event.hash = event.seal()
        event.save(force_insert=True)
        for follower in followers:
            follower(self, content == REMOVED)
        for watcher in watchers:
            watcher(event)
        return event


def label(row):
    """How a fault names a row: its class, its number or name, its id."""
    name = getattr(row, "number", None) or getattr(row, "name", None) or ""
    return f"{class_name(type(row))} {name} #{row.get_id()}"


def plain_name(row):
    """How a person is told of a row: its name, where it has one."""
    return getattr(row, "name", "") or label(row)


def columns_of(row):
    """{name in the journal: value} of the hashed fields that differ from their default: a column
    added with a default leaves the old hashes as they are."""
    data = row.__data__
    return {
        name: data[column]
        for name, column, default in _defaults(type(row))
        if data[column] != default
    }


@functools.cache
def _defaults(cls):
    """[(name in the journal, name in the code, default)] of the hashed fields."""
    return [(name, f.name, default_of(f)) for name, f in hashed_fields(cls).items()]


@functools.cache
def hashed_fields(cls):
    """{name in the journal: field} of all fields but those that the class lists as `unhashed`."""
    unhashed = getattr(cls, "unhashed", ())
    return {
        attribute_name(cls, name): field
        for name, field in cls._meta.fields.items()
        if name not in unhashed
    }


def default_of(field):
    return field.default() if callable(field.default) else field.default
