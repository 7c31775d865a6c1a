"""Money received, and which invoices it settles."""
import peewee as pw
from peewee import fn

from models.base import Model, MoneyField, db, refuse, today
from models.customers import Customer
from models.documents import Document
from models.events import Journaled
from models.numbering import NumberSeries


class Payment(Journaled, Model):
    """Money that came in from a customer; what is not allocated is the customer's credit."""
    number = pw.CharField(unique=True)
    state = pw.CharField(max_length=10, default="confirmed")
    customer = pw.ForeignKeyField(Customer, backref="payments")
    currency = pw.CharField(max_length=3)
    amount = MoneyField()
    received_on = pw.DateField()
    method = pw.CharField(max_length=20, default="bank")
    reference = pw.CharField(default="")
    reverse_reason = pw.CharField(max_length=500, default="")

    @classmethod
    @db.atomic()
    def receive(cls, by, customer, currency, amount, received_on=None, reference="", method="bank", allocations=()):
        """Record money and allocate it [(invoice, amount)]; never beyond an open balance."""
        by.must("pay")
        amount > 0 or refuse("amount_positive")
        received_on = received_on or today()
        received_on <= today() or refuse("day_in_future")
        number, _, _ = NumberSeries.draw("payment")
        payment = cls.create(number=number, customer=customer, currency=currency, amount=amount,
                             received_on=received_on, reference=reference, method=method)
        payment.record("received", by, amount=amount, currency=currency)
        for invoice, part in allocations:
            payment.allocate(by, invoice, part)
        return payment

    @classmethod
    @db.atomic()
    def take_in(cls, by, invoice, amount, day):
        """The money that settled an imported invoice, outside our own run of numbers."""
        by.must("import")
        payment = cls.create(number=f"IMP-{invoice.number}"[:255], customer=invoice.customer_id, currency=invoice.currency,
                             amount=amount, received_on=day, method="imported", reference=invoice.number)
        payment.record("imported", by, amount=amount, currency=invoice.currency)
        Allocation.make(by, invoice, amount, payment=payment)
        return payment

    @db.atomic()
    def allocate(self, by, invoice, amount):
        """Settle part of an invoice with this money."""
        by.must("pay")
        self.state == "confirmed" or refuse("state_changed", now=self.state)
        invoice.customer_id == self.customer_id or refuse("other_customer")
        invoice.currency == self.currency or refuse("other_currency")
        amount <= self.unallocated() or refuse("more_than_payment")
        Allocation.make(by, invoice, amount, payment=self)

    @db.atomic()
    def reverse(self, by, reason):
        """Undo a confirmed payment; its allocations fall away."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move("confirmed", to="reversed", reverse_reason=reason.strip()[:500])
        self.record("reversed", by, reason=reason)

    def unallocated(self):
        used = self.allocations.select(fn.COALESCE(fn.SUM(Allocation.amount), 0)).scalar()
        return self.amount - int(used)


class Allocation(Journaled, Model):
    """A part of a payment or of a credit note that settles an invoice."""
    payment = pw.ForeignKeyField(Payment, null=True, backref="allocations")
    credit_note = pw.ForeignKeyField(Document, null=True, backref="credited")
    invoice = pw.ForeignKeyField(Document, backref="allocations")
    amount = MoneyField()

    @classmethod
    def standing(cls):
        """Allocations whose payment was not reversed and whose credit note was not voided."""
        credit = Document.alias()
        return cls.select().join(Payment, pw.JOIN.LEFT_OUTER).switch(cls).join(
            credit, pw.JOIN.LEFT_OUTER, on=(cls.credit_note == credit.id)).where(
            (Payment.state == "confirmed") | (credit.state.in_(("issued", "archived"))))

    @classmethod
    @db.atomic()
    def make(cls, by, invoice, amount, payment=None, credit_note=None):
        """Write one allocation. Refused beyond the invoice's open balance."""
        amount > 0 or refuse("amount_positive")
        invoice.kind == "invoice" and invoice.state in ("issued", "archived") or refuse("not_an_open_invoice")
        amount <= invoice.open_balance() or refuse("more_than_open", number=invoice.number)
        row = cls.create(payment=payment, credit_note=credit_note, invoice=invoice, amount=amount)
        row.record("allocated", by, invoice=invoice.number, amount=amount)
        return row
