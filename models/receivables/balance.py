"""What is owed, per customer and currency, each by a few grouped queries, however many documents
there are.

The sign: what a customer owes us is positive. `balance` = open invoices − unused credit (预收款 and
unused credit notes)."""

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.documents import Document
from models.documents.invoice import counts
from models.payments import Allocation, Payment, open_balance
from models.payments.refund import Refund
from models.payments.write_off import WriteOff

ISSUED = fn.COALESCE(Document.issued_on, Document.date)


def settled(day=None, only=None):
    """(invoice id, minor units settled), grouped, as a query to join; `only`: a condition on
    Document, so that one customer's balance does not add up everybody's."""
    query = Allocation.standing(day).select(
        Allocation.invoice.alias("invoice"), fn.SUM(Allocation.amount).alias("amount")
    )
    query = (
        query.where(Allocation.invoice.in_(Document.select(Document.id).where(only)))
        if only is not None
        else query
    )
    return query.group_by(Allocation.invoice)


def open_items(day=None, only=None, columns=(Document,)):
    """Invoices with something open as (Document row, .settled, .left); `day`: as it stood at the
    end of that day; `only`: a condition on Document; `columns`: fewer than the whole row, for
    reading many."""
    paid = settled(day, only).alias("paid")
    left = (Document.total - fn.COALESCE(paid.c.amount, 0)).cast(
        "BIGINT"
    )  # a SUM is a decimal on PostgreSQL
    query = (
        Document.select(*columns, left.alias("left"))
        .join(paid, pw.JOIN.LEFT_OUTER, on=(paid.c.invoice == Document.id))
        .where(Document.kind == "invoice", counts(Document, day), left > 0)
    )
    query = query.where(day >= ISSUED) if day else query
    return query.where(only) if only is not None else query


def left_of(ids):
    """{invoice id: open minor units} of these documents by one query."""
    paid = settled().where(Allocation.invoice.in_(list(ids) or [0])).tuples()
    settled_ = {ident: int(amount) for ident, amount in paid}
    rows = (
        Document.select(Document.id, Document.total)
        .where(Document.id.in_(list(ids) or [0]), Document.kind == "invoice", counts(Document))
        .tuples()
    )
    return {ident: total - settled_.get(ident, 0) for ident, total in rows}


def _sums(model, amount, where, day=None, column=None):
    """{(customer id, currency): sum}"""
    query = model.select(model.customer, model.currency, fn.SUM(amount)).where(where)
    if day:
        query = query.where(column <= day)
    return {
        (c, cur): int(total)
        for c, cur, total in query.group_by(model.customer, model.currency).tuples()
    }


def balances(day=None, customers=None):
    """{(customer id, currency): {"open", "credit", "balance"}} over all, or over the `customers` of
    a query of ids."""
    within = (
        (lambda model: model.customer.in_(customers))
        if customers is not None
        else (lambda model: model.id.is_null(False))
    )

    def papers(kind):
        return _sums(
            Document,
            Document.total,
            (Document.kind == kind) & counts(Document, day) & within(Document),  # noqa: E731
            day,
            ISSUED,
        )

    invoices, notes = papers("invoice"), papers("credit_note")
    payments = _sums(
        Payment, Payment.amount, Payment.counts(day) & within(Payment), day, Payment.received_on
    )
    refunds = _sums(Refund, Refund.amount, Refund.counts(day) & within(Refund), day, Refund.paid_on)
    given_up = _sums(
        WriteOff, WriteOff.amount, WriteOff.counts(day) & within(WriteOff), day, WriteOff.decided_on
    )
    settled_ = _settled_by_customer(day, customers)
    found = {}
    for key in set().union(invoices, notes, payments, refunds, given_up):
        open_ = invoices.get(key, 0) - settled_.get(key, 0)
        balance = (
            invoices.get(key, 0)
            - notes.get(key, 0)
            - payments.get(key, 0)
            + refunds.get(key, 0)
            - given_up.get(key, 0)
        )
        found[key] = {"open": open_, "credit": open_ - balance, "balance": balance}
    return found


def _settled_by_customer(day, customers):
    """{(customer id, currency): minor units of invoices that are settled}"""
    paid = settled(day, None if customers is None else Document.customer.in_(customers)).alias(
        "paid"
    )
    query = (
        Document.select(Document.customer, Document.currency, fn.SUM(paid.c.amount))
        .join(paid, on=(paid.c.invoice == Document.id))
        .where(counts(Document, day))
    )
    query = query.where(day >= ISSUED) if day else query
    query = query.where(Document.customer.in_(customers)) if customers is not None else query
    return {
        (c, cur): int(total)
        for c, cur, total in query.group_by(Document.customer, Document.currency).tuples()
    }


def balance_of(customer, currency, day=None):
    """{"open", "credit", "balance"} of one customer in one currency."""
    return balances(day, [customer.id]).get(
        (customer.id, currency), {"open": 0, "credit": 0, "balance": 0}
    )


def by_money(query, state):
    """The query narrowed to invoices that are open, partly_paid, paid or overdue: money_state() as
    one query."""
    paid = fn.COALESCE(
        Allocation.standing()
        .select(fn.SUM(Allocation.amount))
        .where(Allocation.invoice == Document.id),
        0,
    )
    invoices = query.where(Document.kind == "invoice", Document.state.in_(("issued", "archived")))
    late = Document.due_on.is_null(False) & (Document.due_on < today())
    return {
        "paid": invoices.where(paid >= Document.total),
        "overdue": invoices.where(paid < Document.total, late),
        "open": invoices.where(paid < Document.total, ~late, paid == 0),
        "partly_paid": invoices.where(paid < Document.total, ~late, paid > 0),
    }[state]


def money_states(documents):
    """{id: money_state()} of the invoices among these, by two queries however many they are."""
    left = left_of([document.id for document in documents])
    return {d.id: money_state(d, left[d.id]) for d in documents if d.id in left}


def money_state(document, left=None):
    """open, partly_paid, paid or overdue; derived, never stored; None for other documents. `left`:
    the open balance, where it is known already."""
    if document.kind != "invoice" or document.state not in ("issued", "archived"):
        return None
    left = open_balance(document) if left is None else left
    if left <= 0:
        return "paid"
    if document.due_on and document.due_on < today():
        return "overdue"
    return "partly_paid" if left < document.total else "open"
