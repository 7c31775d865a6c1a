"""Recovery codes, for whoever has neither phone nor key at hand."""

import base64
import re
import secrets

import peewee as pw

from models.core.clock import now
from models.core.model import Model
from models.people.secrets import digest

HOW_MANY = 8


class RecoveryCode(Model):
    """A code that replaces the second factor once. 120 random bits, stored only as a hash."""

    user = pw.DeferredForeignKey("User")
    token = pw.CharField(max_length=64, unique=True)
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def renew(cls, person):
        """New codes instead of those before. Returns them; they cannot be read again."""
        codes = [base64.b32encode(secrets.token_bytes(15)).decode() for _n in range(HOW_MANY)]
        cls.drop(person)
        for code in codes:
            cls.create(user=person.id, token=digest(code))
        return ["-".join(re.findall("....", code)) for code in codes]

    @classmethod
    def left(cls, person):
        """How many can still be used."""
        return cls.select().where(cls.user == person.id, cls.used_at.is_null()).count()

    @classmethod
    def redeem(cls, person, typed):
        """Whether this is a code of the person that was not used; it is now."""
        token = digest(re.sub(r"[\s-]", "", typed).upper())
        mine = (cls.user == person.id) & (cls.token == token) & cls.used_at.is_null()
        return cls.update(used_at=now()).where(mine).execute() == 1

    @classmethod
    def drop(cls, person):
        cls.delete().where(cls.user == person.id).execute()
