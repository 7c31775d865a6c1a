"""How often customers buy, who is late and who has stopped."""

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
    """The rhythm of these days of purchase, oldest first. The usual gap is the median; a customer
    is late half a gap, and at least a week, after the expected day. Without a second purchase there
    is no gap."""
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
    """[Stopped] of the lens's customers who bought at least twice and then not for more than two
    usual gaps (at least 60 days); `worth` is their net in the year before the last purchase.
    Largest first."""
    span = lens.replace(first=months_on(lens.last, -LOOKED_BACK))
    days = {}
    for customer, day in (
        span.days(SalesDay.customer, SalesDay.day)
        .where(SalesDay.papers > 0)
        .distinct()
        .order_by(SalesDay.customer, SalesDay.day)
        .tuples()
    ):
        days.setdefault(customer, []).append(as_day(day))
    stopped_customers = {}
    for customer, purchase_days in days.items():
        r = rhythm(purchase_days, lens.last)
        if r.gap is not None and (lens.last - r.last).days > max(2 * r.gap, 60):
            stopped_customers[customer] = r
    net_of_last_year = {}
    for customer, day, net in span.days(SalesDay.customer, SalesDay.day, SalesDay.net).tuples():
        if (
            customer in stopped_customers
            and months_on(stopped_customers[customer].last, -12) < as_day(day) <= lens.last
        ):
            net_of_last_year[customer] = net_of_last_year.get(customer, 0) + net
    names = customers.names_of(stopped_customers)
    rows = [
        Stopped(
            c,
            names.get(c, "?"),
            r.last,
            (lens.last - r.last).days,
            r.gap,
            r.days,
            net_of_last_year.get(c, 0),
        )
        for c, r in stopped_customers.items()
    ]
    return sorted(rows, key=lambda s: (-s.worth, s.id))
