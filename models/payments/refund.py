"""Refunds to customers, from the unused part of a payment or a credit note."""

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import MoneyField
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.numbering import NUMBERED, NumberSeries
from models.payments.allocation import Allocation
from models.payments.payment import Payment


class Refund(Journaled, Model):
    """A refund: confirmed → reversed."""

    number = pw.CharField(unique=True)
    state = pw.CharField(max_length=10, default="confirmed")
    customer = pw.ForeignKeyField(Customer, backref="refunds")
    payment = pw.ForeignKeyField(Payment, null=True, backref="refunds")
    credit_note = pw.ForeignKeyField(Document, null=True, backref="refunds")
    currency = pw.CharField(max_length=3)
    amount = MoneyField()
    paid_on = pw.DateField()
    reference = pw.CharField(default="")
    reverse_reason = pw.CharField(max_length=500, default="")
    reversed_on = pw.DateField(null=True)

    class Meta:
        hidden_by = "id"

    @classmethod
    def counts(cls, day=None):
        """The condition that it counts now, or counted at the end of `day`."""
        return (
            (cls.state == "confirmed") | (cls.reversed_on > day)
            if day
            else cls.state == "confirmed"
        )

    @classmethod
    def standing(cls):
        return cls.select().where(cls.state == "confirmed")

    @classmethod
    @db.atomic()
    def pay(cls, by, source, amount, paid_on=None, reference=""):
        """Refund `amount` from the unused part of the payment or credit note `source`."""
        by.must("pay")
        amount > 0 or refuse("amount_positive")
        paid_on = paid_on or today()
        paid_on <= today() or refuse("day_in_future")
        note = isinstance(source, Document)
        since = source.issued_on if note else source.received_on
        paid_on >= since or refuse("refund_before_payment", day=since.isoformat())
        valid = (
            source.kind == "credit_note" and source.state in ("issued", "archived")
            if note
            else source.state == "confirmed"
        )
        valid or refuse("state_changed", now=source.state)
        amount <= (credit_left(source) if note else source.unallocated()) or refuse(
            "more_than_payment"
        )
        number, _, _ = NumberSeries.draw("refund")
        row = cls.create(
            number=number,
            customer=source.customer_id,
            currency=source.currency,
            amount=amount,
            paid_on=paid_on,
            reference=reference,
            **{"credit_note" if note else "payment": source},
        )
        row.record("refunded", by, amount=amount, currency=row.currency)
        return row

    @classmethod
    @db.atomic()
    def enter_imported(cls, by, note, amount, day):
        """Record that an imported credit note was paid back, outside our own number series."""
        by.must("import")
        row = cls.built_imported(note, amount, day)
        row.save()
        row.record("imported", by, amount=amount, currency=note.currency)
        return row

    @classmethod
    def built_imported(cls, note, amount, day):
        """The refund of an imported credit note, not written yet."""
        return cls(
            number=f"IMP-{note.number}"[:255],
            customer=note.customer_id,
            credit_note=note.id,
            currency=note.currency,
            amount=amount,
            paid_on=day,
            reference=note.number,
        )

    @db.atomic()
    def reverse(self, by, reason):
        """Reverse the refund: the money came back or was never sent, so the credit is available
        again."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move(
            "confirmed", to="reversed", reverse_reason=reason.strip()[:500], reversed_on=today()
        )
        self.record("reversed", by, reason=reason)


def credit_left(note):
    """Minor units of an issued credit note that are neither allocated nor refunded."""
    if note.kind != "credit_note" or note.state not in ("issued", "archived"):
        return 0
    allocated = note.credited.select(fn.COALESCE(fn.SUM(Allocation.amount), 0)).scalar()
    refunded = (
        Refund.standing()
        .where(Refund.credit_note == note.id)
        .select(fn.COALESCE(fn.SUM(Refund.amount), 0))
        .scalar()
    )
    return note.total - int(allocated) - int(refunded)


def _has_refunds(document):
    return document.refunds.where(Refund.state == "confirmed").exists()


Document.void_blockers["has_refunds"] = _has_refunds


def _refunded(source):
    """Events of the refunds from a payment or a credit note."""
    return Event.about(Refund, source.refunds.select(Refund.id))


for source in (Document, Payment):
    Journaled.companions[source].append(_refunded)
NUMBERED["refund"] = Refund.select
