"""Opting out of greetings: by a link in every greeting, in the portal, or by a colleague whom the
contact asked."""

import secrets

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.model import Model
from models.customers import Contact
from models.people import digest


class OptOutLink(Model):
    """The secret in one mail that ends greetings for its reader. Only its hash is stored, and it
    never expires."""

    contact = pw.ForeignKeyField(Contact)
    token = pw.CharField(max_length=64, unique=True)
    made_at = pw.DateTimeField()

    @classmethod
    def make(cls, contact):
        """A link's secret for one mail."""
        secret = secrets.token_urlsafe(24)
        cls.create(contact=contact, token=digest(secret), made_at=now())
        return secret

    @classmethod
    def contact_of(cls, secret):
        row = cls.get_or_none(cls.token == digest(secret))
        return row and row.contact


@db.atomic()
def stop(contact, by):
    """No greetings and surveys from now on; a second time changes nothing. `by` is the contact or a
    colleague."""
    if getattr(by, "roles", None):
        by.must("care", contact.customer)
    if contact.greetings_off_at is None:
        contact.greetings_off_at = now()
        contact.save()
        contact.record("greetings_stopped", by)


@db.atomic()
def resume(contact, by):
    """The contact wants greetings again."""
    if getattr(by, "roles", None):
        by.must("care", contact.customer)
    if contact.greetings_off_at is not None:
        contact.greetings_off_at = None
        contact.save()
        contact.record("greetings_resumed", by)
