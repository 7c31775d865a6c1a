"""Document numbers by pattern, per kind and period, drawn only at issue, without gaps."""

import re

import peewee as pw

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import check_placeholders

DEFAULTS = {
    "quote": "QT-{year}-{n:4}",
    "order": "SO-{year}-{n:4}",
    "delivery_note": "DN-{year}-{n:4}",
    "invoice": "INV-{year}-{n:4}",
    "credit_note": "CN-{year}-{n:4}",
    "payment": "RC-{year}-{n:4}",
    "reminder": "RM-{year}-{n:4}",
    "refund": "RF-{year}-{n:4}",
    "statement": "ST-{year}-{n:4}",
}
TOKEN = re.compile(r"\{(year|yy|month|n)(?::(\d))?\}")


class NumberPattern(Journaled, Model):
    """The pattern of the numbers of one kind, with the tokens {year} {yy} {month} {n:4}."""

    kind = pw.CharField(max_length=20, unique=True)
    pattern = pw.CharField(max_length=60)

    @classmethod
    def of(cls, kind):
        row = cls.get_or_none(cls.kind == kind)
        return row.pattern if row else DEFAULTS[kind]

    @classmethod
    @db.atomic()
    def define(cls, by, kind, pattern):
        """Use this pattern for new numbers. Refused when two documents could get the same
        number."""
        by.must("configure")
        names = [m.group(1) for m in TOKEN.finditer(pattern)]
        len(pattern) <= 60 or refuse("pattern_long")
        names.count("n") == 1 or refuse("pattern_needs_n")
        if "month" in names and not ({"year", "yy"} & set(names)):
            refuse("pattern_needs_year")
        check_placeholders(TOKEN.sub("", pattern), ("year", "yy", "month", "n:4"))
        re.fullmatch(r"[\w\-/.]{0,40}", TOKEN.sub("", pattern)) or refuse("pattern_signs")
        for other in DEFAULTS:
            if other != kind and cls.of(other) == pattern:
                refuse("pattern_taken", kind=other)
        row = cls.get_or_none(cls.kind == kind) or cls(kind=kind)
        row.pattern = pattern
        row.save()
        row.record("defined", by, pattern=pattern)


class NumberSeries(Model):
    """The series of one kind, pattern and period. `last` is changed only by draw()."""

    kind = pw.CharField(max_length=20)
    period = pw.CharField(max_length=10)
    pattern = pw.CharField(max_length=60)
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("kind", "pattern", "period"), True),)

    @classmethod
    def draw(cls, kind, day=None):
        """(number, series, position in it). Drawn inside the caller's transaction, so that a
        rollback leaves no gap."""
        day = day or today()
        pattern = NumberPattern.of(kind)
        period = period_of(pattern, day)
        same = (cls.kind == kind) & (cls.pattern == pattern) & (cls.period == period)
        cls.insert(kind=kind, pattern=pattern, period=period, last=0).on_conflict_ignore().execute()
        cls.update(last=cls.last + 1).where(same).execute()
        series = cls.get(same)
        return format_number(pattern, day, series.last), series, series.last


def period_of(pattern, day):
    """The period in which the pattern counts: a month, a year, or (empty) all time."""
    names = {m.group(1) for m in TOKEN.finditer(pattern)}
    return f"{day:%Y-%m}" if "month" in names else f"{day:%Y}" if names & {"year", "yy"} else ""


def format_number(pattern, day, n):
    parts = {"year": f"{day:%Y}", "yy": f"{day:%y}", "month": f"{day:%m}"}
    return TOKEN.sub(
        lambda m: str(n).zfill(int(m.group(2) or 1)) if m.group(1) == "n" else parts[m.group(1)],
        pattern,
    )


def looks_like(kind, number):
    """Whether the number could be drawn by our pattern; imports must not use such a number."""
    regexes = {"year": r"\d{4}", "yy": r"\d\d", "month": r"\d\d", "n": r"\d+"}
    pattern = NumberPattern.of(kind)
    regex, end = "", 0
    for m in TOKEN.finditer(pattern):
        regex, end = regex + re.escape(pattern[end : m.start()]) + regexes[m.group(1)], m.end()
    return bool(re.fullmatch(regex + re.escape(pattern[end:]), number))
