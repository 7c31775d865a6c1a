"""How often customers buy, who is late and who has stopped."""

import datetime as dt
import functools
import operator
from collections import namedtuple

import peewee as pw
from peewee import Case, fn

from models.core.database import db
from models.core.dates import as_day
from models.customers import Customer
from models.documents.sales import SalesDay
from models.insights.lens import months_on

Rhythm = namedtuple("Rhythm", "days gap last expected late")
Stopped = namedtuple("Stopped", "id last silent gap days worth")
LOOKED_BACK, LEAST_SILENCE = 36, 60  # months, days


def rhythm(days, today):
    """The rhythm of these days of purchase, oldest first. The usual gap is the median; a customer
    is late half a gap, and at least a week, after the expected day. Without a second purchase there
    is no gap."""
    gap = _usual_gap([day.toordinal() for day in days])
    if gap is None:
        return Rhythm(len(days), None, days[-1] if days else None, None, False)
    expected = days[-1] + dt.timedelta(days=gap)
    return Rhythm(
        len(days), gap, days[-1], expected, today > expected + dt.timedelta(days=max(7, gap // 2))
    )


def _usual_gap(days):
    """The median of the gaps between these ordinals, rounded up; None without a gap."""
    gaps = sorted(map(operator.sub, days[1:], days))
    if not gaps:
        return None
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else -(-(gaps[middle - 1] + gaps[middle]) // 2)


def stopped(lens):
    """[Stopped] of the lens's customers who bought at least twice and then not for more than two
    usual gaps (at least 60 days); `worth` is their net in the year before the last purchase.
    Largest first."""
    span, rows = lens.replace(first=months_on(lens.last, -LOOKED_BACK)), []
    year_before = functools.cache(_year_before)
    for customer, days, amounts in _quiet(span):
        bought = sorted(set(map(_ordinal, days.split(","))))
        gap, last = _usual_gap(bought), bought[-1]
        silent = lens.last.toordinal() - last
        if gap is None or silent <= max(2 * gap, LEAST_SILENCE):
            continue
        since = year_before(last)
        nets = map(str.split, amounts.split(","))
        worth = sum(int(net) for day, net in nets if since < _ordinal(day))
        last = dt.date.fromordinal(last)
        rows.append(Stopped(customer, last, silent, gap, len(bought), worth))
    return sorted(rows, key=lambda s: (-s.worth, s.id))


def _year_before(ordinal):
    return months_on(dt.date.fromordinal(ordinal), -12).toordinal()


@functools.lru_cache(5000)
def _ordinal(day):
    return as_day(day).toordinal()


def _quiet(span):
    """(customer, days of purchases, day and net of all that was sold) of those without a purchase
    lately; in a text each, as a customer's rows are many."""
    bought = SalesDay.papers > 0
    newest = (
        span.replace(person=None)
        .days(fn.MAX(SalesDay.day))
        .where(SalesDay.customer == Customer.id, bought)
    )
    since = span.last - dt.timedelta(days=LEAST_SILENCE)
    quiet = Customer.select(Customer.id).where(newest < since)
    day = SalesDay.day.cast("TEXT")
    columns = Case(None, [(bought, day)]), day.concat(" ").concat(SalesDay.net)
    query = span.days(SalesDay.customer, *map(_joined, columns)).where(SalesDay.customer.in_(quiet))
    return db.execute(query.group_by(SalesDay.customer)).fetchall()


def _joined(column):
    on_sqlite = isinstance(db.obj, pw.SqliteDatabase)
    return fn.GROUP_CONCAT(column) if on_sqlite else fn.STRING_AGG(column, ",")
