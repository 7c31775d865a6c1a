"""A change of the accounts that customers pay to: it waits for a second person, or, where nobody
else may decide, for a day, before anything prints it."""

import datetime as dt

import peewee as pw

from models.company import Company
from models.core.clock import local, now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Journaled, changed_fields
from models.core.model import Model
from models.people import Session, User

WAIT = dt.timedelta(hours=24)


class AccountChange(Journaled, Model):
    """What one person wants printed instead. At most one waits."""

    state = pw.CharField(max_length=10, default="waiting", index=True)
    values = JSONField(
        default=dict
    )  # {account: what it is to be}, as Company.accounts() names them
    was = JSONField(default=dict)
    asked_by = pw.ForeignKeyField(User)
    asked_at = pw.DateTimeField()
    prints_at = pw.DateTimeField(null=True)  # by itself, where nobody else may decide
    decided_by = pw.ForeignKeyField(User, null=True)
    decided_at = pw.DateTimeField(null=True)
    reason = pw.CharField(max_length=500, default="")

    @classmethod
    def waiting(cls):
        """The one that waits, or None."""
        return cls.undecided().first()

    @classmethod
    def undecided(cls):
        return cls.select().where(cls.state == "waiting", ~cls._due())

    @classmethod
    def due(cls):
        """The one whose day is over, or None: it is printed, whether or not that is noted yet."""
        return cls.select().where(cls.state == "waiting", cls._due()).first()

    @classmethod
    def _due(cls):
        return cls.prints_at.is_null(False) & (cls.prints_at <= now())

    @classmethod
    def waits_for(cls, person):
        """The one that this person may decide, or None."""
        found = cls.waiting() if person.may("decide_account") else None
        return found if found and found.asked_by_id != person.id else None

    @property
    def deciders(self):
        """Who else may approve it. For whoever was only invited so far nobody waits."""
        others = User.select().where(
            User.active,
            User.id != self.asked_by_id,
            User.id.in_(Session.were_there(self.asked_at)),
        )
        return [u for u in others.order_by(User.id) if u.may("decide_account")]

    @classmethod
    @db.atomic()
    def ask(cls, by, firm, values):
        """Ask for these accounts instead of the firm's. What the same person asked for before is
        asked for together with it; refused while another person's waits."""
        before = cls.waiting()
        if before:
            before.asked_by_id == by.id or refuse("account_change_waits", name=before.asked_by.name)
            before.move("waiting", to="replaced")
            before.record("replaced", by)
            values = {**before.values, **values}
        held = firm.accounts()
        values = {name: value for name, value in values.items() if value != held.get(name)}
        was = {name: held.get(name) for name in values}
        if not values:
            firm.note_next_accounts(None)
            return None
        try:
            with db.atomic():
                row = cls.create(values=values, was=was, asked_by=by, asked_at=now())
        except pw.IntegrityError:  # another was asked for at the same moment
            refuse("account_change_waits", name="…")
        if not row.deciders:
            row._print_after_a_day()
        row.record("asked", by, until=row._until, **changed_fields(was, values))
        return row

    @property
    def _until(self):
        return f"{local(self.prints_at):%Y-%m-%d %H:%M}" if self.prints_at else None

    def _print_after_a_day(self):
        self.prints_at = now() + WAIT
        self.save()
        Company.current().note_next_accounts(self.prints_at)

    @db.atomic()
    def approve(self, by):
        """Print it from now on. Only by someone who was there when it was asked for: else whoever
        asks could invite a second self."""
        self._must_decide(by)
        by in self.deciders or refuse("account_change_newcomer")
        self.move("waiting", to="approved", decided_by=by, decided_at=now())
        Company.current().use_accounts(by, self.values)
        self.record("approved", by, **changed_fields(self.was, self.values))

    @db.atomic()
    def reject(self, by, reason):
        """Go on printing what was printed."""
        self._must_decide(by)
        reason.strip() or refuse("reason_needed")
        self._end(by, "rejected", reason.strip()[:500])
        self.record("rejected", by, reason=self.reason)

    @db.atomic()
    def withdraw(self, by):
        by == self.asked_by or refuse("account_change_of_other")
        self._end(by, "withdrawn")
        self.record("withdrawn", by)

    def _must_decide(self, by):
        by.must("decide_account")
        by != self.asked_by or refuse("account_change_own")

    def _end(self, by, state, reason=""):
        """Its day must not be over: then it is printed already."""
        type(self).print_due()
        self.move("waiting", to=state, decided_by=by, decided_at=now(), reason=reason)
        Company.current().note_next_accounts(None)

    @classmethod
    @db.atomic()
    def print_due(cls):
        """Note that the change whose day is over is printed from now on."""
        row = cls.due()
        if row:
            row.move("waiting", to="printed", decided_at=now())
            Company.current().use_accounts(None, row.values)
            row.record("printed", None, **changed_fields(row.was, row.values))

    @classmethod
    @db.atomic()
    def run(cls):
        """By the clock: what is due, and what nobody can decide any more."""
        cls.print_due()
        row = cls.waiting()
        if row and not row.prints_at and not row.deciders:
            row._print_after_a_day()
            row.record("announced", None, until=row._until)


class SeenAccountChanges:
    """The scope of staff: who may ask for one or decide it."""

    def account_changes(self):
        rows = AccountChange.select()
        return rows if self.person.may("decide_account") else rows.where(False)
