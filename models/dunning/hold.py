"""A stop on reminders for a customer or one invoice, with its reason and last day."""

import peewee as pw

from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.documents import Document

HOLD_REASONS = ("agreement", "insolvency", "clarifying", "key_account", "other")


class Hold(Journaled, Model):
    """No reminders until the day is over; then they resume without anyone's doing."""

    customer = pw.ForeignKeyField(Customer, backref="holds")
    invoice = pw.ForeignKeyField(Document, null=True, backref="holds")
    reason = pw.CharField(max_length=20)
    note = pw.CharField(max_length=500, default="")
    until = pw.DateField()
    author = pw.CharField()
    at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)

    @classmethod
    @db.atomic()
    def place(cls, by, customer, *, invoice=None, reason, until, note=""):
        """Hold reminders for the customer, or for one invoice. Refused without a day to come."""
        by.must("hold", customer)
        by.sees.customers().where(Customer.id == customer.id).exists() or refuse("not_yours")
        reason in HOLD_REASONS or refuse("choice_unknown")
        if invoice and (invoice.kind != "invoice" or not customer.is_one_with(invoice.customer_id)):
            refuse("not_an_open_invoice")
        until >= today() or refuse("day_in_past")
        row = cls.create(
            customer=invoice.customer_id if invoice else customer,
            invoice=invoice,
            reason=reason,
            note=note.strip()[:500],
            until=until,
            author=by.name,
            at=now(),
        )
        row.record("held", by, until=until, why=reason, invoice=invoice and invoice.number)
        return row

    @db.atomic()
    def lift(self, by):
        """End the hold before its day."""
        by.must("hold", self.customer)
        same = (Hold.id == self.id) & Hold.ended_at.is_null()
        Hold.update(ended_at=now()).where(same).execute() or refuse("hold_ended")
        self.record("lifted", by)

    @classmethod
    def live(cls):
        return cls.select().where(cls.ended_at.is_null(), cls.until >= today())

    @property
    def is_live(self):
        return self.ended_at is None and self.until >= today()

    @classmethod
    def of_customers(cls, ids, mains):
        """{customer id: the live hold on the whole customer that lasts longest}. `mains`: {id: id
        of the main one} of what was merged."""
        rows = cls.live().where(cls.customer.in_(ids), cls.invoice.is_null()).order_by(cls.until)
        return {mains.get(row.customer_id, row.customer_id): row for row in rows}

    @classmethod
    def amounts_on_hold(cls, open_balances):
        """{invoice id: its open balance} of the invoices on hold, by themselves or with their
        customer."""
        of_invoice = cls.live().select(cls.invoice).where(cls.invoice.in_(list(open_balances)))
        held = cls.live().select(Customer.main_of(cls.customer)).where(cls.invoice.is_null())
        rows = Document.select(Document.id).where(
            Document.id.in_(list(open_balances)),
            Document.id.in_(of_invoice) | Document.customer.in_(Customer.groups_of(held)),
        )
        return {row.id: open_balances[row.id] for row in rows}
