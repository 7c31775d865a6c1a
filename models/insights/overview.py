"""The first look: what was sold, to how many, how much was given away, and how that was before."""

import datetime as dt
from collections import namedtuple

from peewee import fn

from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on

Totals = namedtuple("Totals", "net papers credits customers new average discount cost costed")


def totals(lens, firsts=None):
    """Sums of the lens's days. `new`: customers whose first purchase ever (in this currency) falls
    into them; `average`: net per paper. `firsts`: first_days() of a lens that ends no earlier, to
    be read only once for several lenses."""
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
        len(new_customers(lens, firsts)),
        half_up(net, papers),
        discount,
        cost,
        costed,
    )


def half_up(total, count):
    """The rounded average; 0 of nothing."""
    return (abs(total) * 2 + count) // (2 * count) * (1 if total >= 0 else -1) if count else 0


def share(part, whole):
    """Basis points, rounded half up; None of nothing."""
    return half_up(part * 10000, whole) if whole > 0 else None


def change(now, before):
    """How much more, in basis points of what it was; None where there was nothing or less."""
    return share(now - before, before) if before > 0 else None


def first_days(lens):
    """{customer: day of the first purchase ever} in this basis and currency, for whom the lens
    sees."""
    ever = lens.moved(first=lens.first.replace(year=1900, month=1, day=1), owner=None)
    return dict(
        ever.days(SalesDay.customer, fn.MIN(SalesDay.day))
        .where(SalesDay.papers > 0)
        .group_by(SalesDay.customer)
        .tuples()
    )


def new_customers(lens, firsts=None):
    """Ids of those who bought for the first time within the days (of the lens's salesperson, where
    one is asked)."""
    fresh = {
        c
        for c, day in (first_days(lens) if firsts is None else firsts).items()
        if lens.first <= as_day(day) <= lens.last
    }
    if lens.owner is None:
        return fresh
    return fresh & {row[0] for row in lens.days(SalesDay.customer).distinct().tuples()}


def as_day(value):
    """A day out of an aggregate or a raw row: SQLite gives text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def months(lens):
    """[("2026-11", net)] of every month the days touch, none left out."""
    found = {
        m: int(net)
        for m, net in lens.days(month_of(SalesDay.day), fn.SUM(SalesDay.net))
        .group_by(month_of(SalesDay.day))
        .tuples()
    }
    return [(m, found.get(m, 0)) for m in names(lens)]


def names(lens):
    """The months of the lens, "2026-11"; those of "all" begin with the first sale."""
    first = lens.first
    if first.year < 1991:
        earliest = as_day(lens.days(fn.MIN(SalesDay.day)).scalar())
        first = earliest or lens.last
    first = first.replace(day=1)
    count = (lens.last.year - first.year) * 12 + lens.last.month - first.month + 1
    return [f"{months_on(first, i):%Y-%m}" for i in range(max(count, 1))]
