"""Feedback of customers: scores asked for by mail; praise, ideas and complaints in one inbox; the
net promoter score (NPS) over time."""

import datetime as dt
import secrets

import peewee as pw

from models.adapters.outbox import Mail
from models.care.follow_up import FollowUp
from models.care.occasion import Occasion
from models.care.opt_out import OptOutLink
from models.core.clock import local, now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Contact, Customer, CustomerAct
from models.disputes import Dispute
from models.documents import Document
from models.people import User, digest

KINDS = ("praise", "idea", "complaint")
DAYS_BETWEEN, DAYS_OPEN, MOST_TEXT = 90, 60, 4000


class Survey(Journaled, Model):
    """One question to one contact, after a delivery or a settled dispute: how likely, from 0 to 10,
    would you recommend us?"""

    contact = pw.ForeignKeyField(Contact, backref="surveys")
    document = pw.ForeignKeyField(Document, null=True)
    cause = pw.CharField(max_length=40)
    key = pw.CharField(max_length=60, unique=True)
    token = pw.CharField(max_length=64, unique=True)
    asked_at = pw.DateTimeField()
    score = pw.IntegerField(null=True)
    comment = pw.TextField(default="")
    answered_at = pw.DateTimeField(null=True)

    @property
    def name(self):
        return self.key

    @classmethod
    @db.atomic()
    def ask(cls, contact, cause, key, document=None, base_url=""):
        """Mail the question, once for each key, and to nobody twice in three months. None when it
        is not asked."""
        if contact.opted_out or not contact.active or not contact.email:
            return None
        since = now() - dt.timedelta(days=DAYS_BETWEEN)
        person = [same.id for same in contact.same_person()]
        if cls.select().where(cls.contact.in_(person), cls.asked_at > since).exists():
            return None
        secret = secrets.token_urlsafe(24)
        try:
            with db.atomic():
                row = cls.create(
                    contact=contact,
                    document=document,
                    cause=cause,
                    key=key,
                    token=digest(secret),
                    asked_at=now(),
                )
        except pw.IntegrityError:
            return None
        row.record("asked", None, to=[contact.email])
        row._mail(secret, base_url)
        return row

    def _mail(self, secret, base_url):
        Mail.enqueue(
            f"survey-{self.id}",
            to=self.contact.email,
            template="survey",
            language=self.contact.language,
            contact=self.contact,
            context={
                "name": self.contact.name,
                "cause": self.cause,
                "number": self.document.number if self.document else "",
                "survey": f"{base_url}/survey/{secret}",
                "opt_out": f"{base_url}/no-more-greetings/{OptOutLink.make(self.contact)}",
            },
        )

    @classmethod
    def of(cls, secret):
        """The survey with this mailed secret, or None when it is too old."""
        return cls.get_or_none(
            cls.token == digest(secret), cls.asked_at > now() - dt.timedelta(days=DAYS_OPEN)
        )

    @classmethod
    def waiting_for(cls, contact):
        return cls.select().where(
            cls.contact == contact.id,
            cls.score.is_null(),
            cls.asked_at > now() - dt.timedelta(days=DAYS_OPEN),
        )

    @db.atomic()
    def answer(self, score, comment=""):
        """The contact's score and comment, once. A low score becomes a complaint and a follow-up
        within two days."""
        0 <= score <= 10 or refuse("choice_unknown")
        comment = comment.strip()
        updated = (
            Survey.update(score=score, comment=comment, answered_at=now())
            .where(Survey.id == self.id, Survey.score.is_null())
            .execute()
        )
        updated or refuse("already_answered")
        self.record("answered", self.contact, score=score)
        if score <= 6 or comment:
            kind = "complaint" if score <= 6 else "praise" if score >= 9 else "idea"
            Feedback.write(self.contact, kind, comment or f"{score} / 10", survey=self)

    @classmethod
    def answered(cls):
        return cls.select().where(cls.score.is_null(False))


