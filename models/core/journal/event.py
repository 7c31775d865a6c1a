"""One event per verb, each hashed over the one before and over the row it is about."""

import hashlib

import peewee as pw

from models.core.fields import JSONField, canonical
from models.core.imported_range import ImportedRange
from models.core.journal.names import attribute_name, class_name
from models.core.model import Model
from models.core.prepared import prepared

VERSION = 1
GENESIS = "0" * 64  # the hash before the first event
REMOVED = "-" * 64  # the content of a row that was deleted
_settings = {"origin": lambda: None}


def origin_from(get):
    """`get()` returns the address of the present request; jobs have none."""
    _settings["origin"] = get


def origin():
    """The address of the present request, or None."""
    return _settings["origin"]()


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
        """The hash over the version byte and every column of this event, among them the hash of the
        event before."""
        columns = {
            attribute_name(Event, name): self.__data__[name]
            for name in self._meta.sorted_field_names
            if name not in ("id", "hash")
        }
        return hashlib.sha256(bytes([self.version % 256]) + canonical(columns).encode()).hexdigest()

    @property
    def actor_kind(self):
        """User, Contact or System. Until 0.9 an act by HTTP was stored as of a "LocalProxy":
        a user's, except that contacts signed out so."""
        if self.actor_type != "LocalProxy":
            return self.actor_type
        own = self.action == "signed_out" and self.subject_id == self.actor_id
        return "Contact" if own and self.subject_type == "Contact" else "User"

    @classmethod
    def head(cls):
        return next(iter(_head()), None)

    @classmethod
    def newest_of_things(cls, most_read, most, *conditions):
        """{(kind, id): its newest event} of at most `most` events that fulfil the conditions, the
        newest first; looked for among the last `most_read` of all."""
        newest, before = {}, cls.select(pw.fn.MAX(cls.id) - most_read)
        rows = cls.select().where(cls.id > before, *conditions)
        for event in rows.order_by(cls.id.desc()).limit(most):
            newest.setdefault((event.subject_type, event.subject_id), event)
        return newest

    @classmethod
    def of(cls, subject):
        """The events of one row, oldest first; not those of an earlier, deleted row with the same
        id. Of a row that an import made also the event that tells of all its rows."""
        same = (cls.subject_type == class_name(type(subject))) & (
            cls.subject_id == subject.get_id()
        )
        removed = cls.select(pw.fn.COALESCE(pw.fn.MAX(cls.id), 0)).where(
            same, cls.content == REMOVED
        )
        own = cls.select().where(same, cls.id > removed).order_by(cls.id)
        if not subject._meta.hidden_by:
            return own
        return own.orwhere(cls.id == cls.published(ImportedRange.import_of(subject)))

    @classmethod
    def about(cls, model, ids, *actions):
        """The events of the rows of the model that have these ids; `actions`: only those."""
        rows = cls.select().where(cls.subject_type == class_name(model), cls.subject_id.in_(ids))
        return rows.where(cls.action.in_(actions)) if actions else rows

    @classmethod
    def published(cls, import_id):
        """The id of the event that tells of the rows of an import."""
        done = (cls.subject_type == "Import") & (cls.action == "done")
        return cls.select(pw.fn.MAX(cls.id)).where(done, cls.subject_id == import_id)


@prepared
def _head():
    return Event.select().order_by(Event.id.desc()).limit(1)
