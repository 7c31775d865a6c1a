"""The same answers by the plainest way, row by row: what the product's quick queries must agree
with."""

from peewee import fn

from models.adapters.search import words
from models.adapters.search.texts import IndexedText
from models.documents import Document
from models.payments import Allocation, Payment
from models.payments.refund import Refund, credit_left
from models.receivables.ageing import UPPER


def found_by_like(text, kind):
    """The indexed texts of one kind that hold every word, by LIKE over everything."""
    query = IndexedText.select(IndexedText.ident).where(IndexedText.kind == kind)
    for word in words(text):
        query = query.where(IndexedText.body.contains(word))
    return query


def bucket_of(days):
    """The bucket of an invoice that is so many days late (or old)."""
    return next((i for i, most in enumerate(UPPER) if days <= most), len(UPPER))


def credits_of(customer, currency=None):
    """[(Payment or credit note, minor units unused)] of the customer, oldest first."""
    payments = (
        Payment.select()
        .where(Payment.customer == customer.id, Payment.state == "confirmed")
        .order_by(Payment.received_on, Payment.id)
    )
    notes = (
        Document.standing()
        .where(Document.customer == customer.id, Document.kind == "credit_note")
        .order_by(Document.issued_on)
    )
    if currency:
        payments, notes = (
            payments.where(Payment.currency == currency),
            notes.where(Document.currency == currency),
        )
    used = dict(
        Allocation.select(Allocation.payment, fn.SUM(Allocation.amount))
        .where(Allocation.payment.in_(payments.select(Payment.id).order_by()))
        .group_by(Allocation.payment)
        .tuples()
    )
    back = dict(
        Refund.standing()
        .select(Refund.payment, fn.SUM(Refund.amount))
        .where(Refund.customer == customer.id, Refund.payment.is_null(False))
        .group_by(Refund.payment)
        .tuples()
    )
    found = [(p, p.amount - int(used.get(p.id, 0)) - int(back.get(p.id, 0))) for p in payments]
    return [
        (source, left) for source, left in found + [(n, credit_left(n)) for n in notes] if left > 0
    ]
