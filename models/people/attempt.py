"""Attempts to sign in, counted by account and by address."""

import collections
import datetime as dt
import ipaddress

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import SHORT, db, waiting
from models.core.model import Model
from models.core.network import plain_address

TRIES, WINDOW = 8, dt.timedelta(minutes=15)
MOST_UNSTORED = 10_000
_unstored = collections.deque(maxlen=MOST_UNSTORED)  # attempts while nothing can be written


def network(address):
    """What is counted as one address: an IPv4 address, or the /64 network that one IPv6 subscriber
    has."""
    try:
        found = ipaddress.ip_address(plain_address(address))
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
        first = now() - WINDOW
        stored, unstored = (
            cls.select().where(cls.at > first),
            [x for x in _unstored if x.at > first],
        )
        name, address = name.lower()[:255], network(address)
        by_name = stored.where(cls.name == name).count() + sum(x.name == name for x in unstored)
        by_address = stored.where(cls.address == address).count()
        by_address += sum(x.address == address for x in unstored)
        return by_name >= TRIES or by_address >= TRIES * 5

    @classmethod
    def begin(cls, name, address):
        """Count an attempt before it is made, so that simultaneous ones all count; in memory while
        nothing can be written. False when there were too many."""
        try:
            with waiting(SHORT), db.atomic():
                return not cls.throttled(name, address) and bool(cls.note(name, address))
        except Exception as error:
            if not disk.note_failure(error):
                raise
        throttled = cls.throttled(name, address)
        _unstored.append(cls(at=now(), name=name.lower()[:255], address=network(address)))
        return not throttled

    @classmethod
    def forget(cls, name):
        name = name.lower()[:255]
        cls.delete().where(cls.name == name).execute()
        for row in [x for x in _unstored if x.name == name]:
            _unstored.remove(row)

    @classmethod
    def note(cls, name, address):
        row = cls.create(at=now(), name=name.lower()[:255], address=network(address))
        cls.delete().where(cls.at < now() - WINDOW * 4).execute()
        return row
