"""Balances per customer and currency, each in a fixed number of grouped queries. What is open is
read from the due items, and unused credit from the credit items; for another day, and for a verb
that decides about money, both are reckoned from the rows.

Sign: what a customer owes us is positive. `balance` = open invoices − unused credit (预收款 and
unused credit notes)."""

from collections import Counter, defaultdict

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.database import db
from models.customers import Customer
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.payments import Allocation, Payment, open_balance, settled
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.credit_item import CreditItem
from models.receivables.due_item import DueItem, DueSum
from models.receivables.paid_part import PaidPart

# A due item is of a document that is issued, archived or destroyed. Said in this way, because a
# database takes an index of states before the one of due days.
NOT_DESTROYED = Document.state != "destroyed"
NOTHING = {"open": 0, "credit": 0, "balance": 0}


def with_open(invoices, day=None, only=None, afresh=False):
    """(the query of Document limited to invoices with an open balance, that balance as a column).
    `day`: as it was at the end of that day; `only`: a condition on Document; `afresh`: reckoned
    from the rows instead of read from the due items, for a verb that decides about money."""
    if day or afresh:
        paid = settled(day, only).alias("paid")
        left = Document.total - fn.COALESCE(paid.c.amount, 0)
        invoices = invoices.join(paid, pw.JOIN.LEFT_OUTER, on=(paid.c.invoice == Document.id))
        invoices = invoices.where(Document.kind == "invoice", counts(Document, day), left > 0)
        invoices = invoices.where(day >= ISSUED) if day else invoices
    else:
        left = DueItem.open + 0  # as an expression it becomes an attribute of the invoice
        invoices = invoices.join(DueItem, on=(DueItem.document == Document.id))
        invoices = invoices.where(DueItem.is_open())
    invoices = invoices if only is None else invoices.where(only)
    return invoices.switch(Document), left.cast("BIGINT")  # a SUM is a decimal on PostgreSQL


def once_open(day, customers=None):
    """A query of the ids of all invoices that can have been open at the end of that day: those that
    are open now, and those of which something was settled or voided later. Few beside all, of which
    the sums need not be reckoned then. Of a list of `customers` all are found, and some others."""
    found = DueItem.select(DueItem.document).where(DueItem.is_open())
    later = Allocation.select(Allocation.invoice)
    paid = later.join(Payment).where(Payment.received_on > day)
    if isinstance(customers, list):
        found = found.where(DueItem.customer.in_(customers))
        mains = Customer.select(fn.COALESCE(Customer.main, Customer.id))
        mains = mains.where(Customer.id.in_(customers))
        paid = PaidPart.select(PaidPart.invoice)
        paid = paid.where(PaidPart.customer.in_(mains), PaidPart.day > day)
    noted = later.join(Document, on=Allocation.credit_note)
    noted = noted.where(Document.kind == "credit_note", Document.issued_on > day)
    given_up = WriteOff.select(WriteOff.id).where(WriteOff.decided_on > day)
    written_off = later.where(Allocation.write_off.in_(given_up))
    voided = Document.select(Document.id).where(Document.voided_on > day)
    return found.union_all(paid).union_all(noted).union_all(written_off).union_all(voided)


def open_items(day=None, only=None, columns=(Document,), afresh=False):
    """Invoices with an open balance, which each row has as `left`; as with_open() says. `columns`:
    those to read, fewer for many rows."""
    query, left = with_open(Document.select(*columns), day, only, afresh)
    return query.select_extend(left.alias("left"))


def open_of(documents, day=None):
    """Those of the query of documents that have an open balance, each with `left`, by due date."""
    only = Document.id.in_(once_open(day)) if day else None
    query, left = with_open(documents.switch(Document), day, only)
    by = (Document.due_on, Document.id) if day else (DueItem.due_on, DueItem.document)
    return query.select_extend(left.alias("left")).order_by(*by)


def overdue(documents):
    """Those of the query of documents that are overdue, the longest first, each with `left`."""
    return open_of(documents).where(NOT_DESTROYED, DueItem.is_overdue(today()))


def left_of(ids):
    """{invoice id: open minor units} of those among these documents that count."""
    rows = DueItem.select(DueItem.document, DueItem.open)
    return dict(rows.where(DueItem.document.in_(list(ids) or [0])).tuples())


