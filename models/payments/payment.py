"""Payments by customers, and what they were for."""

import secrets

import peewee as pw
from peewee import fn

from models.adapters import blobs, received
from models.core import filenames
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.core.prepared import prepared
from models.customers import Contact, Customer, CustomerAct
from models.documents import Document
from models.numbering import NUMBERED, NumberSeries
from models.payments.allocation import Allocation, open_balance

SLIP_TYPES = {"application/pdf", "image/png", "image/jpeg"}
MOST_SLIP = 10 * 2**20


class Payment(Journaled, Model):
    """A payment by a customer: reported → confirmed (→ reversed) or declined.

    What is neither allocated nor refunded is the customer's credit (预收款). `amount` is what
    counts for the customer, including `charges` that banks deducted at our cost. The number is
    drawn when finance confirms; before that it is a placeholder that begins with ~."""

    number = pw.CharField(unique=True)
    state = pw.CharField(max_length=10, default="confirmed")
    customer = pw.ForeignKeyField(Customer, backref="payments")
    currency = pw.CharField(max_length=3)
    amount = MoneyField()
    charges = MoneyField(default=0)
    received_on = pw.DateField()
    method = pw.CharField(max_length=20, default="bank")
    reference = pw.CharField(default="")
    reverse_reason = pw.CharField(max_length=500, default="")
    reversed_on = pw.DateField(null=True)
    reported_by = pw.ForeignKeyField(Contact, null=True)
    reported_at = pw.DateTimeField(null=True)
    wanted = JSONField(default=list)  # [[invoice id, amount]] as the customer named them
    slip = pw.CharField(max_length=64, null=True)
    slip_name = pw.CharField(default="")

    class Meta:
        hidden_by = "id"
        indexes = ((("customer", "currency", "received_on", "state", "amount"), False),)

    @classmethod
    def counts(cls, day=None):
        """The condition that the payment counts now, or counted at the end of `day`."""
        return (
            (cls.state == "confirmed") | (cls.reversed_on > day)
            if day
            else cls.state == "confirmed"
        )

    @classmethod
    def reported(cls):
        """Payments that customers reported and finance has not confirmed yet."""
        return cls.select().where(cls.is_reported())

    @classmethod
    def is_reported(cls):
        """The condition, written out, as the partial index is only used then."""
        return cls.state == pw.SQL("'reported'")

    @classmethod
    def reported_for(cls, invoice):
        """Minor units that were reported and not yet confirmed for this invoice."""
        return cls.reported_amounts([invoice.id]).get(invoice.id, 0)

    @classmethod
    def reported_amounts(cls, invoices):
        """{invoice id: minor units} that customers reported as paid for these invoices and finance
        has not confirmed yet."""
        owing = Document.select(Customer.main_of(Document.customer))
        owing = owing.where(Document.id.in_(list(invoices)))
        found = {}
        for payment in cls.reported().where(cls.customer.in_(Customer.groups_of(owing))):
            for ident, part in payment.wanted:
                if ident in invoices:
                    found[ident] = found.get(ident, 0) + part
        return found

    @classmethod
    @db.atomic()
    def receive(
        cls,
        by,
        customer,
        currency,
        amount,
        received_on=None,
        reference="",
        method="bank",
        allocations=(),
        charges=0,
    ):
        """Record a payment and allocate it [(invoice, amount)]; refused beyond an open balance."""
        by.must("pay")
        customer.must_stand()
        amount > 0 or refuse("amount_positive")
        0 <= charges < amount or refuse("charges_too_high")
        received_on = received_on or today()
        received_on <= today() or refuse("day_in_future")
        number, _, _ = NumberSeries.draw("payment")
        payment = cls.create(
            number=number,
            customer=customer,
            currency=currency,
            amount=amount,
            charges=charges,
            received_on=received_on,
            reference=reference,
            method=method,
        )
        payment.record("received", by, amount=amount, currency=currency)
        for invoice, part in allocations:
            payment.allocate(by, invoice, part)
        return payment

    @classmethod
    def report(
        cls, contact, currency, amount, paid_on, reference="", wanted=(), slip=b"", slip_name=""
    ):
        """The customer reports a payment of `amount` for the invoices `wanted` [(invoice, amount)],
        or the oldest ones if none are named; `slip` is the bytes of its proof or what is Received.
        Nothing is settled before finance confirms."""
        slip = received.examined(slip)
        if slip:
            len(slip.data) <= MOST_SLIP and slip.mime in SLIP_TYPES or refuse("slip_kind")
        return cls._report(contact, currency, amount, paid_on, reference, wanted, slip, slip_name)

    @classmethod
    @db.atomic()
    def _report(cls, contact, currency, amount, paid_on, reference, wanted, slip, slip_name):
        CustomerAct.count(contact, "payment", slip)
        amount > 0 or refuse("amount_positive")
        paid_on <= today() or refuse("day_in_future")
        wanted = list(wanted) or _oldest_first(contact, currency, amount)
        for invoice, part in wanted:
            contact.sees.documents().where(Document.id == invoice.id).exists() or refuse(
                "not_yours"
            )
            invoice.currency == currency or refuse("other_currency")
            0 < part <= open_balance(invoice) or refuse("more_than_open", number=invoice.number)
        sum(part for _, part in wanted) <= amount or refuse("more_than_payment")
        payment = cls.create(
            number=f"~{secrets.token_hex(8)}",
            state="reported",
            customer=contact.customer.leading,
            currency=currency,
            amount=amount,
            received_on=paid_on,
            reference=reference,
            reported_by=contact,
            reported_at=now(),
            wanted=[[invoice.id, part] for invoice, part in wanted],
            slip=blobs.keep(slip.data) if slip else None,
            slip_name=filenames.of_kind(slip_name, slip.extension) if slip else "",
        )
        payment.record("reported", contact, amount=amount, currency=currency)
        return payment

    @classmethod
    @db.atomic()
    def enter_imported(cls, by, invoice, amount, day, reference="", part=1):
        """Record the payment of an imported invoice, outside our own number series. What the file
        calls paid has been paid by today at the latest, though it may be due later."""
        by.must("import")
        payment = cls.built_imported(invoice, amount, day, reference, part)
        payment.save()
        payment.record("imported", by, amount=amount, currency=invoice.currency)
        Allocation.make(by, invoice, amount, payment=payment)
        return payment

    @classmethod
    def built_imported(cls, invoice, amount, day, reference="", part=1):
        """The payment of an imported invoice, not written yet. `part`: which one of several."""
        more = f" ({part})" if part > 1 else ""
        return cls.of_values(
            {
                "number": f"IMP-{invoice.number}{more}"[:255],
                "customer": invoice.customer_id,
                "currency": invoice.currency,
                "amount": amount,
                "received_on": min(day, today()),
                "method": "imported",
                "reference": reference or invoice.number,
            }
        )

    @db.atomic()
    def rewrite(self, by, amount, received_on, currency, reference):
        """Let the payment that an import made be what a later import says of it; with 0 there was
        none, so it no longer counts."""
        by.must("import")
        self.method == "imported" or refuse("imported_touched", value=self.number)
        before = dict(self.__data__)
        self.move(
            *("confirmed", "reversed"),
            to="confirmed" if amount else "reversed",
            amount=amount or self.amount,
            received_on=received_on,
            currency=currency,
            reference=reference,
            reversed_on=None if amount else received_on,
        )
        facts = {"amount": self.amount, "currency": currency, **self.changes_since(before)}
        if not amount:
            self.record("reversed", by, **facts)
        elif before["state"] == "reversed":
            self.record("imported", by, **facts)
        else:
            self.record("rewritten", by, **facts)
        allocation = self.allocations.get()
        allocation.amount = self.amount
        allocation.save_changes(by, "rewritten")

    @property
    def name(self):
        return "" if self.number.startswith("~") else self.number

    @db.atomic()
    def confirm(self, by, amount=None, received_on=None, allocations=None, charges=0):
        """Confirm that the reported payment was received, perhaps with another amount or day. It
        settles `allocations`, or the invoices that the customer named, as far as they are open."""
        by.must("pay")
        amount, received_on = amount or self.amount, received_on or self.received_on
        amount > 0 or refuse("amount_positive")
        0 <= charges < amount or refuse("charges_too_high")
        received_on <= today() or refuse("day_in_future")
        number, _, _ = NumberSeries.draw("payment")
        self.move(
            "reported",
            to="confirmed",
            number=number,
            amount=amount,
            received_on=received_on,
            charges=charges,
        )
        self.record("confirmed", by, amount=amount, currency=self.currency)
        for invoice, part in self.proposal() if allocations is None else allocations:
            self.allocate(by, invoice, part)

    def proposal(self):
        """[(invoice, amount)] as the customer named them, limited to open balances and the
        payment."""
        found, remaining = [], self.amount
        for ident, part in self.wanted:
            invoice = Document.get_or_none(Document.id == ident)
            part = min(part, remaining, open_balance(invoice)) if invoice else 0
            if part > 0:
                found.append((invoice, part))
                remaining -= part
        return found

    @db.atomic()
    def decline(self, by, reason):
        """Decline the report: the payment was not received."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        self.move("reported", to="declined", reverse_reason=reason.strip()[:500])
        self.record("declined", by, reason=reason)

    @db.atomic()
    def allocate(self, by, invoice, amount):
        """Settle part of an invoice with this payment."""
        by.must("pay")
        self.state == "confirmed" or refuse("state_changed", now=self.state)
        invoice.customer.is_one_with(self.customer_id) or refuse("other_customer")
        invoice.currency == self.currency or refuse("other_currency")
        amount <= self.unallocated() or refuse("more_than_payment")
        Allocation.make(by, invoice, amount, payment=self)

    @db.atomic()
    def reverse(self, by, reason):
        """Reverse a confirmed payment; its allocations no longer count. Refused while it has a
        valid refund."""
        by.must("pay")
        reason.strip() or refuse("reason_needed")
        if self.refunds.where(self.refunds.model.state == "confirmed").exists():
            refuse("has_refunds")
        self.move(
            "confirmed", to="reversed", reverse_reason=reason.strip()[:500], reversed_on=today()
        )
        for line in self.bank_lines.where(self.bank_lines.model.state == "booked"):
            line.reopen(by)
        self.record("reversed", by, number=self.number, reason=reason)

    @db.atomic()
    def destroy_slip(self, by, reason):
        """Forget the customer's proof of payment. Called by its filing only."""
        self.slip, self.slip_name = None, ""
        self.save()
        self.record("erased", by, reason=reason)

    def unallocated(self):
        """The part of a confirmed payment that is neither allocated nor refunded."""
        if self.state != "confirmed":
            return 0
        (used,), (refunded,) = *_allocated_of(self.id), *_refunded_of(self.id)
        return self.amount - int(used) - int(refunded)


