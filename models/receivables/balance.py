"""What is owed, per customer and currency, each by a few grouped queries, however many documents
there are.

The sign: what a customer owes us is positive. `balance` = open invoices − unused credit (预收款 and
unused credit notes)."""

from collections import Counter, defaultdict

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.database import db
from models.documents import Document
from models.documents.invoice import counts
from models.payments import Allocation, Payment, open_balance
from models.payments.refund import Refund
from models.payments.write_off import WriteOff

NOTHING = {"open": 0, "credit": 0, "balance": 0}
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


def _sums(name, model, where, day=None, column=None):
    """(name, customer id, currency, sum of what counts) as a query."""
    amount = Document.total if model is Document else model.amount
    rows = model.select(pw.SQL(f"'{name}'"), model.customer, model.currency, fn.SUM(amount))
    rows = rows.where(where, column <= day) if day else rows.where(where)
    return rows.group_by(model.customer, model.currency)


def balances(day=None, customers=None):
    """{(customer id, currency): {"open", "credit", "balance"}} over all, or over the `customers` of
    a query of ids; by one query."""

    def within(model):
        return model.id.is_null(False) if customers is None else model.customer.in_(customers)

    def papers(name, kind):
        where = (Document.kind == kind) & counts(Document, day) & within(Document)
        return _sums(name, Document, where, day, ISSUED)

    def others(name, model, column):
        return _sums(name, model, model.counts(day) & within(model), day, column)

    whole = (
        papers("invoices", "invoice")
        .union_all(papers("notes", "credit_note"))
        .union_all(others("payments", Payment, Payment.received_on))
        .union_all(others("refunds", Refund, Refund.paid_on))
        .union_all(others("given_up", WriteOff, WriteOff.decided_on))
        .union_all(_settled_by_customer(day, customers))
    )
    sums = defaultdict(Counter)
    for name, customer, currency, amount in db.execute(whole):
        sums[customer, currency][name] = int(amount)
    found = {}
    for key, s in sums.items():
        open_ = s["invoices"] - s["settled"]
        balance = s["invoices"] - s["notes"] - s["payments"] + s["refunds"] - s["given_up"]
        found[key] = {"open": open_, "credit": open_ - balance, "balance": balance}
    return found


def _settled_by_customer(day, customers):
    """('settled', customer id, currency, minor units of invoices that are settled) as a query."""
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
