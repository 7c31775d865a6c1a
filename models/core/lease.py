"""Which process runs the scheduler, and how each job last went."""

import datetime as dt

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.model import Model

SPAN = dt.timedelta(minutes=2)  # who holds a lease renews it in a fraction of this
TRY_AGAIN = dt.timedelta(hours=1)


class Lease(Model):
    """A right that one process holds for a while."""

    name = pw.CharField(unique=True)
    holder = pw.CharField(default="")
    until = pw.DateTimeField()
    trouble = pw.CharField(max_length=500, default="")

    @classmethod
    @db.atomic()
    def hold(cls, name, holder, span=SPAN):
        """True when `holder` has, or now gets, the lease for `span` from now. A lease that ends
        later than any that can be given today was given by a wrong clock, and is ignored."""
        cls.insert(name=name, until=now()).on_conflict_ignore().execute()
        return (
            cls.update(holder=holder, until=now() + span)
            .where(
                cls.name == name,
                (cls.holder == holder) | (cls.until <= now()) | (cls.until > now() + 2 * span),
            )
            .execute()
            == 1
        )

    @classmethod
    def release(cls, name, holder):
        """Give the lease back, at the end of the process."""
        cls.update(until=now()).where(cls.name == name, cls.holder == holder).execute()

    @classmethod
    def claim_day(cls, name, day):
        """True for the first process that asks on this day, and an hour later again until
        `finish_day` was called: the work may have failed, or its process ended. Only a repeated
        day is refused, so that a clock set wrong and right again does no harm."""
        slot, begun = dt.datetime.combine(day, dt.time()), now().isoformat(timespec="seconds")
        hour_ago = (now() - TRY_AGAIN).isoformat(timespec="seconds")
        cls.insert(name=name, until=dt.datetime(2000, 1, 1)).on_conflict_ignore().execute()
        unfinished = (cls.holder != "") & ((cls.holder <= hour_ago) | (cls.holder > begun))
        return (
            cls.update(until=slot, holder=begun)
            .where(cls.name == name, (cls.until != slot) | unfinished)
            .execute()
            == 1
        )

    @classmethod
    def finish_day(cls, name):
        """The day's work is done."""
        cls.update(holder="").where(cls.name == name).execute()

    @classmethod
    def note(cls, job, trouble):
        """Remember how a job went and when."""
        cls.insert(name=f"job {job}", until=now(), trouble=trouble[:500]).on_conflict(
            conflict_target=[cls.name], update={cls.until: now(), cls.trouble: trouble[:500]}
        ).execute()

    @classmethod
    def note_success(cls, job):
        """The job went well. Written only where trouble is noted, since workers look often."""
        if cls.troubles().where(cls.name == f"job {job}").exists():
            cls.note(job, "")

    @classmethod
    def troubles(cls):
        return cls.select().where(cls.trouble != "")

    @classmethod
    def held(cls, name):
        """The lease, if a process holds it. One that ends later than any that can be given today is
        no sign of life."""
        return cls.select().where(cls.name == name, cls.until.between(now(), now() + 2 * SPAN))

    @classmethod
    def running(cls, name):
        """Whether a process holds the lease."""
        return cls.held(name).exists()