@prepared
def _allocated_of(payment):
    sums = Allocation.select(fn.COALESCE(fn.SUM(Allocation.amount), 0))
    return sums.where(Allocation.payment == payment).tuples()


@prepared
def _refunded_of(payment):
    refund = Payment.refunds.rel_model
    sums = refund.standing().select(fn.COALESCE(fn.SUM(refund.amount), 0))
    return sums.where(refund.payment == payment).tuples()


def _oldest_first(contact, currency, amount):
    """[(invoice, amount)] of the contact's open invoices, the oldest first, up to the amount."""
    found = []
    for invoice in (
        contact.sees.documents()
        .where(
            Document.kind == "invoice", Document.currency == currency, Document.state != "voided"
        )
        .order_by(Document.due_on, Document.id)
    ):
        part = min(amount, open_balance(invoice))
        if part > 0:
            found.append((invoice, part))
            amount -= part
    return found


def _reversed_at(document):
    """Events that took a payment back from the invoice."""
    ids = Allocation.select(Allocation.payment).where(
        Allocation.invoice == document.id, Allocation.payment.is_null(False)
    )
    return Event.about(Payment, ids, "reversed")


def _allocated(payment):
    return Event.about(Allocation, payment.allocations.select(Allocation.id))


Journaled.companions[Document].append(_reversed_at)
Journaled.companions[Payment] = [_allocated]
NUMBERED["payment"] = Payment.select
