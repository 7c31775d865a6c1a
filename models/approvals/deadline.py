"""Time limits in working hours: the firm's calendar, and what happens when a step is late."""

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
    """A day that is not what its weekday says: a holiday, or a weekend day worked instead
    (调休)."""

    day = pw.DateField(unique=True)
    works = pw.BooleanField(default=False)
    name = pw.CharField(max_length=60, default="")

    @classmethod
    @db.atomic()
    def put(cls, by, day, works, name=""):
        """Say what a day is; the last word counts."""
        if by is not None:
            by.must("configure")
        row = cls.get_or_none(cls.day == day) or cls(day=day)
        row.works, row.name = works, name[:60]
        row.save()
        row.record("said", by, day=day, works=works)
        return row

    @classmethod
    @db.atomic()
    def put_all(cls, by, first, last, works, name=""):
        """Say what each day of a holiday is; at most a month at once."""
        first <= last or refuse("days_backward")
        (last - first).days <= 31 or refuse("too_many_days", most=31)
        for n in range((last - first).days + 1):
            cls.put(by, first + dt.timedelta(days=n), works, name)

    @classmethod
    def in_year(cls, year):
        return cls.select().where(cls.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    @classmethod
    @db.atomic()
    def forget(cls, by, row):
        """Let the day be what its weekday says."""
        by.must("configure")
        row.remove(by, "forgotten")


def special_days():
    """{day: (works, name)}: the published ones, and over them what the firm says."""
    return published() | {row.day: (row.works, row.name) for row in SpecialDay.select()}


def year_without_holidays():
    """The year of which no day off is known, neither announced nor entered by the firm, else None:
    this year, from November on the next one too."""
    known = {day.year for day, (works, _) in special_days().items() if not works}
    this = today().year
    years = [this, this + 1] if today().month >= 11 else [this]
    return next((year for year in years if year not in known), None)


def due_after(moment, hours):
    """The UTC moment at which so many working hours have passed. Refused when the calendar has no
    working time."""
    special = {day: works for day, (works, _) in special_days().items()}
    begins, ends = Company.current().setting("working_hours")
    left, at = dt.timedelta(hours=hours), local(moment).replace(tzinfo=None)
    for _ in range(1500):
        day = at.date()
        opens, closes = (
            dt.datetime.combine(day, dt.time(begins)),
            dt.datetime.combine(day, dt.time(ends)),
        )
        if special.get(day, day.weekday() < 5) and at < closes:
            at = max(at, opens)
            if at + left <= closes:
                return (
                    (at + left)
                    .replace(tzinfo=zone())
                    .astimezone(dt.timezone.utc)
                    .replace(tzinfo=None)
                )
            left -= closes - at
        at = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    refuse("no_working_time")
