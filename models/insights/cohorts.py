"""Customers by the quarter of their first purchase, and how many of each bought again later."""

import datetime as dt
import functools

from peewee import fn

from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on
from models.insights.overview import as_day

MOST = 12


@functools.cache
def quarter(month):
    """ "2026 Q4" for "2026-11"."""
    return f"{month[:4]} Q{(int(month[5:7]) + 2) // 3}"


def members(lens, name):
    """Ids of the customers whose first purchase was in the quarter."""
    return {c for c, q in first_quarters(lens).items() if q == name}


def first_quarters(lens):
    """{customer: quarter of the first purchase}, from the lens's salesperson if it has one."""
    all_time = lens.replace(first=lens.first.replace(year=1900, month=1, day=1))
    firsts = (
        all_time.days(SalesDay.customer, fn.MIN(SalesDay.day))
        .where(SalesDay.papers > 0)
        .group_by(SalesDay.customer)
    )
    return {c: quarter(as_day(day).isoformat()) for c, day in firsts.tuples()}


def days_of(name):
    """(first, last) day of "2026 Q4"."""
    first = dt.date(int(name[:4]), 3 * int(name[6:]) - 2, 1)
    return first, months_on(first, 3) - dt.timedelta(days=1)


def rows(lens):
    """[(quarter, new customers, [how many of them bought in that quarter, the next, …])] of the
    last quarters, oldest first."""
    all_time = lens.replace(first=lens.first.replace(year=1900, month=1, day=1))
    quarter_of = first_quarters(lens)
    bought = set(
        (c, quarter(m))
        for c, m in all_time.days(SalesDay.customer, month_of(SalesDay.day))
        .where(SalesDay.papers > 0)
        .distinct()
        .tuples()
    )
    month = lens.last.replace(day=1)
    quarters = list(
        dict.fromkeys(quarter(f"{months_on(month, -i):%Y-%m}") for i in range(3 * MOST - 1, -1, -1))
    )[-MOST:]
    cohorts = []
    for i, name in enumerate(quarters):
        members = {c for c, q in quarter_of.items() if q == name}
        if members:
            cohorts.append(
                (name, len(members), [sum((c, q) in bought for c in members) for q in quarters[i:]])
            )
    return cohorts
