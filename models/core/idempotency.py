"""Idempotency keys: the same key again returns the first outcome."""

import peewee as pw

from models.core.clock import now
from models.core.fields import JSONField
from models.core.model import Model


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
    def first(cls, who, key):
        return cls.get_or_none(cls.who == who, cls.key == key)

    @classmethod
    def remember(cls, who, key, route, answer):
        cls.create(who=who, key=key, route=route, at=now(), answer=answer)
