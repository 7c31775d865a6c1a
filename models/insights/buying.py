"""One customer's purchases by day, read once and added up for any period."""

from collections import Counter, namedtuple

from peewee import fn

from models.core.database import db
from models.documents.sales import SalesDay
from models.insights import rhythm
from models.insights.lens import Lens, months_on
from models.insights.overview import as_day, half_up, names

Day = namedtuple("Day", "currency day net papers credits cost costed")
Sums = namedtuple("Sums", "net papers credits cost costed average")


class Buying:
    """One customer's purchases, by invoice less credit notes."""

    def __init__(self, customer):
        self.customer = customer
        d = SalesDay
        sums = [fn.SUM(column) for column in (d.net, d.papers, d.credits, d.cost, d.costed)]
        rows = db.execute(
            d.select(d.currency, d.day, *sums)
            .where(d.customer == customer.id, d.basis == "invoice")
            .group_by(d.currency, d.day)
            .order_by(d.currency, d.day)
        )
        self.days = [Day(currency, as_day(day), *map(int, sums)) for currency, day, *sums in rows]

    @property
    def currencies(self):
        """The currencies of the purchases, the one with most documents first; else the
        customer's."""
        papers = Counter()
        for d in self.days:
            papers[d.currency] += d.papers
        return [currency for currency, _n in papers.most_common()] or [self.customer.currency]

    def lens(self, person, currency=None):
        """The last twelve months, in this currency, or else the one they use most."""
        currencies = self.currencies
        chosen = currency if currency in currencies else currencies[0]
        return Lens.of(person, "12m", chosen, customer=self.customer.id)

    def within(self, lens):
        """The days of the lens, in its currency."""
        return [
            d for d in self.days if d.currency == lens.currency and lens.first <= d.day <= lens.last
        ]

    def sums(self, lens):
        days = self.within(lens)
        net, papers, credits, cost, costed = (
            sum(getattr(d, name) for d in days) for name in Sums._fields[:5]
        )
        return Sums(net, papers, credits, cost, costed, half_up(net, papers))

    def months(self, lens):
        """[("2026-11", net)] of every month of the lens."""
        net_by_month = Counter()
        for d in self.within(lens):
            net_by_month[f"{d.day:%Y-%m}"] += d.net
        return [(month, net_by_month[month]) for month in names(lens)]

    def rhythm(self, lens):
        """The rhythm of the purchases in the last three years, whatever the currency."""
        since = months_on(lens.last, -rhythm.LOOKED_BACK)
        days = {d.day for d in self.days if d.papers > 0 and since <= d.day <= lens.last}
        return rhythm.rhythm(sorted(days), lens.last)
