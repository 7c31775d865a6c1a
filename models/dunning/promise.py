"""A customer's promise to pay an amount by a day; until then reminders do not claim it."""

import datetime as dt

import peewee as pw

from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.fields import MoneyField
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.customers import Contact, Customer
from models.documents import Document
from models.payments import open_balance

LONGEST = 60


class Promise(Journaled, Model):
    """To pay `amount` of the invoice by `day`. Whether it was kept is derived from what has been
    paid since."""

    customer = pw.ForeignKeyField(Customer, backref="promises")
    invoice = pw.ForeignKeyField(Document, backref="promises")
    amount = MoneyField()
    open_then = MoneyField()
    day = pw.DateField()
    note = pw.CharField(max_length=500, default="")
    author = pw.CharField()
    contact = pw.ForeignKeyField(Contact, null=True)
    at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)

    @classmethod
    @db.atomic()
    def give(cls, by, invoice, amount, day, note=""):
        """Promise as the customer's contact, or record a promise as staff. A contact may have one
        live promise on an invoice, and none after a broken one: then staff decide."""
        if by.roles:
            by.must("hold", invoice.customer)
        by.sees.documents().where(Document.id == invoice.id).exists() or refuse("not_yours")
        open_amount = open_balance(invoice)
        open_amount > 0 or refuse("not_an_open_invoice")
        0 < amount <= open_amount or refuse(
            "more_than_open" if amount > 0 else "amount_positive", number=invoice.number
        )
        day >= today() or refuse("day_in_past")
        if not by.roles:
            day <= today() + dt.timedelta(days=LONGEST) or refuse("promise_too_far", days=LONGEST)
            earlier = list(cls.select().where(cls.invoice == invoice.id, cls.ended_at.is_null()))
            if any(p.is_live for p in earlier):
                refuse("promise_live")
            if any(p.state == "broken" for p in earlier):
                refuse("promise_broken")
        row = cls.create(
            customer=invoice.customer_id,
            invoice=invoice,
            amount=amount,
            open_then=open_amount,
            day=day,
            note=note.strip()[:500],
            author=by.name,
            contact=None if by.roles else by,
            at=now(),
        )
        row.record("promised", by, amount=amount, day=day, number=invoice.number)
        return row

    @db.atomic()
    def cancel(self, by):
        """End the promise; its amount is claimed again."""
        if not by.roles:
            raise Forbidden("hold")
        by.must("hold", self.customer)
        same = (Promise.id == self.id) & Promise.ended_at.is_null()
        Promise.update(ended_at=now()).where(same).execute() or refuse("hold_ended")
        self.record("cancelled", by)

    @classmethod
    def live(cls):
        return cls.select().where(cls.ended_at.is_null(), cls.day >= today())

    @property
    def is_live(self):
        return self.ended_at is None and self.day >= today()

    @property
    def state(self):
        """live, kept, broken or cancelled."""
        return "cancelled" if self.ended_at else self.state_at(open_balance(self.invoice))

    def state_at(self, open_amount):
        """The same, where the caller knows the open amount of the invoice."""
        if self.ended_at:
            return "cancelled"
        if self.open_then - open_amount >= self.amount:
            return "kept"
        return "live" if self.is_live else "broken"

    @classmethod
    def amounts_on_hold(cls, open_balances):
        """{invoice id: minor units} promised and not yet paid, until the promised day."""
        amounts = {}
        for row in cls.live().where(cls.invoice.in_(list(open_balances))):
            paid_since = max(0, row.open_then - open_balances[row.invoice_id])
            unpaid = max(0, row.amount - paid_since)
            amounts[row.invoice_id] = amounts.get(row.invoice_id, 0) + unpaid
        return amounts


def _promised(document):
    return Event.about(Promise, document.promises.select(Promise.id))


Journaled.companions[Document].append(_promised)
