"""Lines of bank statements: imported once, booked once."""

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
        """Import the file; {"new", "known", "outgoing"} are counts. A line that came with an
        earlier file is not imported again. Two equal lines of one file are two payments, and so are
        equal lines of two files after which the account's balance differs."""
        by.must("pay")
        blobs.check_size(data)
        rows = read(data, filename, currency, date_order)
        counts, matched_ids = Counter(new=0, known=0, outgoing=0), set()
        file = blobs.keep(data)
        for row in rows:
            if row.amount <= 0:
                counts["outgoing"] += 1
                continue
            identical = list(
                cls.select()
                .where(*[getattr(cls, name) == value for name, value in _identity(row).items()])
                .order_by(cls.id)
            )
            known = _known_line(row, [line for line in identical if line.id not in matched_ids])
            if known:
                matched_ids.add(known.id)
                counts["known"] += 1
                continue
            line = cls.create(
                fingerprint=_fingerprint(row, len(identical) + 1),
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
            matched_ids.add(line.id)
            counts["new"] += 1
        return dict(counts)

    @classmethod
    def waiting(cls):
        """Those neither booked nor set aside, oldest first."""
        return cls.select().where(cls.state == "new").order_by(cls.booked_on, cls.id)

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


def _identity(row):
    """The fields that identify a line: with the bank's own reference where there is one, else
    all of them."""
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


def _known_line(row, candidates):
    """The line of an earlier file that this row repeats, or None. Where both files give the
    account's balance, it must be the same."""
    return next((line for line in candidates if line.balance == row.balance), None) or next(
        (line for line in candidates if line.balance is None or row.balance is None), None
    )


def _fingerprint(row, occurrence):
    """The unique key of the line, which counts equal lines: two imports at once cannot both create
    it."""
    values = [
        value.isoformat() if name == "booked_on" else value
        for name, value in _identity(row).items()
        if value or name != "reference"
    ]
    return hashlib.sha256(canonical([*values, occurrence]).encode()).hexdigest()
