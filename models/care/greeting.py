"""Greetings in batches: prepared in advance, approved by a person, sent on their day, and withheld
where they would be tactless."""

import datetime as dt

import peewee as pw

from models.adapters.outbox import Mail
from models.care.feedback import Feedback
from models.care.lunar import feasts
from models.care.occasion import (
    FEASTS,
    GREETINGS,
    GreetingText,
    Occasion,
    recipients,
)
from models.care.opt_out import OptOutLink
from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import fill_placeholders
from models.customers import Contact, Customer
from models.customers.contact import one_per_person
from models.disputes import Dispute
from models.dunning import Reminded, Reminder, ReminderLevel
from models.people import User

MOST_DAYS_LATE = 2
JOINED = "joined"  # held in an approved batch until who is responsible approves it too


class GreetingBatch(Journaled, Model):
    """All greetings of one occasion: a feast's day, or a week of birthdays and anniversaries.
    Proposed, approved, sent or dropped."""

    occasion = pw.CharField(max_length=20)
    first_day = pw.DateField()
    last_day = pw.DateField()
    state = pw.CharField(max_length=10, default="proposed", index=True)
    approved_by = pw.ForeignKeyField(User, null=True)

    class Meta:
        indexes = ((("occasion", "first_day"), True),)

    @property
    def name(self):
        return f"{self.occasion} {self.first_day}"

    @classmethod
    def greets(cls, contacts):
        """The condition that one of these contacts is greeted in it."""
        rows = Greeting.select(Greeting.batch)
        return cls.id.in_(rows.where(Greeting.contact.in_(contacts.select(Contact.id))))

    def seen_by(self, person):
        """Its greetings to the contacts whom this person sees: a manager's to those of the team."""
        if person.sees_all:
            return self.greetings
        contacts = person.sees.contacts().select(Contact.id)
        return self.greetings.where(Greeting.contact.in_(contacts))

    @db.atomic()
    def approve(self, by):
        """Let those that `by` sees be sent on their day; in an approved batch those that wait.
        Refused when the day is past or no greeting is left. Those of other teams wait for
        theirs."""
        by.must("govern")
        self.last_day >= today() or refuse("batch_past")
        mine = self.seen_by(by)
        waited = self._hold("", mine.where(Greeting.held == JOINED))
        left = mine.where(Greeting.held == "").count() or refuse("batch_empty")
        if GreetingBatch.get_by_id(self.id).state == "proposed":
            self._hold(JOINED, self._of_others(by).where(Greeting.held == ""))
        allowed = ("proposed", "approved") if waited else ("proposed",)
        self.move(*allowed, to="approved", approved_by=by)
        self.record("approved", by, n=left)

    def _of_others(self, by):
        return self.greetings.where(Greeting.id.not_in(self.seen_by(by).select(Greeting.id)))

    @staticmethod
    def _hold(why, rows):
        """Hold these greetings for that reason, "" for none; returns how many."""
        return Greeting.update(held=why).where(Greeting.id.in_(rows.select(Greeting.id))).execute()

    def add(self, contact, day, years):
        """Write the greeting to one more contact; it waits where the others are approved."""
        subject, text = compose(self.occasion, contact, years)
        Greeting.create(
            batch=self,
            contact=contact,
            day=day,
            years=years,
            channel="mail" if contact.email else "list",
            subject=subject[:200],
            text=text,
            held=JOINED if self.state == "approved" else "",
        )

    @db.atomic()
    def drop(self, by):
        """Do not send it; greetings that were sent already stay sent. Where another team has
        greetings in it, only one's own are left out."""
        by.must("govern")
        if not self._of_others(by).exists():
            self.move("proposed", "approved", to="dropped")
            self.record("not_needed", by)
            return
        unsent = self.seen_by(by).where(Greeting.sent_at.is_null())
        self._leave_out(by, unsent.where(Greeting.held.in_(("", JOINED))))

    @db.atomic()
    def leave_out(self, by, chosen):
        """Do not send these greetings, which wait for an approval."""
        by.must("govern")
        self._leave_out(by, self.waiting(by).where(Greeting.id.in_(list(chosen) or [0])))

    def _leave_out(self, by, rows):
        self.state in ("proposed", "approved") or refuse("state_changed", now=self.state)
        n = self._hold("left_out", rows) or refuse("nothing_chosen")
        self.record("left_out", by, n=n)

    def waiting(self, by):
        """The greetings that `by` may approve."""
        held = ("", JOINED) if self.state == "proposed" else (JOINED,)
        return self.seen_by(by).where(Greeting.held.in_(held))

    @db.atomic()
    def rewrite(self, by):
        """Write the greetings that wait for an approval again with the present text."""
        by.must("govern")
        self.state in ("proposed", "approved") or refuse("state_changed", now=self.state)
        for row in list(self.waiting(by)):
            row.subject, row.text = compose(self.occasion, row.contact, row.years)
            row.save()
        self.record("revised", by)


