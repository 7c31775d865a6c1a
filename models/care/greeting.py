"""Greetings in batches: laid out in advance, approved by a person, sent on their day, held back
where they would hurt."""

import datetime as dt

import peewee as pw

from models.adapters.outbox import Mail
from models.care.feedback import Feedback
from models.care.lunar import feasts
from models.care.occasion import FEASTS, GREETINGS, GreetingText, Occasion, filled, whom
from models.care.opt_out import OptOutLink
from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Contact
from models.disputes import Dispute
from models.dunning import Reminded, Reminder, ReminderLevel
from models.people import User

LATEST = 2


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

    @db.atomic()
    def approve(self, by):
        """Let it go on its day. Refused when the day is past or nobody is left in it."""
        by.must("govern")
        self.last_day >= today() or refuse("batch_past")
        self.greetings.where(Greeting.held == "").exists() or refuse("batch_empty")
        self.move("proposed", to="approved", approved_by=by)
        self.record("approved", by, n=self.greetings.where(Greeting.held == "").count())

    @db.atomic()
    def drop(self, by):
        """It does not go; what is already sent cannot be taken back."""
        by.must("govern")
        self.move("proposed", "approved", to="dropped")
        self.record("not_needed", by)

    @db.atomic()
    def leave_out(self, by, chosen):
        """These greetings do not go."""
        by.must("govern")
        self.state == "proposed" or refuse("state_changed", now=self.state)
        n = (
            Greeting.update(held="left_out")
            .where(
                Greeting.batch == self.id, Greeting.id.in_(list(chosen) or [0]), Greeting.held == ""
            )
            .execute()
        )
        n or refuse("nothing_chosen")
        self.record("left_out", by, n=n)

    @db.atomic()
    def write_again(self, by):
        """Put the words as they are now into every greeting of the batch."""
        by.must("govern")
        self.state == "proposed" or refuse("state_changed", now=self.state)
        for row in self.greetings:
            row.subject, row.text = composed(self.occasion, row.contact, row.years)
            row.save()
        self.record("revised", by)


class Greeting(Model):
    """One greeting to one contact: by mail, or on the list for those without. `held` says why it
    does not go."""

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
        """Why it would not go on its day, as far as one knows today."""
        return self.held or held_because(self.contact, max(self.day, today()))


def composed(occasion, contact, years=None):
    """(subject, text) in the contact's language."""
    owner = contact.customer.owner
    facts = {
        "name": contact.name,
        "customer": contact.customer.short_name or contact.customer.name,
        "firm": Company.current().name,
        "years": years or "",
        "sender": owner.name if owner else "",
    }
    return tuple(
        filled(words, facts).strip() for words in GreetingText.of(occasion, contact.language)
    )


def final_reminder(contact, day):
    """The customer had a last reminder within the week."""
    ladder = ReminderLevel.ladder()
    return (
        bool(ladder)
        and Reminded.select()
        .join(Reminder)
        .where(
            Reminder.customer == contact.customer_id,
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
            Feedback.customer == contact.customer_id,
            Feedback.kind == "complaint",
            Feedback.state != "closed",
        )
        .exists()
    )


def open_dispute(contact, day):
    """The customer disputes a paper and it is not settled."""
    return Dispute.live().where(Dispute.customer == contact.customer_id).exists()


# Why a greeting does not go, each a question about contact and day; more come as a line here and a
# word in views/staff/greetings.py.
HOLDS = [
    ("final_reminder", final_reminder),
    ("open_complaint", open_complaint),
    ("disputed", open_dispute),
]


def held_because(contact, day):
    """The first reason not to greet, or an empty text."""
    if contact.greetings_off_at:
        return "opted_out"
    if not contact.active:
        return "left"
    return next((name for name, holds in HOLDS if holds(contact, day)), "")


def prepare():
    """Lay out the batches that come near, and tell the managers. Running twice lays out nothing
    twice."""
    made = []
    for key in GREETINGS:
        kept = Occasion.kept(key)
        for first, last in _spans(key, kept.lead_days) if kept else ():
            if (
                not GreetingBatch.select()
                .where(GreetingBatch.occasion == key, GreetingBatch.first_day == first)
                .exists()
            ):
                made += _lay_out(key, first, last)
    return made


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
def _lay_out(key, first, last):
    people = [(c, day, years) for c, day, years in whom(key, max(first, today()), last)]
    if not people:
        return []
    batch = GreetingBatch.create(occasion=key, first_day=first, last_day=last)
    for contact, day, years in people:
        subject, text = composed(key, contact, years)
        Greeting.create(
            batch=batch,
            contact=contact,
            day=day,
            years=years,
            channel="mail" if contact.email else "list",
            subject=subject[:200],
            text=text,
        )
    batch.record("laid_out", None, n=len(people))
    _tell(batch, len(people))
    return [batch]


def _tell(batch, n):
    for person in User.with_role("manager") or User.with_role("admin"):
        Mail.enqueue(
            f"batch-{batch.id}-{person.id}",
            to=person.email,
            template="greetings_wait",
            language=person.language,
            context={
                "name": person.name,
                "occasion": batch.occasion,
                "day": batch.first_day.isoformat(),
                "n": n,
                "path": f"/greetings/{batch.id}",
            },
        )


def send_due(base_url=""):
    """On their day, send what was approved; hold back what must not go; what could not go for two
    days stays unsent."""
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
    for row in list(waiting):
        why = (
            "too_late"
            if row.day < today() - dt.timedelta(days=LATEST)
            else held_because(row.contact, today())
        )
        if why:
            Greeting.update(held=why).where(Greeting.id == row.id).execute()
            continue
        n += _post(row, base_url)
    if n:
        batch.record("greeted", None, n=n)
    left = batch.greetings.where(
        Greeting.held == "", Greeting.sent_at.is_null(), Greeting.channel == "mail"
    ).exists()
    if not left and batch.last_day < today():
        batch.move("approved", to="sent")
        batch.record("finished", None)
    return n


def _post(row, base_url):
    """Queue one greeting with its way out; nothing when another did."""
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
