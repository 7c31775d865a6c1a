"""Sign-ins that were tried, counted by account and by address."""

import datetime as dt
import ipaddress

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.model import Model

TRIES, WINDOW = 8, dt.timedelta(minutes=15)


def network(address):
    """What a throttle counts as one place: an IPv4 address, or the /64 that one IPv6 household has
    to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:255]
    return (
        str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
    )


class Attempt(Model):
    """A sign-in that was tried, counted by account name and by address; a good one forgets those of
    its name."""

    at = pw.DateTimeField(index=True)
    name = pw.CharField(index=True)
    address = pw.CharField(default="", index=True)

    @classmethod
    def throttled(cls, name, address):
        """True when the account was tried too often, from anywhere, or the address tried too many
        accounts."""
        since = cls.select().where(cls.at > now() - WINDOW)
        return (
            since.where(cls.name == name.lower()[:255]).count() >= TRIES
            or since.where(cls.address == network(address)).count() >= TRIES * 5
        )

    @classmethod
    @db.atomic()
    def begin(cls, name, address):
        """Count a try before it is made, so that many at once count as many. False when there were
        too many."""
        return not cls.throttled(name, address) and bool(cls.note(name, address))

    @classmethod
    def forget(cls, name):
        cls.delete().where(cls.name == name.lower()[:255]).execute()

    @classmethod
    def note(cls, name, address):
        made = cls.create(at=now(), name=name.lower()[:255], address=network(address))
        cls.delete().where(cls.at < now() - WINDOW * 4).execute()
        return made
