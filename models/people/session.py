"""Signed-in browsers."""

import datetime as dt
import secrets

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import db
from models.core.model import Model
from models.people.secrets import digest

IDLE, ABSOLUTE = dt.timedelta(hours=8), dt.timedelta(days=14)


class Session(Model):
    """One signed-in browser. Ends by sign-out, after IDLE or ABSOLUTE, by a new password, or when
    the person is disabled."""

    token = pw.CharField(max_length=64, unique=True)
    user = pw.DeferredForeignKey("User", null=True, backref="all_sessions")
    contact = pw.DeferredForeignKey("Contact", null=True)
    started_at = pw.DateTimeField()
    seen_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)
    address = pw.CharField(default="")
    agent = pw.CharField(default="", max_length=200)

    @classmethod
    def of(cls, person):
        return (cls.user == person.id) if person.is_staff else (cls.contact == person.id)

    @classmethod
    @db.atomic()
    def start(cls, person, address="", agent=""):
        """A new session; returns the secret for the cookie, which is stored only as a hash."""
        secret = secrets.token_urlsafe(32)
        owner = {"user": person} if person.is_staff else {"contact": person}
        cls.create(
            token=digest(secret),
            started_at=now(),
            seen_at=now(),
            address=address[:60],
            agent=agent[:200],
            **owner,
        )
        person.record("signed_in", person)
        return secret

    @classmethod
    def _with_person(cls):
        """Every session with its member of staff or contact: each request asks for both."""
        User, Contact = cls.user.rel_model, cls.contact.rel_model
        return (
            cls.select(cls, User, Contact)
            .join(User, pw.JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Contact, pw.JOIN.LEFT_OUTER)
        )

    @classmethod
    def resume(cls, secret):
        """The session's person, or None when it has ended or expired."""
        row = cls._with_person().where(cls.token == digest(secret), cls.ended_at.is_null()).first()
        if row is None or row.seen_at < now() - IDLE or row.started_at < now() - ABSOLUTE:
            return None
        person = row.user or row.contact
        if not person.active:
            return None
        if row.seen_at < now() - dt.timedelta(minutes=1):
            with disk.if_writable():
                cls.update(seen_at=now()).where(cls.id == row.id).execute()
        person.session = row
        return person

    @db.atomic()
    def end(self, by):
        changed = (
            Session.update(ended_at=now())
            .where(Session.id == self.id, Session.ended_at.is_null())
            .execute()
        )
        if changed:
            (self.user or self.contact).record("signed_out", by)
