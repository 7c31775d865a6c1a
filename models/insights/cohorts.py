"""Customers by the quarter of their first purchase, and how many of each bought again later."""

import datetime as dt
import functools
from collections import Counter

from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on
from models.insights.overview import first_days

MOST = 12


@functools.cache
def quarter(month):
    """ "2026 Q4" for "2026-11"."""
    return f"{month[:4]} Q{(int(month[5:7]) + 2) // 3}"


def members(lens, name):
    """Ids of the customers whose first purchase was in the quarter."""
    firsts = first_days(lens.replace(first=dt.date(1900, 1, 1)), anyone=False)
    return {customer for customer, day in firsts.items() if quarter(day.isoformat()) == name}


def days_of(name):
    """(first, last) day of "2026 Q4"."""
    first = dt.date(int(name[:4]), 3 * int(name[6:]) - 2, 1)
    return first, months_on(first, 3) - dt.timedelta(days=1)


def rows(lens):
    """[(quarter, new customers, [how many of them bought in that quarter, the next, …])] of the
    last quarters, oldest first."""
    month = lens.last.replace(day=1)
    quarters = list(
        dict.fromkeys(quarter(f"{months_on(month, -i):%Y-%m}") for i in range(3 * MOST - 1, -1, -1))
    )[-MOST:]
    span = lens.replace(first=days_of(quarters[0])[0])
    quarter_of = {
        customer: quarter(day.isoformat())
        for customer, day in first_days(span, anyone=False).items()
    }
    bought = (
        span.replace(group=frozenset(quarter_of))
        .days(SalesDay.customer, month_of(SalesDay.day))
        .where(SalesDay.papers > 0)
        .distinct()
    )
    buyers = Counter((quarter_of[c], q) for c, q in {(c, quarter(m)) for c, m in bought.tuples()})
    size = Counter(quarter_of.values())
    return [
        (name, size[name], [buyers[name, q] for q in quarters[i:]])
        for i, name in enumerate(quarters)
        if size[name]
    ]