class Greeting(Model):
    """One greeting to one contact: by mail, or on the list of those without an address. `held` is
    the reason for not sending it."""

    batch = pw.ForeignKeyField(GreetingBatch, backref="greetings")
    contact = pw.ForeignKeyField(Contact, backref="greetings")
    day = pw.DateField(index=True)
    years = pw.IntegerField(null=True)
    channel = pw.CharField(max_length=5, default="mail")
    subject = pw.CharField(max_length=200)
    text = pw.TextField()
    held = pw.CharField(max_length=20, default="")
    sent_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("batch", "contact", "day"), True),)

    @property
    def why_held(self):
        """Why it would not be sent on its day, as far as is known today."""
        return self.held or self.reason_to_hold(max(self.day, today()))

    def reason_to_hold(self, day):
        """Why not to send it on that day: also where the person stands in the batch as another
        contact, as the customer was merged after it was laid out."""
        others = {contact.id for contact in self.contact.same_person()} - {self.contact_id}
        first = (Greeting.contact < self.contact_id) | Greeting.sent_at.is_null(False)
        rows = Greeting.select().where(
            Greeting.batch == self.batch_id,
            Greeting.contact.in_(others),
            Greeting.held == "",
            first,
        )
        return "same_person" if others and rows.exists() else reason_to_hold(self.contact, day)


def compose(occasion, contact, years=None):
    """(subject, text) in the contact's language."""
    customer = contact.customer.leading
    facts = {
        "name": contact.name,
        "customer": customer.short_name or customer.name,
        "firm": Company.current().name,
        "years": years or "",
        "sender": customer.owner.name if customer.owner else "",
    }
    texts = GreetingText.of(occasion, contact.language)
    return tuple(fill_placeholders(text, facts).strip() for text in texts)


def final_reminder(contact, day):
    """The customer had a last reminder within the week."""
    ladder = ReminderLevel.ladder()
    return (
        bool(ladder)
        and Reminded.select()
        .join(Reminder)
        .where(
            Reminder.customer.in_(Customer.one_with(contact.customer_id)),
            Reminder.day > day - dt.timedelta(days=7),
            Reminded.days >= ladder[-1].days,
        )
        .exists()
    )


def open_complaint(contact, day):
    """The customer complained and it is not closed."""
    return (
        Feedback.select()
        .where(
            Feedback.customer.in_(Customer.one_with(contact.customer_id)),
            Feedback.kind == "complaint",
            Feedback.state != "closed",
        )
        .exists()
    )


def open_dispute(contact, day):
    """The customer has a dispute that is not settled."""
    return (
        Dispute.live().where(Dispute.customer.in_(Customer.one_with(contact.customer_id))).exists()
    )


# Reasons not to send a greeting; a further one needs a line here and a word in
# views/staff/greetings.py.
HOLD_REASONS = [
    ("final_reminder", final_reminder),
    ("open_complaint", open_complaint),
    ("disputed", open_dispute),
]


def reason_to_hold(contact, day):
    """The first reason not to greet, or an empty text."""
    if contact.opted_out:
        return "opted_out"
    if not contact.active:
        return "left"
    return next((name for name, applies in HOLD_REASONS if applies(contact, day)), "")


def prepare():
    """Create the batches of the coming days, let newcomers join them, mail the managers. Returns
    the batches with new greetings; running twice creates none twice."""
    batches = []
    for key in GREETINGS:
        occasion = Occasion.if_active(key)
        for first, last in _spans(key, occasion.lead_days) if occasion else ():
            batches += _fill_batch(key, first, last)
    return batches


