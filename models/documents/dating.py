"""The date that a document bears: the day of issue, or a chosen day within the firm's limits."""

import datetime as dt

from models.company import Company
from models.core.clock import today
from models.core.errors import refuse
from models.numbering import NumberPattern, NumberSeries, format_number


class Dating:
    def day_to_print(self):
        """The date that the document would bear if it were issued now: the chosen one while it is
        allowed, else today."""
        allowed = self.chosen_date and self.first_day() <= self.chosen_date <= today()
        return self.chosen_date if allowed else today()

    def number_to_come(self):
        """The number that it would get now; another document may draw it first."""
        day = self.day_to_print()
        position = NumberSeries.upcoming(self.kind, day)
        return format_number(NumberPattern.of(self.kind), day, position)

    def first_day(self):
        """The earliest date that may be chosen: numbers and dates of a series run in one order,
        and nothing is dated before what it was made from."""
        cls, series = type(self), NumberSeries.of(self.kind, self.chosen_date)
        last = (
            cls.select(cls.issued_on)
            .where(cls.kind == self.kind, cls.series == series)
            .order_by(cls.issued_on.desc())
            .limit(1)
            .scalar()
            if series
            else None
        )
        most = Company.current().setting("days_back")
        days = [last, self.source and self.source.issued_on]
        days += [today() - dt.timedelta(days=most)] if most is not None else []
        return max((day for day in days if day), default=dt.date.min)

    def due_day(self, day):
        """When an invoice of that date is due; None for other documents."""
        return day + dt.timedelta(days=self.terms_days) if self.kind == "invoice" else None

    def check_day(self, seen=None):
        """The date that will be printed. Refused when it is not the one that the person has `seen`,
        and for a quote that would be expired."""
        day = self.day_to_print()
        seen in (None, day) or refuse("date_changed", day=day.isoformat())
        if self.kind == "quote" and self.valid_until and self.valid_until < day:
            refuse("quote_expired_already", day=self.valid_until.isoformat())
        return day
