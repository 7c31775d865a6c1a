"""Lines of bank statements: taken in once, booked once."""

import hashlib
from collections import Counter

import peewee as pw

from models.adapters import blobs
from models.bank.reading import read
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import MoneyField, canonical
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

    @classmethod
    @db.atomic()
    def import_file(cls, by, filename, data, currency, date_order=""):
        """Read the file; {"new", "known", "outgoing"}: a line seen before, in whatever file, is not
        taken twice; two equal lines of one file are two payments, and so are equal lines of two
        files behind which the account's balance differs."""
        by.must("pay")
        blobs.check_size(data)
        rows, counts, seen = (
            read(data, filename, currency, date_order),
            Counter(new=0, known=0, outgoing=0),
            set(),
        )
        file = blobs.keep(data)
        for row in rows:
            if row.amount <= 0:
                counts["outgoing"] += 1
                continue
            same = list(
                cls.select()
                .where(*[getattr(cls, name) == value for name, value in _identity(row).items()])
                .order_by(cls.id)
            )
            known = next(
                (line for line in same if line.id not in seen and line.balance == row.balance), None
            ) or next(
                (
                    line
                    for line in same
                    if line.id not in seen and (line.balance is None or row.balance is None)
                ),
                None,
            )
            if known:
                seen.add(known.id)
                counts["known"] += 1
                continue
            line = cls.create(
                fingerprint=_mark(row, len(same) + 1),
                account=row.account,
                booked_on=row.booked_on,
                currency=row.currency,
                amount=row.amount,
                payer=row.payer,
                payer_account=row.payer_account,
                text=row.text,
                reference=row.reference,
                balance=row.balance,
                filename=filename[:200],
                file=file,
                by=by,
                at=now(),
            )
            line.record("taken_in", by, amount=row.amount, currency=row.currency)
            seen.add(line.id)
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
        """Make it a payment of the customer that settles `parts` [(invoice, amount)], or confirm
        the payment it `reported`. `charges` the banks kept on the way are added: the customer sent
        that much more."""
        by.must("pay")
        charges >= 0 or refuse("charges_too_high")
        amount, text = (
            self.amount + charges,
            " ".join(filter(None, [self.reference, self.text]))[:200],
        )
        if reported:
            reported.customer_id == customer.id and reported.currency == self.currency or refuse(
                "other_customer"
            )
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
        """It is no payment of a customer."""
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


def _identity(row):
    """What makes a line itself: the bank's own reference where there is one, else all that it
    says."""
    by_reference = ("account", "reference", "booked_on", "amount", "currency")
    by_words = (
        "account",
        "booked_on",
        "amount",
        "currency",
        "payer",
        "payer_account",
        "text",
        "reference",
    )
    return {name: getattr(row, name) for name in (by_reference if row.reference else by_words)}


def _mark(row, place):
    """The unique key of the line as the so-manieth of its equals: two readings at once cannot both
    take it."""
    said = [
        value.isoformat() if name == "booked_on" else value
        for name, value in _identity(row).items()
        if value or name != "reference"
    ]
    return hashlib.sha256(canonical([*said, place]).encode()).hexdigest()
