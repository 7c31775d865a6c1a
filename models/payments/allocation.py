"""Which invoice a payment, a credit note or a write-off settles, and by how much."""

import peewee as pw
from peewee import fn

from models.core.database import db
from models.core.errors import refuse
from models.core.fields import MoneyField
from models.core.journal import Event, Journaled
from models.core.model import Model, without_index
from models.core.prepared import prepared
from models.documents import Document
from models.documents.invoice import counts


class Allocation(Journaled, Model):
    """A part of a payment, of a credit note or of a write-off that settles an invoice."""

    payment = pw.DeferredForeignKey("Payment", null=True, backref="allocations")
    credit_note = pw.ForeignKeyField(Document, null=True, backref="credited")
    write_off = pw.DeferredForeignKey("WriteOff", null=True, backref="allocations")
    invoice = pw.ForeignKeyField(Document, backref="allocations")
    amount = MoneyField()

    class Meta:
        hidden_by = "id"

    @classmethod
    def standing(cls, day=None, credit=None):
        """Allocations whose payment or write-off is not reversed and whose credit note is not
        voided; with `day`, as it was at the end of that day. `credit`: the alias of Document under
        which credit notes are joined."""
        Payment, WriteOff = cls.payment.rel_model, cls.write_off.rel_model
        credit = credit or Document.alias()
        by_payment, by_note, by_write_off = (
            Payment.counts(day),
            counts(credit, day),
            WriteOff.counts(day),
        )
        if day:
            by_payment &= Payment.received_on <= day
            by_note &= fn.COALESCE(credit.issued_on, credit.date) <= day
            by_write_off &= WriteOff.decided_on <= day
        return (
            cls.select()
            .join(Payment, pw.JOIN.LEFT_OUTER)
            .switch(cls)
            .join(credit, pw.JOIN.LEFT_OUTER, on=(cls.credit_note == credit.id))
            .switch(cls)
            .join(WriteOff, pw.JOIN.LEFT_OUTER)
            .where(by_payment | by_note | by_write_off)
        )

    @classmethod
    def of(cls, invoice):
        """The allocations of the invoice, oldest first, with their payments and credit notes."""
        Payment, credit = cls.payment.rel_model, Document.alias()
        rows = cls.standing(credit=credit).select(cls, Payment, credit)
        return list(rows.where(cls.invoice == invoice.id).order_by(cls.id))

    @classmethod
    @db.atomic()
    def make(cls, by, invoice, amount, payment=None, credit_note=None, write_off=None):
        """Create an allocation. Refused beyond the invoice's open balance."""
        amount > 0 or refuse("amount_positive")
        invoice.kind == "invoice" and invoice.state in ("issued", "archived") or refuse(
            "not_an_open_invoice"
        )
        amount <= open_balance(invoice) or refuse("more_than_open", number=invoice.number)
        row = cls.create(
            payment=payment,
            credit_note=credit_note,
            write_off=write_off,
            invoice=invoice,
            amount=amount,
        )
        sources = {"payment": payment, "credit_note": credit_note}
        row.record(
            "allocated",
            by,
            invoice=invoice.number,
            amount=amount,
            currency=invoice.currency,
            **{name: source.number for name, source in sources.items() if source},
        )
        return row


def settled(day=None, only=None):
    """A query of (invoice id, minor units settled) to join. `only`: a condition on Document, so
    that the balance of one customer does not sum the allocations of all."""
    query = Allocation.standing(day).select(
        Allocation.invoice.alias("invoice"), fn.SUM(Allocation.amount).alias("amount")
    )
    query = (
        query.where(Allocation.invoice.in_(Document.select(Document.id).where(only)))
        if only is not None
        else query
    )
    return query.group_by(Allocation.invoice)


def paid(invoice):
    """Minor units settled by standing payments, credit notes and write-offs."""
    return int(_paid(invoice.id)[0][0])


@prepared
def _paid(invoice):
    sums = Allocation.standing().select(fn.COALESCE(fn.SUM(Allocation.amount), 0))
    return sums.where(Allocation.invoice == invoice).tuples()


def open_balance(invoice, settled=None):
    """The amount still owed on this invoice, in minor units; 0 for other documents. `settled`: the
    result of paid(), where it is known already."""
    if invoice.kind != "invoice" or invoice.state not in ("issued", "archived"):
        return 0
    return invoice.total - (paid(invoice) if settled is None else settled)


def _has_payments(document):
    return Allocation.standing().where(Allocation.invoice == document.id).exists()


Document.void_blockers["has_payments"] = _has_payments


def _allocated(document):
    """Events of what settles an invoice and of what a credit note settles. A write-off tells of
    itself."""
    by_note = Allocation.credit_note == document.id
    ids = Allocation.select(Allocation.id).where(
        (Allocation.invoice == document.id) | by_note,
        without_index(Allocation.write_off).is_null(),  # nearly every row of the table
    )
    return Event.about(Allocation, ids)


def _voided_notes(document):
    """Events that took a credit note back from the invoice; earlier ones do not name it, so that
    they would seem to speak of the invoice."""
    ids = Allocation.select(Allocation.credit_note).where(
        Allocation.invoice == document.id, Allocation.credit_note.is_null(False)
    )
    return Event.about(Document, ids, "voided").where(Event.facts.cast("TEXT").contains('"number"'))


Journaled.companions[Document] = [_allocated, _voided_notes]
