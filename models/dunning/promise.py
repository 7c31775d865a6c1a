"""A customer's word to pay so much by a day: until then that much is not claimed."""

import datetime as dt

import peewee as pw

from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Contact, Customer
from models.documents import Document
from models.payments import open_balance

LONGEST = 60


class Promise(Journaled, Model):
    """To pay `amount` of the invoice by `day`. Kept or broken is derived from what is open
    since."""

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
        """Promise as the customer's contact, or note a promise as staff. A contact has one at a
        time, and no further one on an invoice after a broken one: then staff decide."""
        if by.roles:
            by.must("hold", invoice.customer)
        by.sees.documents().where(Document.id == invoice.id).exists() or refuse("not_yours")
        left = open_balance(invoice)
        left > 0 or refuse("not_an_open_invoice")
        0 < amount <= left or refuse(
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
            open_then=left,
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
        """Take the promise off; its amount is claimed again."""
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

    def state_at(self, left):
        """The same where `left` of the invoice is open."""
        if self.ended_at:
            return "cancelled"
        if self.open_then - left >= self.amount:
            return "kept"
        return "live" if self.is_live else "broken"

    @classmethod
    def held(cls, open_):
        """What is promised and not yet paid, until the promised day."""
        found = {}
        for row in cls.live().where(cls.invoice.in_(list(open_))):
            paid_since = max(0, row.open_then - open_[row.invoice_id])
            found[row.invoice_id] = found.get(row.invoice_id, 0) + max(0, row.amount - paid_since)
        return found
