"""Lines of bank statements: imported once, booked once."""

import peewee as pw

from models.bank.bank_file import BankFile
from models.bank.known import FILLED
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.payments import Payment
from models.people import User


class BankLine(Journaled, Model):
    """Money that arrived at the bank: new → booked as a payment, or set aside with a reason."""

    state = pw.CharField(max_length=10, default="new", index=True)
    fingerprint = pw.CharField(max_length=64, unique=True)
    account = pw.CharField(default="")
    booked_on = pw.DateField()
    currency = pw.CharField(max_length=3)
    amount = MoneyField()
    payer = pw.CharField(default="")
    payer_account = pw.CharField(default="")
    text = pw.CharField(max_length=1000, default="")
    reference = pw.CharField(default="")
    filename = pw.CharField(default="")
    file = pw.CharField(max_length=64)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    payment = pw.ForeignKeyField(Payment, null=True, backref="bank_lines")
    note = pw.CharField(max_length=500, default="")
    balance = MoneyField(null=True)
    source = pw.ForeignKeyField(BankFile, null=True, backref="lines")

    @classmethod
    def enter(cls, by, row, source, fingerprint):
        """A new line, as a part of taking its file in."""
        names = ("account", "booked_on", "currency", "amount", *FILLED)
        line = cls.create(
            **{name: getattr(row, name) for name in names},
            fingerprint=fingerprint,
            filename=source.filename[:200],
            file=source.file,
            source=source,
            by=by,
            at=now(),
        )
        line.record("taken_in", by, amount=row.amount, currency=row.currency)
        return line

    def complete(self, by, source, values):
        """Fill what was empty from a later reading; what is there stays."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save()
        self.record("completed", by, bank_file=source.id, filled=values)

    def empty(self, by, values):
        """Take back what a reading had filled, where it still stands."""
        same = {n: v for n, v in values.items() if getattr(self, n) == v}
        for name in same:
            setattr(self, name, None if name == "balance" else "")
        if same:
            self.save()
            self.record("emptied", by, filled=same)

    @classmethod
    def waiting(cls):
        """Those neither booked nor set aside, oldest first."""
        return cls.select().where(cls.state == "new").order_by(cls.booked_on, cls.id)

    @classmethod
    def done(cls):
        """Those booked or set aside, the last first."""
        return cls.select().where(cls.state != "new").order_by(cls.id.desc())

    @property
    def name(self):
        return f"{self.booked_on} {self.payer or self.text[:40]}".strip()

    @db.atomic()
    def book(self, by, customer, parts=(), charges=0, reported=None):
        """Book it as a payment of the customer that settles `parts` [(invoice, amount)], or confirm
        the payment that the customer `reported`. `charges` deducted by the banks are added, as the
        customer sent that much more."""
        by.must("pay")
        charges >= 0 or refuse("charges_too_high")
        amount, text = (
            self.amount + charges,
            " ".join(filter(None, [self.reference, self.text]))[:200],
        )
        if reported:
            customer.is_one_with(
                reported.customer_id
            ) and reported.currency == self.currency or refuse("other_customer")
            reported.confirm(by, amount, self.booked_on, parts or None, charges)
            payment = reported
        else:
            payment = Payment.receive(
                by, customer, self.currency, amount, self.booked_on, text, "bank", parts, charges
            )
        self.move("new", to="booked", payment=payment)
        self.record("booked", by, payment=payment.number)
        return payment

    @db.atomic()
    def ignore(self, by, reason):
        """Set it aside: it is no payment of a customer."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move("new", to="set_aside", note=reason.strip()[:500])
        self.record("set_aside", by, reason=reason)

    @db.atomic()
    def reopen(self, by):
        """Look at it again after it was set aside, or after its payment was reversed."""
        by.must("pay")
        self.move("set_aside", "booked", to="new", payment=None, note="")
        self.record("taken_up", by)
