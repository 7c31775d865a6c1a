"""The overview: sales, customers and discounts of a period."""

import datetime as dt
from collections import namedtuple

from peewee import fn

from models.core.database import db
from models.core.dates import as_day
from models.customers import Customer
from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on

Totals = namedtuple("Totals", "net papers credits customers new average discount cost costed")


def totals(lens, first_purchases=None):
    """Sums of the lens's days. `new`: customers whose first purchase (in this currency) was in
    them; `average`: net per document. `first_purchases`: first_days() of a lens with the same
    customers that covers these days, so that several lenses need it read only once."""
    names = ("net", "papers", "credits", "discount", "cost", "costed")
    net, papers, credits, discount, cost, costed = lens.sums(SalesDay, names)[()]
    return Totals(
        net,
        papers,
        credits,
        lens.days(fn.COUNT(fn.DISTINCT(SalesDay.customer))).scalar(),
        len(new_customers(lens, first_purchases)),
        half_up(net, papers),
        discount,
        cost,
        costed,
    )


def half_up(total, count):
    """The average, rounded half up; 0 for a count of 0."""
    return (abs(total) * 2 + count) // (2 * count) * (1 if total >= 0 else -1) if count else 0


def share(part, whole):
    """Basis points, rounded half up; None if there is no whole."""
    return half_up(part * 10000, whole) if whole > 0 else None


def change(now, before):
    """The change in basis points of the amount before; None unless that was positive."""
    return share(now - before, before) if before > 0 else None


def first_days(lens, anyone=True):
    """{customer: day of the first purchase} of those whose first purchase in the lens's basis and
    currency was in its days; from its salesperson alone, unless from `anyone`. Looks up one entry
    of an index per customer."""
    this = lens.replace(
        first=dt.date(1900, 1, 1), owner=None if anyone else lens.owner, person=None
    )
    first = this.days(fn.MIN(SalesDay.day)).where(
        SalesDay.customer == Customer.id, SalesDay.papers > 0
    )
    each = Customer.select(Customer.id, first.alias("first"))
    visible = lens.customers()
    each = each if visible is None else each.where(Customer.id.in_(visible))
    found = each.alias("each")
    query = Customer.select(found.c.id, found.c.first).from_(found)
    query = query.where(found.c.first.between(lens.first, lens.last))
    return {customer: as_day(day) for customer, day in db.execute(query).fetchall()}


def new_customers(lens, first_purchases=None):
    """Ids of those who bought for the first time in the lens's days, from its salesperson if it has
    one."""
    new = {
        c
        for c, day in (first_days(lens) if first_purchases is None else first_purchases).items()
        if lens.first <= day <= lens.last
    }
    if lens.owner is None:
        return new
    return new & {row[0] for row in lens.days(SalesDay.customer).distinct().tuples()}


def months(lens):
    """[("2026-11", net)] of every month of the lens."""
    net_by_month = lens.sums(SalesDay, ("net",), lambda table: (month_of(table.day),))
    return [(m, *net_by_month.get((m,), (0,))) for m in names(lens)]


def names(lens):
    """The names of the lens's months, such as "2026-11"; those of "all" begin with the first
    sale."""
    first = lens.first
    if first.year < 1991:
        earliest = as_day(lens.days(fn.MIN(SalesDay.day)).scalar())
        first = earliest or lens.last
    first = first.replace(day=1)
    count = (lens.last.year - first.year) * 12 + lens.last.month - first.month + 1
    return [f"{months_on(first, i):%Y-%m}" for i in range(max(count, 1))]
