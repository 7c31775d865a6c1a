"""When a customer usually buys again, and who is late or has stopped."""

import datetime as dt
import itertools
from collections import namedtuple

from models.documents.sales import SalesDay
from models.insights import customers
from models.insights.lens import months_on
from models.insights.overview import as_day

Rhythm = namedtuple("Rhythm", "days gap last expected late")
Stopped = namedtuple("Stopped", "id name last silent gap days worth")
LOOKED_BACK = 36


def rhythm(days, today):
    """From the days of purchase, oldest first: the usual gap is the median one; late beyond half a
    gap (at least a week) after the expected day. Without a second purchase there is no gap."""
    gaps = sorted((b - a).days for a, b in itertools.pairwise(days))
    if not gaps:
        return Rhythm(len(days), None, days[-1] if days else None, None, False)
    middle = len(gaps) // 2
    gap = gaps[middle] if len(gaps) % 2 else -(-(gaps[middle - 1] + gaps[middle]) // 2)
    expected = days[-1] + dt.timedelta(days=gap)
    return Rhythm(
        len(days), gap, days[-1], expected, today > expected + dt.timedelta(days=max(7, gap // 2))
    )


def stopped(lens):
    """[Stopped] of those whom the lens sees who bought at least twice and are silent for more than
    two usual gaps (at least 60 days); `worth` is their net of the twelve months before they fell
    silent. Largest first."""
    span = lens.moved(first=months_on(lens.last, -LOOKED_BACK))
    days = {}
    for customer, day in (
        span.days(SalesDay.customer, SalesDay.day)
        .where(SalesDay.papers > 0)
        .distinct()
        .order_by(SalesDay.customer, SalesDay.day)
        .tuples()
    ):
        days.setdefault(customer, []).append(as_day(day))
    gone = {}
    for customer, mine in days.items():
        r = rhythm(mine, lens.last)
        if r.gap is not None and (lens.last - r.last).days > max(2 * r.gap, 60):
            gone[customer] = r
    worth = {}
    for customer, day, net in span.days(SalesDay.customer, SalesDay.day, SalesDay.net).tuples():
        if customer in gone and months_on(gone[customer].last, -12) < as_day(day) <= lens.last:
            worth[customer] = worth.get(customer, 0) + net
    names = customers.names_of(gone)
    found = [
        Stopped(
            c, names.get(c, "?"), r.last, (lens.last - r.last).days, r.gap, r.days, worth.get(c, 0)
        )
        for c, r in gone.items()
    ]
    return sorted(found, key=lambda s: (-s.worth, s.id))
