"""Time limits in working hours, by the calendar of the company."""

import datetime as dt

import peewee as pw

from models.approvals.public_holidays import published
from models.company import Company
from models.core.clock import local, today, zone
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model


class SpecialDay(Journaled, Model):
    """An exception to the week: a holiday, or a weekend day that is worked instead (调休)."""

    day = pw.DateField(unique=True)
    works = pw.BooleanField(default=False)
    name = pw.CharField(max_length=60, default="")

    @classmethod
    @db.atomic()
    def define(cls, by, day, works, name=""):
        """Define whether the day is worked, in place of an earlier definition."""
        if by is not None:
            by.must("configure")
        row = cls.get_or_none(cls.day == day) or cls(day=day)
        row.works, row.name = works, name[:60]
        row.save_changes(by, "said", day=day, works=works)
        return row

    @classmethod
    @db.atomic()
    def define_range(cls, by, first, last, works, name=""):
        """Define every day of a range, at most 32 days at once."""
        first <= last or refuse("days_backward")
        (last - first).days <= 31 or refuse("too_many_days", most=31)
        for n in range((last - first).days + 1):
            cls.define(by, first + dt.timedelta(days=n), works, name)

    @classmethod
    def in_year(cls, year):
        return cls.select().where(cls.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    @classmethod
    @db.atomic()
    def forget(cls, by, row):
        """Delete the exception, so that the weekday decides again."""
        by.must("configure")
        row.remove(by, "forgotten")


def special_days():
    """{day: (works, name)}: China's published days for a company there, overridden by those that
    the company defined."""
    own = {row.day: (row.works, row.name) for row in SpecialDay.select()}
    return published() | own if (Company.current() or Company()).in_china else own


def year_without_holidays():
    """The first year without a known day off, published or entered, or None. Looks at this year,
    and from November on at the next one too."""
    known = {day.year for day, (works, _) in special_days().items() if not works}
    this_year = today().year
    years = [this_year, this_year + 1] if today().month >= 11 else [this_year]
    return next((year for year in years if year not in known), None)


def due_after(moment, hours):
    """The UTC time at which so many working hours have passed since `moment`. Refused when the
    calendar has no working time."""
    special = {day: works for day, (works, _) in special_days().items()}
    begins, ends = Company.current().setting("working_hours")
    remaining, current = dt.timedelta(hours=hours), local(moment).replace(tzinfo=None)
    for _ in range(1500):
        day = current.date()
        opens, closes = (
            dt.datetime.combine(day, dt.time(begins)),
            dt.datetime.combine(day, dt.time(ends)),
        )
        if special.get(day, day.weekday() < 5) and current < closes:
            current = max(current, opens)
            if current + remaining <= closes:
                return (
                    (current + remaining)
                    .replace(tzinfo=zone())
                    .astimezone(dt.timezone.utc)
                    .replace(tzinfo=None)
                )
            remaining -= closes - current
        current = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    refuse("no_working_time")