def open_sums(documents, *conditions):
    """[[currency, how many, open minor units]] of the due items of these documents that have
    something open and meet the conditions."""
    rows = DueItem.select(DueItem.currency, fn.COUNT(DueItem.id), fn.SUM(DueItem.open)).where(
        DueItem.is_open(), DueItem.document.in_(documents.select(Document.id)), *conditions
    )
    rows = rows.group_by(DueItem.currency).order_by(DueItem.currency).tuples()
    return [[currency, count, int(amount)] for currency, count, amount in rows]


def _sums(name, model, where, day=None, column=None):
    """A query of (name, customer id, currency, sum of the rows that meet the condition)."""
    amount = Document.total if model is Document else model.amount
    rows = model.select(pw.SQL(f"'{name}'"), model.customer, model.currency, fn.SUM(amount))
    rows = rows.where(where, column <= day) if day else rows.where(where)
    return rows.group_by(model.customer, model.currency)


def balances(day=None, customers=None, afresh=False):
    """{(customer id, currency): {"open", "credit", "balance"}} of all customers, or of those in a
    query or list of ids; in one query. What was merged counts for its main one. `day`, `afresh`: as
    with_open() says."""
    mains = {} if isinstance(customers, list) and len(customers) == 1 else Customer.mains()
    query = _reckoned(day, customers) if day or afresh else _kept(customers)
    sums = defaultdict(Counter)
    for name, customer, currency, amount in db.execute(query):
        sums[mains.get(customer, customer), currency][name] += int(amount)
    found = {}
    for key, of_key in sums.items():
        credit = of_key["notes"] + of_key["payments"] + of_key["given_up"]
        credit -= of_key["refunds"] + of_key["settled"]
        owed = of_key["invoices"] - of_key["settled"]
        found[key] = {"open": owed, "credit": credit, "balance": owed - credit}
    return found


def _kept(customers):
    """A query of (name, customer id, currency, minor units) of what is kept."""

    def sums(name, model, amount, *where):
        if customers is not None:
            where = (*where, model.customer.in_(customers))
        rows = model.select(pw.SQL(f"'{name}'"), model.customer, model.currency, fn.SUM(amount))
        return rows.where(*where).group_by(model.customer, model.currency)

    owed = sums("invoices", DueSum, DueSum.open, DueSum.is_open())
    return owed.union_all(sums("payments", CreditItem, CreditItem.amount, CreditItem.amount > 0))


def _reckoned(day, customers):
    """The same of the rows themselves."""

    def within(model):
        return model.id.is_null(False) if customers is None else model.customer.in_(customers)

    def documents(name, kind):
        where = (Document.kind == kind) & counts(Document, day) & within(Document)
        return _sums(name, Document, where, day, ISSUED)

    def others(name, model, column):
        return _sums(name, model, model.counts(day) & within(model), day, column)

    return (
        documents("invoices", "invoice")
        .union_all(_settled_by_customer(day, customers))
        .union_all(documents("notes", "credit_note"))
        .union_all(others("payments", Payment, Payment.received_on))
        .union_all(others("refunds", Refund, Refund.paid_on))
        .union_all(others("given_up", WriteOff, WriteOff.decided_on))
    )


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
    return balances(day, customer.group).get((customer.leading.id, currency), NOTHING)


def by_money(query, state):
    """The query limited to invoices in one money_state(): open, partly_paid, paid or overdue."""
    if state == "paid":  # almost all are: asked of each, instead of collected first
        same = DueItem.select().where(DueItem.document == Document.id, DueItem.state == state)
        return query.where(NOT_DESTROYED, fn.EXISTS(same))
    late = DueItem.is_overdue(today())
    found = late if state == "overdue" else (DueItem.state == state) & ~late
    items = DueItem.select(DueItem.document).where(DueItem.is_open(), found)
    return query.where(NOT_DESTROYED, Document.id.in_(items))


def money_state(document, left=None, day=None):
    """open, partly_paid, paid or overdue; derived, never stored; None for other documents. `left`:
    the open balance, `day`: today, where they are known already."""
    if document.kind != "invoice" or document.state not in ("issued", "archived"):
        return None
    left = open_balance(document) if left is None else left
    if left <= 0:
        return "paid"
    if document.due_on and document.due_on < (day or today()):
        return "overdue"
    return "partly_paid" if left < document.total else "open"
