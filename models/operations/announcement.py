"""Announcements: planned maintenance, shown to everyone who signs in until it is over."""

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model


class Announcement(Journaled, Model):
    """A period in which Danju may be unavailable, and why."""

    begins_at = pw.DateTimeField()
    ends_at = pw.DateTimeField(index=True)
    text = pw.CharField(max_length=500, default="")
    withdrawn = pw.BooleanField(default=False)

    @classmethod
    def current(cls):
        """Those that are not over."""
        return cls.select().where(cls.ends_at > now(), ~cls.withdrawn).order_by(cls.begins_at)

    @property
    def name(self):
        return f"{self.begins_at:%Y-%m-%d %H:%M}"

    @classmethod
    @db.atomic()
    def make(cls, by, begins_at, ends_at, text=""):
        """Announce it to everyone. Times are UTC. Refused when it is over already or ends before it
        begins."""
        by.must("configure")
        begins_at < ends_at or refuse("days_backward")
        ends_at > now() or refuse("day_in_past")
        row = cls.create(begins_at=begins_at, ends_at=ends_at, text=text)
        row.record("announced", by)
        return row

    @db.atomic()
    def withdraw(self, by):
        by.must("configure")
        self.withdrawn = True
        self.save()
        self.record("withdrawn", by)
