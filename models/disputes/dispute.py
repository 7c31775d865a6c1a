"""Dispute: fields, scopes and raising one. Its thread is in talk.py, its outcomes in outcome.py."""

import datetime as dt

import peewee as pw

from models.approvals.deadline import due_after
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Contact, Customer, CustomerAct
from models.disputes.holding import Holding
from models.disputes.outcome import Outcomes
from models.disputes.talk import Talk
from models.documents import Document, Line
from models.payments import open_balance
from models.people import User

REASONS = (
    "price",
    "quantity",
    "quality",
    "damaged",
    "wrong_item",
    "not_delivered",
    "late_delivery",
    "duplicate",
    "tax",
    "invoice_data",
    "already_paid",
    "service",
    "other",
)
OUTCOMES = ("explained", "credited", "adjusted")
LIVE = ("open", "mediation", "legal", "answered")


class Dispute(Outcomes, Talk, Holding, Journaled, Model):
    """A complaint about a document, one of its lines, or the firm: open → answered → settled, with
    mediation or legal in between."""

    state = pw.CharField(max_length=10, default="open", index=True)
    customer = pw.ForeignKeyField(Customer, backref="disputes")
    document = pw.ForeignKeyField(Document, null=True, backref="disputes")
    line = pw.ForeignKeyField(Line, null=True, backref="disputes")
    currency = pw.CharField(max_length=3, default="")
    amount = MoneyField(default=0)
    reason = pw.CharField(max_length=20)
    text = pw.TextField()
    author = pw.CharField()
    contact = pw.ForeignKeyField(Contact, null=True, backref="disputes_raised")
    owner = pw.ForeignKeyField(User, null=True, backref="disputes_owned")
    raised_at = pw.DateTimeField()
    answer_by = pw.DateTimeField()
    settle_by = pw.DateTimeField()
    first_answer_at = pw.DateTimeField(null=True)
    outcome = pw.CharField(max_length=10, default="")
    explanation = pw.TextField(default="")
    credit_note = pw.ForeignKeyField(Document, null=True, backref="credited_disputes")
    replacement = pw.ForeignKeyField(Document, null=True, backref="corrected_disputes")
    settled_at = pw.DateTimeField(null=True)
    rating = pw.IntegerField(null=True)
    rating_text = pw.CharField(max_length=1000, default="")
    prevention = pw.TextField(default="")

    @classmethod
    @db.atomic()
    def raise_(
        cls,
        by,
        *,
        customer,
        document=None,
        line=None,
        amount=None,
        reason,
        text,
        owner=None,
        author="",
    ):
        """Raise a complaint as staff or as the customer's contact. `amount` is in minor units of
        the document's currency; without one it is the whole line, else the open balance. The amount
        on hold is never more than the open balance. Who comes by a link signs with a name."""
        author = author.strip()[:100]
        author or not by.link or refuse("name_needed")
        _check_scope(by, customer, document)
        CustomerAct.count(by, "dispute")
        text = text.strip()
        text or refuse("text_needed")
        reason in REASONS or refuse("choice_unknown")
        if line and (document is None or line.document_id != document.id):
            refuse("not_yours")
        owner = owner or (document.owner if document else None) or customer.leading.owner
        row = cls.create(
            customer=_whose(by, customer, document),
            document=document,
            line=line,
            reason=reason,
            text=text[:4000],
            author=author or by.name,
            currency=document.currency if document else "",
            amount=_claimed(document, line, amount),
            contact=None if by.roles else by,
            owner=owner,
            raised_at=now(),
            answer_by=target("answer"),
            settle_by=target("settle"),
        )
        named = {"name": author} if author else {}
        row.record("raised", by, about=reason, amount=row.amount, **named)
        row.mail_raised(by)
        return row

    @classmethod
    def live(cls):
        """Those that are not settled yet."""
        return cls.select().where(cls.state.in_(LIVE))

    @classmethod
    def late(cls):
        """Those whose deadline for an answer, or for settling, has passed."""
        return cls.select().where(
            ((cls.state == "open") & cls.first_answer_at.is_null() & (cls.answer_by < now()))
            | (cls.state.in_(("open", "mediation")) & (cls.settle_by < now()))
        )

    @property
    def is_late(self):
        return (
            self.state == "open"
            and not self.first_answer_at
            and self.answer_by < now()
            or self.state in ("open", "mediation")
            and self.settle_by < now()
        )

    @property
    def number(self):
        return f"D-{self.id}"

    def check_member(self, by):
        """Forbidden unless `by` is a contact who sees this, or staff who may work on disputes."""
        if by.roles:
            by.must("dispute", self)
        if not by.sees.disputes().where(Dispute.id == self.id).exists():
            raise Forbidden("dispute")


def target(name):
    """The deadline for an answer or for settling, in working hours from now."""
    hours = Company.current().setting("dispute_hours")[name]
    try:
        return due_after(now(), hours)
    except Refused:  # a calendar without working time must not turn a complaint away
        return now() + dt.timedelta(hours=3 * hours)


def _check_scope(by, customer, document):
    if by.roles:
        by.must("dispute")
        by.sees.customers().where(Customer.id == customer.leading.id).exists() or refuse(
            "not_yours"
        )
    elif not customer.is_one_with(by.customer_id):
        refuse("not_yours")
    if document:
        customer.is_one_with(document.customer_id) or refuse("not_yours")
        by.sees.documents().where(Document.id == document.id).exists() or refuse("not_yours")
        document.state in ("issued", "archived") or refuse("state_changed", now=document.state)


def _whose(by, customer, document):
    """Whose dispute it stays when merged customers are separated: that of the document, else that
    of the contact who raised it."""
    if document:
        return document.customer
    return customer.leading if by.roles else by.customer


def _claimed(document, line, amount):
    if document is None:
        if amount:
            refuse("dispute_amount")
        return 0
    if amount is None:
        open_ = open_balance(document)
        amount = min(line.gross, open_ or line.gross) if line else open_ or document.total
        return max(0, amount)
    0 < amount <= abs(line.gross if line else document.total) or refuse("dispute_amount")
    return amount