def _spans(key, lead):
    """[(first day, last day)] of the batches to be laid out by now: a feast's day, or the weeks
    from Monday."""
    day, until = today(), today() + dt.timedelta(days=lead)
    if key in FEASTS:
        return [
            (f, f)
            for f in (feasts(y)[key] for y in {day.year, until.year})
            if f and day <= f <= until
        ]
    monday, spans = day - dt.timedelta(days=day.weekday()), []
    while monday <= until:
        spans.append((monday, monday + dt.timedelta(days=6)))
        monday += dt.timedelta(days=7)
    return spans


@db.atomic()
def _fill_batch(key, first, last):
    batch = GreetingBatch.get_or_none(
        GreetingBatch.occasion == key, GreetingBatch.first_day == first
    )
    if batch and batch.state == "dropped":
        return []
    known = {row.contact_id for row in batch.greetings} if batch else set()
    people = recipients(key, max(first, today()), last)
    # Those who are in it already first: of one person's two contacts that one stays.
    chosen = sorted((contact for contact, *_ in people), key=lambda c: (c.id not in known, c.id))
    new = {contact.id for contact in one_per_person(chosen, Customer.mains())} - known
    people = [row for row in people if row[0].id in new]
    if not people:
        return []
    asks_anew = batch is None or batch.state == "approved"
    batch = batch or GreetingBatch.create(occasion=key, first_day=first, last_day=last)
    for contact, day, years in people:
        batch.add(contact, day, years)
    batch.record("laid_out", None, n=len(people))
    if asks_anew:
        _mail_managers(batch, new)
    return [batch]


def _mail_managers(batch, contacts):
    """Ask each manager about the new greetings of the team, administrators where nobody else sees
    them."""
    new = batch.greetings.where(Greeting.contact.in_(contacts)).select(Greeting.id)
    left = {row.id for row in new}
    for person in User.with_role("manager"):
        own = {row.id for row in batch.seen_by(person).select(Greeting.id)} & {r.id for r in new}
        left -= own
        own and _mail_waiting(batch, person, len(own))
    for person in User.with_role("admin") if left else ():
        if "manager" not in person.roles:
            _mail_waiting(batch, person, len(left))


def _mail_waiting(batch, person, n):
    Mail.enqueue_to(
        person,
        f"batch-{batch.id}-{batch.greetings.count()}-{person.id}",
        "greetings_wait",
        {
            "occasion": batch.occasion,
            "day": batch.first_day.isoformat(),
            "n": n,
            "path": f"/greetings/{batch.id}",
        },
    )


def send_due(base_url=""):
    """Send the approved greetings on their day, except those with a reason not to. After two days a
    greeting stays unsent."""
    sent = 0
    for batch in list(
        GreetingBatch.select().where(
            GreetingBatch.state == "approved", GreetingBatch.first_day <= today()
        )
    ):
        with db.atomic():
            sent += _send(batch, base_url)
    return sent


def _send(batch, base_url):
    n = 0
    waiting = batch.greetings.where(
        Greeting.held == "",
        Greeting.sent_at.is_null(),
        Greeting.channel == "mail",
        Greeting.day <= today(),
    )
    for row in list(waiting.order_by(Greeting.contact)):
        reason = (
            "too_late"
            if row.day < today() - dt.timedelta(days=MOST_DAYS_LATE)
            else row.reason_to_hold(today())
        )
        if reason:
            Greeting.update(held=reason).where(Greeting.id == row.id).execute()
            continue
        n += _enqueue(row, base_url)
    if n:
        batch.record("greeted", None, n=n)
    unsent = batch.greetings.where(
        Greeting.held == "", Greeting.sent_at.is_null(), Greeting.channel == "mail"
    ).exists()
    if not unsent and batch.last_day < today():
        batch.move("approved", to="sent")
        batch.record("finished", None)
    return n


def _enqueue(row, base_url):
    """Queue one greeting with a link for opting out, unless another process did; returns how
    many."""
    if (
        not Greeting.update(sent_at=now())
        .where(Greeting.id == row.id, Greeting.sent_at.is_null())
        .execute()
    ):
        return 0
    contact = row.contact
    Mail.enqueue(
        f"greeting-{row.id}",
        to=contact.email,
        template="greeting",
        language=contact.language,
        contact=contact,
        context={
            "name": contact.name,
            "subject": row.subject,
            "text": row.text,
            "opt_out": f"{base_url}/no-more-greetings/{OptOutLink.make(contact)}",
        },
    )
    return 1
