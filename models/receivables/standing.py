"""What the list of customers shows of each: owed and overdue in the customer's own currency, and
the day of the newest invoice. Read for the rows of a page, or joined to the query to sort by
one of them."""

from dataclasses import dataclass

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.model import without_index
from models.customers import Customer
from models.documents.sales import SalesDay
from models.receivables.due_item import DueItem, DueSum


@dataclass
class Standing:
    owes: int = 0
    overdue: int = 0
    last: object = None


def _owes():
    owed = _per_customer(DueSum, fn.SUM(DueSum.open).cast("BIGINT"), DueSum.currency)
    return owed.where(DueSum.is_open())


def _overdue():
    late = _per_customer(DueItem, fn.SUM(DueItem.open).cast("BIGINT"), DueItem.currency)
    return late.where(DueItem.is_overdue(today()))


def _last():
    newest = _per_customer(SalesDay, fn.MAX(SalesDay.day))
    return newest.where(SalesDay.basis == "invoice", SalesDay.papers > 0)


COLUMNS = {"owes": _owes, "overdue": _overdue, "last": _last}


def _per_customer(model, value, *keys):
    """A query of (customer, value, *keys), where what was merged counts for its main one."""
    member = Customer.alias()
    # As a column of whole numbers: SQLite finds it by an index only so when it is joined.
    main = fn.COALESCE(member.main, member.id).cast("INTEGER")
    query = model.select(main.alias("customer"), value.alias("value"), *keys)
    query = query.join(member, on=(member.id == model.customer))
    return query.group_by(main, *keys)


def totals(customers=None):
    """{currency: (open, overdue)} of all customers, or of those in a query or list of ids; the
    currency with most open first."""

    late = pw.Case(None, [(DueItem.is_overdue(today()), DueItem.open)], 0)
    rows = DueItem.select(DueItem.currency, fn.SUM(DueItem.open), fn.SUM(late))
    rows = rows.where(DueItem.is_open())
    if customers is not None:  # of what is owed, which is little; not by each customer
        rows = rows.where(pw.Expression(without_index(DueItem.customer), pw.OP.IN, customers))
    rows = rows.group_by(DueItem.currency).order_by(fn.SUM(DueItem.open).desc(), DueItem.currency)
    return {currency: (int(owed), int(late)) for currency, owed, late in rows.tuples()}


def sorted_by(customers, name):
    """(the query of customers with this column joined, the column to sort by)"""
    column = COLUMNS[name]().alias("standing")
    same = column.c.customer == Customer.id
    if name != "last":
        same &= column.c.currency == Customer.currency
    return customers.join(column, pw.JOIN.LEFT_OUTER, on=same).switch(Customer), column.c.value


def standing(customers):
    """{customer id: Standing} of these customers, in one query for each column."""
    found = {customer.id: Standing() for customer in customers}
    currencies = {customer.id: customer.currency for customer in customers}
    group = Customer.groups_of(list(found) or [0])
    for name, column in COLUMNS.items():
        query = column()
        rows = query.where(query.model.customer.in_(group.select(Customer.id))).tuples()
        for ident, value, *currency in rows:
            if not currency or currency[0] == currencies[ident]:
                setattr(found[ident], name, value)
    return found
