"""Idempotency keys: the same key again returns the first outcome."""

import peewee as pw

from models.core.clock import now
from models.core.fields import JSONField
from models.core.model import Model
from models.core.prepared import prepared


class IdempotencyKey(Model):
    """The outcome of a person's POST with this key."""

    who = pw.CharField(max_length=40)
    key = pw.CharField(max_length=64)
    route = pw.CharField()
    at = pw.DateTimeField()
    answer = JSONField(null=True)

    class Meta:
        table_name = "outcome"
        indexes = ((("who", "key"), True),)

    @classmethod
    def first(cls, person, key):
        """What this person did with the key, or None."""
        return next(iter(_done(_who(person), key)), None)

    @classmethod
    def remember(cls, person, key, route, answer):
        cls.create(who=_who(person), key=key, route=route, at=now(), answer=answer)


@prepared
def _done(who, key):
    return IdempotencyKey.select().where(IdempotencyKey.who == who, IdempotencyKey.key == key)


def _who(person):
    return f"{type(person).__name__} {person.get_id()}"
