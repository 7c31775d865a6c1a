"""Regular contact by customer class, and each colleague's calendar as a feed."""

import datetime as dt
import secrets

import peewee as pw

from models.care.follow_up import KINDS, FollowUp
from models.core.clock import now, today, zone
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import canonical
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.people import User, digest

LEAST_DAYS, MOST_DAYS = 1, 730


class ContactPlan(Journaled, Model):
    """How often we contact customers with this tag; an empty tag means every active customer."""

    name = pw.CharField(max_length=60)
    tag = pw.CharField(max_length=60, default="")
    every_days = pw.IntegerField()
    kind = pw.CharField(max_length=10, default="call")
    what = pw.CharField(max_length=200)
    since = pw.DateField()
    active = pw.BooleanField(default=True)

    @classmethod
    @db.atomic()
    def define(cls, by, plan, **data):
        """Create or change a plan, which gives work to the salespeople of all teams."""
        by.must("configure")
        if plan and not plan.differing(data):
            return plan
        row = plan or cls(since=today())
        for key, value in data.items():
            setattr(row, key, value)
        LEAST_DAYS <= row.every_days <= MOST_DAYS or refuse("choice_unknown")
        row.kind in KINDS or refuse("choice_unknown")
        row.what.strip() or refuse("text_needed")
        row.save_changes(by, "revised" if plan else "entered")
        return row

    @property
    def cause(self):
        return f"plan-{self.id}"

    def customers(self):
        """The customers it is for, as far as they have a salesperson."""
        rows = Customer.select().where(
            Customer.main.is_null(), Customer.active, Customer.owner.is_null(False)
        )
        return (
            rows.where(Customer.tags.cast("TEXT").contains(canonical(self.tag)))
            if self.tag
            else rows
        )

    def due_customers(self):
        """Customers without a contact for that long, and without a follow-up of this plan."""
        long_ago = today() - dt.timedelta(days=self.every_days)
        if self.since > long_ago:
            # a new plan waits one period, except for customers who were never contacted
            done = FollowUp.select(Customer.main_of(FollowUp.customer)).where(
                FollowUp.state == "done"
            )
            candidates = Customer.select(Customer.id).where(Customer.id.not_in(done))
        else:
            candidates = Customer.select(Customer.id)
        contacted = FollowUp.select(Customer.main_of(FollowUp.customer)).where(
            FollowUp.state == "done", FollowUp.closed_on > long_ago
        )
        planned = FollowUp.select(Customer.main_of(FollowUp.customer)).where(
            FollowUp.cause == self.cause,
            (FollowUp.state == "open") | (FollowUp.closed_on > long_ago),
        )
        return self.customers().where(
            Customer.id.in_(candidates), Customer.id.not_in(contacted), Customer.id.not_in(planned)
        )


def plan_contacts():
    """Create the follow-ups that are due by the contact plans. Running twice creates none twice."""
    follow_ups = []
    for plan in (
        ContactPlan.select()
        .where(ContactPlan.active)
        .order_by(ContactPlan.every_days, ContactPlan.id)
    ):
        for customer in list(plan.due_customers()):
            if customer.owner.active:
                follow_ups.append(
                    FollowUp.plan(
                        None,
                        customer,
                        plan.what,
                        today() + dt.timedelta(days=min(7, plan.every_days)),
                        cause=plan.cause,
                        kind=plan.kind,
                    )
                )
    return follow_ups


class CalendarFeed(Model):
    """The password with which a calendar program reads one colleague's follow-ups; kept only as a
    hash."""

    user = pw.ForeignKeyField(User, unique=True)
    token = pw.CharField(max_length=64, unique=True)
    made_at = pw.DateTimeField()

    @classmethod
    @db.atomic()
    def make(cls, by):
        """A new password, which replaces an older one. Returns the secret, which is shown once."""
        secret = secrets.token_urlsafe(32)
        cls.insert(user=by.id, token=digest(secret), made_at=now()).on_conflict(
            conflict_target=[cls.user], update={cls.token: digest(secret), cls.made_at: now()}
        ).execute()
        return secret

    @classmethod
    def end(cls, by):
        cls.delete().where(cls.user == by.id).execute()

    @classmethod
    def person(cls, secret):
        """The active colleague whose feed it opens, or None."""
        row = cls.get_or_none(cls.token == digest(secret))
        return row.user if row and row.user.active else None

    @classmethod
    def of(cls, person):
        return cls.get_or_none(cls.user == person.id)


User.sessions_followers.append(CalendarFeed.end)


def ics(person, base_url=""):
    """The follow-ups of one colleague as an iCalendar file (RFC 5545): open ones, and those closed
    in the last month."""
    rows = (
        FollowUp.select(FollowUp, Customer)
        .join(Customer)
        .where(
            FollowUp.owner == person.id,
            (FollowUp.state == "open") | (FollowUp.closed_on > today() - dt.timedelta(days=30)),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Danju//Follow-ups//EN", "METHOD:PUBLISH"]
    for row in rows:
        lines += [
            "BEGIN:VEVENT",
            f"UID:follow-up-{row.id}@danju",
            f"DTSTAMP:{now():%Y%m%dT%H%M%SZ}",
        ]
        if row.hour:
            starts_at = dt.datetime.combine(
                row.due_on, dt.time.fromisoformat(row.hour), zone()
            ).astimezone(dt.timezone.utc)
            lines += [
                f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}",
                f"DTEND:{starts_at + dt.timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            ]
        else:
            lines += [
                f"DTSTART;VALUE=DATE:{row.due_on:%Y%m%d}",
                f"DTEND;VALUE=DATE:{row.due_on + dt.timedelta(days=1):%Y%m%d}",
                "TRANSP:TRANSPARENT",
            ]
        lines += [f"SUMMARY:{_escaped(f'{row.customer.name}: {row.what}')}"]
        lines += (
            [f"DESCRIPTION:{_escaped(row.note or row.outcome)}"] if row.note or row.outcome else []
        )
        lines += [
            f"URL:{base_url}/follow-ups/{row.id}",
            f"STATUS:{'CANCELLED' if row.state == 'dropped' else 'CONFIRMED'}",
        ]
        if row.state == "open":
            lines += [
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                f"DESCRIPTION:{_escaped(row.what)}",
                "TRIGGER:-PT30M" if row.hour else "TRIGGER:PT9H",
                "END:VALARM",
            ]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "\r\n".join(part for line in lines for part in _folded(line)) + "\r\n"


def _escaped(text):
    return (
        text.replace("\\", "\\\\")
        .replace(";", r"\;")
        .replace(",", r"\,")
        .replace("\r", "")
        .replace("\n", r"\n")
    )


def _folded(line):
    """The line in parts of at most 75 octets (RFC 5545 3.1), never splitting a character."""
    part, most = "", 75
    for character in line:
        if len((part + character).encode()) > most:
            yield part
            part, most = " ", 75
        part += character
    yield part
