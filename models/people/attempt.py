"""Attempts to sign in, counted by account and by address."""

import datetime as dt
import ipaddress

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.model import Model

TRIES, WINDOW = 8, dt.timedelta(minutes=15)


def network(address):
    """What is counted as one address: an IPv4 address, or the /64 network that one IPv6 subscriber
    has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:255]
    return (
        str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
    )


class Attempt(Model):
    """An attempt to sign in; a successful one deletes those of its account."""

    at = pw.DateTimeField(index=True)
    name = pw.CharField(index=True)
    address = pw.CharField(default="", index=True)

    @classmethod
    def throttled(cls, name, address):
        """Whether there were too many attempts for the account, from anywhere, or from the address,
        for any account."""
        since = cls.select().where(cls.at > now() - WINDOW)
        return (
            since.where(cls.name == name.lower()[:255]).count() >= TRIES
            or since.where(cls.address == network(address)).count() >= TRIES * 5
        )

    @classmethod
    @db.atomic()
    def begin(cls, name, address):
        """Count an attempt before it is made, so that simultaneous ones all count. False when there
        were too many."""
        return not cls.throttled(name, address) and bool(cls.note(name, address))

    @classmethod
    def forget(cls, name):
        cls.delete().where(cls.name == name.lower()[:255]).execute()

    @classmethod
    def note(cls, name, address):
        row = cls.create(at=now(), name=name.lower()[:255], address=network(address))
        cls.delete().where(cls.at < now() - WINDOW * 4).execute()
        return row
