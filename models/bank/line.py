"""Lines of bank statements: taken in once, booked once."""
import hashlib
from collections import Counter

import peewee as pw

from models import blobs
from models.bank.reading import read
from models.base import Model, MoneyField, canonical, db, now, refuse
from models.events import Journaled
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

    @classmethod
    @db.atomic()
    def take_in(cls, by, filename, data, currency, date_order=""):
        """Read the file; {"new", "known", "outgoing"}: a line seen before, in whatever file, is not taken twice; two equal lines
        of one file are two payments."""
        by.must("pay")
        rows, seen, counts = read(data, filename, currency, date_order), Counter(), Counter(new=0, known=0, outgoing=0)
        file = blobs.keep(data)
        for row in rows:
            if row.amount <= 0:
                counts["outgoing"] += 1
                continue
            same = _identity(row)
            seen[same] += 1
            mark = hashlib.sha256(canonical([*same, seen[same]]).encode()).hexdigest()
            if cls.select().where(cls.fingerprint == mark).exists():
                counts["known"] += 1
                continue
            line = cls.create(fingerprint=mark, account=row.account, booked_on=row.booked_on, currency=row.currency, amount=row.amount,
                              payer=row.payer, payer_account=row.payer_account, text=row.text, reference=row.reference,
                              filename=filename[:200], file=file, by=by, at=now())
            line.record("taken_in", by, amount=row.amount, currency=row.currency)
            counts["new"] += 1
        return dict(counts)

    @classmethod
    def waiting(cls):
        """Those not yet booked nor set aside, oldest first."""
        return cls.select().where(cls.state == "new").order_by(cls.booked_on, cls.id)

    @property
    def name(self):
        return f"{self.booked_on} {self.payer or self.text[:40]}".strip()

    @db.atomic()
    def book(self, by, customer, parts=(), charges=0, reported=None):
        """Make it a payment of the customer that settles `parts` [(invoice, amount)], or confirm the payment it `reported`.
        `charges` the banks kept on the way are added: the customer sent that much more."""
        by.must("pay")
        charges >= 0 or refuse("charges_too_high")
        amount, text = self.amount + charges, " ".join(filter(None, [self.reference, self.text]))[:200]
        if reported:
            reported.customer_id == customer.id and reported.currency == self.currency or refuse("other_customer")
            reported.confirm(by, amount, self.booked_on, parts or None, charges)
            payment = reported
        else:
            payment = Payment.receive(by, customer, self.currency, amount, self.booked_on, text, "bank", parts, charges)
        self.move("new", to="booked", payment=payment)
        self.record("booked", by, payment=payment.number)
        return payment

    @db.atomic()
    def set_aside(self, by, reason):
        """It is no payment of a customer."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move("new", to="set_aside", note=reason.strip()[:500])
        self.record("set_aside", by, reason=reason)

    @db.atomic()
    def take_up(self, by):
        """Look at it again after it was set aside, or after its payment was reversed."""
        by.must("pay")
        self.move("set_aside", "booked", to="new", payment=None, note="")
        self.record("taken_up", by)


def _identity(row):
    """What makes a line itself: the bank's own reference where there is one, else all that it says."""
    if row.reference:
        return (row.account, row.reference, row.booked_on.isoformat(), row.amount, row.currency)
    return (row.account, row.booked_on.isoformat(), row.amount, row.currency, row.payer, row.payer_account, row.text)
