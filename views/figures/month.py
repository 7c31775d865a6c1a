"""The money of this month on Today: billed, received and overdue, and the eleven months before."""

from functools import cached_property

from flask_babel import gettext as _

from models.company import Company
from models.core.clock import today
from models.insights.lens import months_on
from models.receivables.months import billed_and_received, overdue_sums
from views.figures.charts import pairs
from views.web.labels import month_name
from views.web.scope import sees


class MonthMoney:
    def __init__(self, person):
        customers = None if person.sees_all else sees().customer_ids()
        first = today().replace(day=1)
        self.months = [f"{months_on(first, -back):%Y-%m}" for back in range(11, -1, -1)]
        self.sums = billed_and_received(months_on(first, -11), customers)
        self.overdue = overdue_sums(customers)

    @property
    def name(self):
        return month_name(self.months[-1])

    @cached_property
    def currencies(self):
        """Those of this month's rows, the firm's first."""
        own = Company.current().currency
        used = self.overdue.keys() | {c for c, sums in self.sums.items() if self.months[-1] in sums}
        return sorted(used | {own}, key=lambda code: (code != own, code))

    def rows(self):
        """[(currency, billed, received, overdue)]"""
        now = self.months[-1]
        return [
            (code, *self.sums[code].get(now, (0, 0)), self.overdue.get(code, 0))
            for code in self.currencies
        ]

    @cached_property
    def chart(self):
        """The twelve months in the firm's currency."""
        currency = self.currencies[0]
        values = [self.sums[currency].get(month, (0, 0)) for month in self.months]
        title = _("Billed and received in twelve months, %(currency)s", currency=currency)
        return pairs(title, self.months, values, currency, (_("Billed"), _("Received")))