class Feedback(Journaled, Model):
    """Praise, an idea or a complaint of a contact: open, answered, closed."""

    customer = pw.ForeignKeyField(Customer, backref="feedback")
    contact = pw.ForeignKeyField(Contact, backref="feedback")
    survey = pw.ForeignKeyField(Survey, null=True)
    kind = pw.CharField(max_length=10)
    text = pw.TextField()
    at = pw.DateTimeField()
    state = pw.CharField(max_length=10, default="open", index=True)
    reply = pw.TextField(default="")
    replied_by = pw.ForeignKeyField(User, null=True)
    closing = pw.TextField(default="")
    closed_on = pw.DateField(null=True)

    @property
    def name(self):
        return self.kind

    @classmethod
    @db.atomic()
    def write(cls, contact, kind, text, survey=None):
        """Write feedback. A complaint becomes a follow-up of the salesperson, due in two days."""
        kind in KINDS or refuse("choice_unknown")
        text = text.strip()
        text or refuse("text_needed")
        CustomerAct.count(contact, "feedback")
        customer = contact.customer.leading
        row = cls.create(
            customer=contact.customer,  # so it goes with them when merged customers are separated
            contact=contact,
            survey=survey,
            kind=kind,
            text=text[:MOST_TEXT],
            at=now(),
        )
        row.record("written", contact)
        if kind == "complaint":
            owner = (
                customer.owner
                if customer.owner and customer.owner.active
                else (User.with_role("manager") or User.with_role("admin"))[0]
            )
            is_chinese = owner.language == "zh"
            FollowUp.plan(
                None,
                customer,
                f"{'答复投诉：' if is_chinese else 'Answer the complaint: '}{contact.name}",
                today() + dt.timedelta(days=2),
                owner=owner,
                cause=f"feedback-{row.id}",
                kind="call",
                note=text[:MOST_TEXT],
            )
        return row

    @db.atomic()
    def answer(self, by, text):
        """Answer by mail and in the portal."""
        by.must("care", self)
        text.strip() or refuse("text_needed")
        self.move("open", to="answered", reply=text.strip(), replied_by=by)
        if self.contact.email and self.contact.active:
            Mail.enqueue(
                f"feedback-{self.id}",
                to=self.contact.email,
                template="feedback_answered",
                language=self.contact.language,
                contact=self.contact,
                context={
                    "name": self.contact.name,
                    "text": self.text,
                    "reply": self.reply,
                    "sender": by.name,
                },
            )
        self.record("replied", by)

    @db.atomic()
    def close(self, by, note=""):
        """It is settled. A complaint is closed by a manager, and only after an answer."""
        by.must("govern" if self.kind == "complaint" else "care", self.customer)
        allowed = ("answered",) if self.kind == "complaint" else ("open", "answered")
        self.state in allowed or refuse("answer_first")
        self.move(*allowed, to="closed", closing=note.strip(), closed_on=today())
        self.record("closed", by, note=note.strip()[:200])


def ask_after_deliveries(base_url=""):
    """A day after a delivery was confirmed, ask the contact; for deliveries of the last two
    weeks."""
    if not Occasion.if_active("survey"):
        return []
    rows = Document.standing().where(
        Document.kind == "delivery_note",
        Document.confirmed_at.between(now() - dt.timedelta(days=14), now() - dt.timedelta(days=1)),
    )
    surveys = [
        Survey.ask(c, "delivery", f"delivery-{d.id}", d, base_url)
        for d in rows.order_by(Document.id)
        if (c := _recipient(d))
    ]
    return [s for s in surveys if s]


def ask_after_disputes(base_url=""):
    """Ask who raised a dispute that was settled in the last two weeks, unless they rated the answer
    already."""
    if not Occasion.if_active("survey"):
        return []
    rows = Dispute.select().where(
        Dispute.state == "settled",
        Dispute.settled_at > now() - dt.timedelta(days=14),
        Dispute.rating.is_null(),
        Dispute.contact.is_null(False),
    )
    surveys = [
        Survey.ask(d.contact, "dispute", f"dispute-{d.id}", d.document, base_url)
        for d in rows.order_by(Dispute.id)
    ]
    return [s for s in surveys if s]


def _recipient(document):
    return (
        document.contact
        or document.customer.all_contacts()
        .where(Contact.active, Contact.sees_company, Contact.email != "")
        .order_by(Contact.id)
        .first()
    )


def nps(scores):
    """Promoters (9, 10) less detractors (0 to 6) in percent of all, rounded half up; None without
    answers."""
    if not scores:
        return None
    net = sum(1 if s >= 9 else -1 if s <= 6 else 0 for s in scores)
    return (200 * net + len(scores)) // (2 * len(scores))


def by_month(rows, first, n=12):
    """[(first of the month, NPS, answers, promoters, detractors)] of the `n` months that end with
    this one."""
    months = [first]
    while len(months) < n:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    scores_by_month = {m: [] for m in months}
    for score, at in rows.select(Survey.score, Survey.answered_at).tuples():
        month = local(at).date().replace(day=1)
        if month in scores_by_month:
            scores_by_month[month].append(score)
    return [
        (m, nps(s), len(s), sum(x >= 9 for x in s), sum(x <= 6 for x in s))
        for m, s in scores_by_month.items()
    ]
