"""The overview: sales, customers and discounts of a period."""

import datetime as dt
from collections import namedtuple

from peewee import fn

from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on

Totals = namedtuple("Totals", "net papers credits customers new average discount cost costed")


def totals(lens, first_purchases=None):
    """Sums of the lens's days. `new`: customers whose first purchase (in this currency) was in
    them; `average`: net per document. `first_purchases`: first_days() of a lens that ends no
    earlier, so that several lenses need it read only once."""
    d = SalesDay
    row = lens.days(
        *[
            fn.COALESCE(fn.SUM(c), 0)
            for c in (d.net, d.papers, d.credits, d.discount, d.cost, d.costed)
        ],
        fn.COUNT(fn.DISTINCT(d.customer)),
    ).scalar(as_tuple=True)
    net, papers, credits, discount, cost, costed, customers = map(int, row)
    return Totals(
        net,
        papers,
        credits,
        customers,
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


def first_days(lens):
    """{customer: day of the first purchase} in the lens's basis and currency, of its customers."""
    all_time = lens.replace(first=lens.first.replace(year=1900, month=1, day=1), owner=None)
    return dict(
        all_time.days(SalesDay.customer, fn.MIN(SalesDay.day))
        .where(SalesDay.papers > 0)
        .group_by(SalesDay.customer)
        .tuples()
    )


def new_customers(lens, first_purchases=None):
    """Ids of those who bought for the first time in the lens's days, from its salesperson if it has
    one."""
    new = {
        c
        for c, day in (first_days(lens) if first_purchases is None else first_purchases).items()
        if lens.first <= as_day(day) <= lens.last
    }
    if lens.owner is None:
        return new
    return new & {row[0] for row in lens.days(SalesDay.customer).distinct().tuples()}


def as_day(value):
    """The day in an aggregate or a raw row, which SQLite returns as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def months(lens):
    """[("2026-11", net)] of every month of the lens."""
    net_by_month = {
        m: int(net)
        for m, net in lens.days(month_of(SalesDay.day), fn.SUM(SalesDay.net))
        .group_by(month_of(SalesDay.day))
        .tuples()
    }
    return [(m, net_by_month.get(m, 0)) for m in names(lens)]


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
