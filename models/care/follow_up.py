"""Follow-ups: a task, call or visit for a customer, to be done by a day."""

import peewee as pw

from models.adapters.outbox import Mail
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.people import User

KINDS = ("task", "call", "visit")
MOST = 200


class FollowUp(Journaled, Model):
    """What a colleague is to do for a customer, by when and why, and how it went: open, then done
    or dropped."""

    customer = pw.ForeignKeyField(Customer, backref="follow_ups")
    owner = pw.ForeignKeyField(User, backref="follow_ups_owed")
    kind = pw.CharField(max_length=10, default="task")
    what = pw.CharField(max_length=MOST)
    due_on = pw.DateField(index=True)
    hour = pw.CharField(max_length=5, default="")
    note = pw.TextField(default="")
    cause = pw.CharField(max_length=60, default="", index=True)
    state = pw.CharField(max_length=10, default="open", index=True)
    outcome = pw.TextField(default="")
    closed_on = pw.DateField(null=True)

    @property
    def name(self):
        return self.what

    @property
    def late(self):
        return self.state == "open" and self.due_on < today()

    @classmethod
    def open(cls):
        return cls.select().where(cls.state == "open")

    @classmethod
    def due(cls, day=None):
        """Open ones that should be done by that day, the longest overdue first."""
        return cls.open().where(cls.due_on <= (day or today())).order_by(cls.due_on, cls.id)

    @classmethod
    @db.atomic()
    def plan(cls, by, customer, what, due_on, owner=None, cause="", kind="task", hour="", note=""):
        """Plan something for a customer. `by` is None for a job. Without an owner it goes to the
        customer's salesperson, else to `by`. `cause` names what led to it, such as "plan-3" or
        "survey-9"."""
        if by is not None:
            by.must("care", customer)
            by.sees.customers().where(Customer.id == customer.id).exists() or refuse("not_yours")
        what = what.strip()
        what or refuse("text_needed")
        kind in KINDS or refuse("choice_unknown")
        owner = owner or customer.owner or by or refuse("no_such_person")
        owner.active or refuse("no_such_person")
        row = cls.create(
            customer=customer,
            owner=owner,
            kind=kind,
            what=what[:MOST],
            due_on=due_on,
            hour=hour,
            note=note.strip(),
            cause=cause,
        )
        row.record("planned", by, what=row.what, due_on=due_on, to=[owner.name])
        return row

    @db.atomic()
    def done(self, by, outcome=""):
        """It is done; the outcome is what the next colleague reads."""
        by.must("care", self)
        self.move("open", to="done", outcome=outcome.strip(), closed_on=today())
        self.record("done", by, note=outcome.strip()[:200])

    @db.atomic()
    def postpone(self, by, day):
        """Postpone it. Refused for a day in the past."""
        by.must("care", self)
        day >= today() or refuse("day_in_past")
        before = self.due_on
        self.move("open", to="open", due_on=day)
        self.record("postponed", by, due_on=day, before=before)

    @db.atomic()
    def hand_over(self, by, owner):
        """Give it to another colleague."""
        by.must("care", self)
        owner.active or refuse("no_such_person")
        if owner.id == self.owner_id:
            return
        self.move("open", to="open", owner=owner)
        self.record("handed_over", by, to=[owner.name])

    @db.atomic()
    def drop(self, by, reason=""):
        """It need not be done any more."""
        by.must("care", self)
        self.move("open", to="dropped", outcome=reason.strip(), closed_on=today())
        self.record("not_needed", by, reason=reason.strip()[:200])


def remind_due():
    """Each morning, one mail to each colleague with follow-ups due or overdue. Running twice mails
    nothing twice."""
    rows_by_owner = {}
    for row in FollowUp.due():
        rows_by_owner.setdefault(row.owner_id, []).append(row)
    for rows in rows_by_owner.values():
        owner = rows[0].owner
        if owner.active:
            Mail.enqueue_to(
                owner,
                f"follow-ups-{owner.id}-{today():%Y%m%d}",
                "follow_ups",
                {
                    "path": "/follow-ups/",
                    "rows": [
                        {
                            "day": r.due_on.isoformat(),
                            "hour": r.hour,
                            "customer": r.customer.name,
                            "what": r.what,
                        }
                        for r in rows[:40]
                    ],
                },
            )
