"""Balances per customer and currency, each in a fixed number of grouped queries.

Sign: what a customer owes us is positive. `balance` = open invoices − unused credit (预收款 and
unused credit notes)."""

from collections import Counter, defaultdict

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.database import db
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.payments import Allocation, Payment, open_balance, settled
from models.payments.refund import Refund
from models.payments.write_off import WriteOff

NOTHING = {"open": 0, "credit": 0, "balance": 0}


def open_items(day=None, only=None, columns=(Document,)):
    """Invoices with an open balance, which each row has as `left`. `day`: as it was at the end of
    that day; `only`: a condition on Document; `columns`: those to read, fewer for many rows."""
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
    """{invoice id: open minor units} of these documents, in two queries."""
    paid = settled().where(Allocation.invoice.in_(list(ids) or [0])).tuples()
    amounts = {ident: int(amount) for ident, amount in paid}
    rows = (
        Document.select(Document.id, Document.total)
        .where(Document.id.in_(list(ids) or [0]), Document.kind == "invoice", counts(Document))
        .tuples()
    )
    return {ident: total - amounts.get(ident, 0) for ident, total in rows}


def _sums(name, model, where, day=None, column=None):
    """A query of (name, customer id, currency, sum of the rows that meet the condition)."""
    amount = Document.total if model is Document else model.amount
    rows = model.select(pw.SQL(f"'{name}'"), model.customer, model.currency, fn.SUM(amount))
    rows = rows.where(where, column <= day) if day else rows.where(where)
    return rows.group_by(model.customer, model.currency)


def balances(day=None, customers=None):
    """{(customer id, currency): {"open", "credit", "balance"}} of all customers, or of those in a
    query or list of ids; in one query."""

    def within(model):
        return model.id.is_null(False) if customers is None else model.customer.in_(customers)

    def documents(name, kind):
        where = (Document.kind == kind) & counts(Document, day) & within(Document)
        return _sums(name, Document, where, day, ISSUED)

    def others(name, model, column):
        return _sums(name, model, model.counts(day) & within(model), day, column)

    query = (
        documents("invoices", "invoice")
        .union_all(documents("notes", "credit_note"))
        .union_all(others("payments", Payment, Payment.received_on))
        .union_all(others("refunds", Refund, Refund.paid_on))
        .union_all(others("given_up", WriteOff, WriteOff.decided_on))
        .union_all(_settled_by_customer(day, customers))
    )
    sums = defaultdict(Counter)
    for name, customer, currency, amount in db.execute(query):
        sums[customer, currency][name] = int(amount)
    found = {}
    for key, sums_of_key in sums.items():
        open_amount = sums_of_key["invoices"] - sums_of_key["settled"]
        balance = (
            sums_of_key["invoices"]
            - sums_of_key["notes"]
            - sums_of_key["payments"]
            + sums_of_key["refunds"]
            - sums_of_key["given_up"]
        )
        found[key] = {"open": open_amount, "credit": open_amount - balance, "balance": balance}
    return found


def _settled_by_customer(day, customers):
    """A query of ('settled', customer id, currency, minor units settled)."""
    paid = settled(day, None if customers is None else Document.customer.in_(customers)).alias(
        "paid"
    )
    query = (
        Document.select(
            pw.SQL("'settled'"), Document.customer, Document.currency, fn.SUM(paid.c.amount)
        )
        .join(paid, on=(paid.c.invoice == Document.id))
        .where(counts(Document, day))
    )
    query = query.where(day >= ISSUED) if day else query
    query = query.where(Document.customer.in_(customers)) if customers is not None else query
    return query.group_by(Document.customer, Document.currency)


def balance_of(customer, currency, day=None):
    """{"open", "credit", "balance"} of one customer in one currency."""
    return balances(day, [customer.id]).get((customer.id, currency), NOTHING)


def by_money(query, state):
    """The query limited to invoices in one money_state(): open, partly_paid, paid or overdue."""
    paid = fn.COALESCE(
        Allocation.standing()
        .select(fn.SUM(Allocation.amount))
        .where(Allocation.invoice == Document.id),
        0,
    )
    invoices = query.where(Document.kind == "invoice", Document.state.in_(("issued", "archived")))
    overdue = Document.due_on.is_null(False) & (Document.due_on < today())
    return {
        "paid": invoices.where(paid >= Document.total),
        "overdue": invoices.where(paid < Document.total, overdue),
        "open": invoices.where(paid < Document.total, ~overdue, paid == 0),
        "partly_paid": invoices.where(paid < Document.total, ~overdue, paid > 0),
    }[state]


def money_states(documents):
    """{id: money_state()} of the invoices among these documents, in two queries."""
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
