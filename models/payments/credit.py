"""What we hold for a customer: payments and credit notes that are not used up yet."""

from collections import Counter

from peewee import fn

from models.customers import Customer
from models.documents import Document
from models.payments import credit_note
from models.payments.allocation import Allocation
from models.payments.payment import Payment
from models.payments.refund import Refund


def unused_credit(customer_id, currency):
    """[(payment or credit note, minor units unused)] of the customer, oldest first."""
    group = Customer.group_of(customer_id)
    payments = Payment.select().where(
        Payment.counts(), Payment.customer.in_(group), Payment.currency == currency
    )
    notes = Document.standing().where(
        Document.kind == "credit_note",
        Document.customer.in_(group),
        Document.currency == currency,
    )
    used_payments, used_notes = _used("payment", payments), _used("credit_note", notes)
    found = [(p.received_on, p, p.amount - used_payments[p.id]) for p in payments]
    found += [(n.issued_on or n.date, n, n.total - used_notes[n.id]) for n in notes]
    found.sort(key=lambda row: (row[0], row[1].id))
    return [(source, left) for _day, source, left in found if left > 0]


def _used(name, sources):
    """{id of the source: minor units allocated or refunded}."""
    used, ids = Counter(), sources.select(sources.model.id)
    for rows in (Allocation.select(), Refund.standing()):
        source = getattr(rows.model, name)
        sums = rows.select(source, fn.SUM(rows.model.amount)).where(source.in_(ids))
        used.update({ident: int(amount) for ident, amount in sums.group_by(source).tuples()})
    return used


def use_credit(by, source, invoice, amount):
    """Settle part of the invoice with the payment or credit note."""
    if isinstance(source, Payment):
        source.allocate(by, invoice, amount)
    else:
        credit_note.set_off(by, source, invoice, amount)
