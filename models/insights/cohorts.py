"""Customers by the quarter of their first purchase: how many of each came again later."""

import datetime as dt
import functools

from peewee import fn

from models.documents.sales import SalesDay
from models.insights.lens import month_of, months_on
from models.insights.overview import as_day

MOST = 12


@functools.cache
def quarter(month):
    """ "2026-11" is "2026 Q4"."""
    return f"{month[:4]} Q{(int(month[5:7]) + 2) // 3}"


def members(lens, name):
    """Ids of the customers whose first purchase fell into the quarter."""
    return {c for c, q in begun(lens).items() if q == name}


def begun(lens):
    """{customer: quarter of the first purchase} (from the lens's salesperson, where one is
    asked)"""
    ever = lens.moved(first=lens.first.replace(year=1900, month=1, day=1))
    firsts = (
        ever.days(SalesDay.customer, fn.MIN(SalesDay.day))
        .where(SalesDay.papers > 0)
        .group_by(SalesDay.customer)
    )
    return {c: quarter(as_day(day).isoformat()) for c, day in firsts.tuples()}


def days_of(name):
    """(first, last) day of "2026 Q4"."""
    first = dt.date(int(name[:4]), 3 * int(name[6:]) - 2, 1)
    return first, months_on(first, 3) - dt.timedelta(days=1)


def rows(lens):
    """[(quarter, how many began, [how many of them bought in that quarter, the next, …])] of the
    last quarters, oldest first."""
    ever = lens.moved(first=lens.first.replace(year=1900, month=1, day=1))
    began = begun(lens)
    bought = set(
        (c, quarter(m))
        for c, m in ever.days(SalesDay.customer, month_of(SalesDay.day))
        .where(SalesDay.papers > 0)
        .distinct()
        .tuples()
    )
    here = lens.last.replace(day=1)
    line = list(
        dict.fromkeys(quarter(f"{months_on(here, -i):%Y-%m}") for i in range(3 * MOST - 1, -1, -1))
    )[-MOST:]
    found = []
    for i, name in enumerate(line):
        members = {c for c, q in began.items() if q == name}
        if members:
            found.append(
                (name, len(members), [sum((c, q) in bought for c in members) for q in line[i:]])
            )
    return found
