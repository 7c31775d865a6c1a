"""Browsers that are not asked for the second factor for some days."""

import datetime as dt
import secrets

import peewee as pw

from models.core.clock import now
from models.core.model import Model
from models.people.secrets import digest

REMEMBERED = dt.timedelta(days=30)


class Device(Model):
    """A browser that showed the second factor and is to be remembered."""

    user = pw.DeferredForeignKey("User")
    token = pw.CharField(max_length=64, unique=True)
    made_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    address = pw.CharField(default="")
    agent = pw.CharField(default="", max_length=200)

    @classmethod
    def remembered(cls, person):
        """The browsers of the person that are still remembered."""
        return cls.select().where(cls.user == person.id, cls.expires_at > now()).order_by(cls.id)

    @classmethod
    def remember(cls, person, address, agent):
        """The secret for the browser's cookie, stored only as a hash."""
        cls.delete().where(cls.expires_at <= now()).execute()
        secret = secrets.token_urlsafe(32)
        cls.create(
            user=person.id,
            token=digest(secret),
            made_at=now(),
            expires_at=now() + REMEMBERED,
            address=address[:60],
            agent=agent[:200],
        )
        return secret

    @classmethod
    def knows(cls, person, secret):
        """Whether this is a remembered browser of the person."""
        return cls.remembered(person).where(cls.token == digest(secret)).exists()

    def forget(self):
        Device.delete().where(Device.id == self.id).execute()

    @classmethod
    def forget_all(cls, person):
        cls.delete().where(cls.user == person.id).execute()
