"""Writing off a part of an invoice: one person asks, another decides."""

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
from models.payments.allocation import Allocation, open_balance
from models.people import User


class WriteOff(Journaled, Model):
    """An amount of an invoice that is given up: asked → approved (→ reversed) or declined."""

    state = pw.CharField(max_length=10, default="asked", index=True)
    customer = pw.ForeignKeyField(Customer, backref="write_offs")
    invoice = pw.ForeignKeyField(Document, backref="write_offs")
    currency = pw.CharField(max_length=3)
    amount = MoneyField()
    reason = pw.CharField(max_length=500)
    asked_by = pw.ForeignKeyField(User)
    asked_on = pw.DateField()
    decided_by = pw.ForeignKeyField(User, null=True)
    decided_on = pw.DateField(null=True)
    note = pw.CharField(max_length=500, default="")
    reversed_on = pw.DateField(null=True)

    @classmethod
    @db.atomic()
    def ask(cls, by, invoice, amount, reason):
        """Ask to write off `amount` of the invoice. Refused beyond its open balance less what is
        asked for already."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        amount > 0 or refuse("amount_positive")
        invoice.kind == "invoice" and invoice.state in ("issued", "archived") or refuse(
            "not_an_open_invoice"
        )
        waiting = (
            cls.asked()
            .where(cls.invoice == invoice.id)
            .select(fn.COALESCE(fn.SUM(cls.amount), 0))
            .scalar()
        )
        amount <= open_balance(invoice) - int(waiting) or refuse(
            "more_than_open", number=invoice.number
        )
        row = cls.create(
            customer=invoice.customer_id,
            invoice=invoice,
            currency=invoice.currency,
            amount=amount,
            reason=reason.strip()[:500],
            asked_by=by,
            asked_on=today(),
        )
        row.record("asked_write_off", by, amount=amount, number=invoice.number, reason=reason)
        return row

    @classmethod
    def counts(cls, day=None):
        """The condition that it counts now, or counted at the end of `day`."""
        return (
            (cls.state == "approved") | (cls.reversed_on > day) if day else cls.state == "approved"
        )

    @classmethod
    def asked(cls):
        """Those that wait for a second person."""
        return cls.select().where(cls.state == "asked")

    def may_decide(self, by):
        """Whether this person may decide: with the right, and not the one who asked."""
        return self.state == "asked" and by.may("write_off") and by.id != self.asked_by_id

    @db.atomic()
    def approve(self, by):
        """Approve as a second person; settles that part of the invoice. Refused when less is open
        by now."""
        self._check_second_person(by)
        self.move("asked", to="approved", decided_by=by, decided_on=today())
        Allocation.make(by, Document.get_by_id(self.invoice_id), self.amount, write_off=self)
        self.record("approved_write_off", by, amount=self.amount)

    @db.atomic()
    def decline(self, by, reason):
        """Decline as a second person."""
        self._check_second_person(by)
        reason.strip() or refuse("reason_needed")
        self.move(
            "asked", to="declined", decided_by=by, decided_on=today(), note=reason.strip()[:500]
        )
        self.record("declined_write_off", by, reason=reason)

    @db.atomic()
    def reverse(self, by, reason):
        """Reverse the write-off, for example because the customer pays after all."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move("approved", to="reversed", note=reason.strip()[:500], reversed_on=today())
        self.record("reversed", by, reason=reason)

    def _check_second_person(self, by):
        by.must("write_off")
        by.id != self.asked_by_id or refuse("own_write_off")


def _written_off(document):
    return Event.about(WriteOff, document.write_offs.select(WriteOff.id))


Journaled.companions[Document].append(_written_off)
