"""One customer's purchases, by invoice less credit notes: in which currencies, how much in a period
and the one before, and how often."""

from collections import Counter, namedtuple

from peewee import fn

from models.core.database import db
from models.core.dates import as_day
from models.documents.sales import SalesDay
from models.insights import rhythm
from models.insights.lens import months_on
from models.insights.overview import half_up, names

Day = namedtuple("Day", "day net papers cost costed")
Sums = namedtuple("Sums", "net papers cost costed average")


def currencies(customer):
    """The currencies of the purchases, the one with most documents first."""
    rows = _of(customer.id, SalesDay.currency).group_by(SalesDay.currency)
    rows = rows.order_by(fn.SUM(SalesDay.papers).desc(), SalesDay.currency)
    return [currency for (currency,) in db.execute(rows).fetchall()]


def rhythm_of(lens, held):
    """The rhythm of the purchases in the last three years, in whichever of these currencies."""
    since = months_on(lens.last, -rhythm.LOOKED_BACK)
    rows = _of(lens.customer, SalesDay.day).where(
        SalesDay.currency.in_(held), SalesDay.day.between(since, lens.last), SalesDay.papers > 0
    )
    days = {as_day(day) for (day,) in db.execute(rows).fetchall()}
    return rhythm.rhythm(sorted(days), lens.last)


def _of(customer, *columns):
    return SalesDay.select(*columns).where(
        SalesDay.customer == customer, SalesDay.basis == "invoice"
    )


class Buying:
    """The purchases of the lens's customer in its days and those of the period before, read
    once."""

    def __init__(self, lens):
        self.lens, d = lens, SalesDay
        both = lens.replace(person=None, first=lens.before().first)
        sums = [fn.SUM(column) for column in (d.net, d.papers, d.cost, d.costed)]
        rows = db.execute(both.days(d.day, *sums).group_by(d.day)).fetchall()
        self.days = [Day(as_day(day), *map(int, sums)) for day, *sums in rows]

    def within(self, lens):
        return [d for d in self.days if lens.first <= d.day <= lens.last]

    def sums(self, lens):
        days = self.within(lens)
        net, papers, cost, costed = (
            sum(getattr(d, name) for d in days) for name in Sums._fields[:4]
        )
        return Sums(net, papers, cost, costed, half_up(net, papers))

    def months(self, lens):
        """[("2026-11", net)] of every month of the lens."""
        net_by_month = Counter()
        for d in self.within(lens):
            net_by_month[f"{d.day:%Y-%m}"] += d.net
        return [(month, net_by_month[month]) for month in names(lens)]
