"""Document numbers by pattern, per kind and period, drawn only at issue, without gaps."""

import functools
import re

import peewee as pw

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.imported_range import give_way
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import check_placeholders
from models.core.prepared import prepared
from models.core.published import with_unpublished

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
MOST = 99_999_999
TOKEN = re.compile(r"\{(year|yy|month|n)(?::(\d))?\}")


NUMBERED = {}  # {kind: function of the query of its rows with a number}, of the floors above


class NumberPattern(Journaled, Model):
    """The pattern of the numbers of one kind, with the tokens {year} {yy} {month} {n:4}."""

    kind = pw.CharField(max_length=20, unique=True)
    pattern = pw.CharField(max_length=60)

    @classmethod
    def of(cls, kind):
        return next((row.pattern for row in _pattern_of(kind)), DEFAULTS[kind])

    @classmethod
    @db.atomic()
    def define(cls, by, kind, pattern, start=None):
        """Use this pattern for new numbers, which go on after the highest that is used, or at
        `start`. Refused when documents of two kinds could get the same number."""
        by.must("configure")
        names = [m.group(1) for m in TOKEN.finditer(pattern)]
        len(pattern) <= 60 or refuse("pattern_long")
        names.count("n") == 1 or refuse("pattern_needs_n")
        if "month" in names and not ({"year", "yy"} & set(names)):
            refuse("pattern_needs_year")
        check_placeholders(TOKEN.sub("", pattern), ("year", "yy", "month", "n:4"))
        re.fullmatch(r"[\w\-/.]{0,40}", TOKEN.sub("", pattern)) or refuse("pattern_signs")
        if start is None and pattern == cls.of(kind):
            return
        cls._check_free(kind, pattern)
        row = cls.get_or_none(cls.kind == kind) or cls(kind=kind)
        row.pattern = pattern
        facts = {"pattern": pattern}
        if start is None:
            row.save_changes(by, "defined", **facts)
        else:
            NumberSeries.start_at(kind, pattern, start)
            row.save()
            row.record("defined", by, start=start, **facts)

    @classmethod
    def _check_free(cls, kind, pattern):
        """Refused when another kind could draw a number of this pattern, or has used one, whatever
        became of that document and in whichever period."""
        for other in DEFAULTS:
            if other == kind:
                continue
            if _overlap(pattern, cls.of(other)):
                refuse("pattern_taken", kind=other)
            for number in used_numbers(other, pattern):
                refuse("pattern_used", number=number)


class NumberSeries(Model):
    """The series of one kind, pattern and period. `last` is changed only by draw() and start_at();
    `skipped` are the ranges [first, last] of positions that were never drawn, since an imported
    document has the number or the firm began later."""

    kind = pw.CharField(max_length=20)
    period = pw.CharField(max_length=10)
    pattern = pw.CharField(max_length=60)
    last = pw.IntegerField(default=0)
    skipped = JSONField(default=list)

    class Meta:
        indexes = ((("kind", "pattern", "period"), True),)

    @classmethod
    def of(cls, kind, day):
        """The series from which a number of that day would be drawn; None before its first."""
        pattern = NumberPattern.of(kind)
        return cls.get_or_none(
            cls.kind == kind, cls.pattern == pattern, cls.period == period_of(pattern, day)
        )

    @classmethod
    def draw(cls, kind, day=None):
        """(number, series, position in it). Drawn inside the caller's transaction, so that a
        rollback leaves no gap."""
        day = day or today()
        series = cls._locked(kind, NumberPattern.of(kind), day)
        number = format_number(series.pattern, day, series.last)
        with with_unpublished():
            is_free = series.last > 1 and not is_used(kind, number)
        if not is_free:
            if series.last == 1 or is_used(kind, number):
                series._skip(series.last, highest_used(kind, series.pattern, day))
                number = format_number(series.pattern, day, series.last)
            if kind in NUMBERED:
                give_way(NUMBERED[kind]().model.number, number)
        return number, series, series.last

    @classmethod
    def _locked(cls, kind, pattern, day):
        """The series of the day, moved on by one, so that nobody else draws meanwhile."""
        return _moved_on(kind, pattern, period_of(pattern, day))[0]

    def _skip(self, first, last):
        """Leave out these positions; nothing happens where there are none."""
        if last >= first:
            self.skipped, self.last = [*self.skipped, [first, last]], last + 1
            self.save()

    @classmethod
    @db.atomic()
    def start_at(cls, kind, pattern, start):
        """Let the next number of today's period have this position. Refused unless it is above all
        that are used."""
        series = cls._locked(kind, pattern, today())
        least = max(series.last, highest_used(kind, pattern, today()) + 1)
        least <= start <= MOST or refuse("start_used", least=least, most=MOST)
        series._skip(series.last, start - 1)
        series.last -= 1  # it is drawn by the next document
        series.save()

    @classmethod
    def upcoming(cls, kind, day=None):
        """The position that the next number will have."""
        day, pattern = day or today(), NumberPattern.of(kind)
        series = cls.get_or_none(kind=kind, pattern=pattern, period=period_of(pattern, day))
        following = series.last + 1 if series else 1
        if following == 1 or is_used(kind, format_number(pattern, day, following)):
            following = max(following, highest_used(kind, pattern, day) + 1)
        return following

    @property
    def drawn(self):
        """How many positions were drawn."""
        return self.last - sum(last - first + 1 for first, last in self.skipped)

    def missing(self, positions):
        """The positions that should be among these and are not."""
        left_out = {n for first, last in self.skipped for n in range(first, last + 1)}
        return sorted(set(range(1, self.last + 1)) - left_out - set(positions))


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


def regex_of(pattern, day=None):
    """Matches the numbers of the pattern, of the period of `day` or of every one; its group is the
    position."""
    known = {"year": r"\d{4}", "yy": r"\d\d", "month": r"\d\d"}
    if day:
        known = {"year": f"{day:%Y}", "yy": f"{day:%y}", "month": f"{day:%m}"}
    known["n"] = r"(\d{1,8})"
    regex, end = "", 0
    for m in TOKEN.finditer(pattern):
        regex, end = regex + re.escape(pattern[end : m.start()]) + known[m.group(1)], m.end()
    return re.compile(regex + re.escape(pattern[end:]))


@prepared
def _moved_on(kind, pattern, period):
    cls = NumberSeries
    return (
        cls.insert(kind=kind, pattern=pattern, period=period, last=1)
        .on_conflict(
            conflict_target=[cls.kind, cls.pattern, cls.period], update={cls.last: cls.last + 1}
        )
        .returning(cls)
    )


@prepared
def _pattern_of(kind):
    return NumberPattern.select().where(NumberPattern.kind == kind)


def looks_like(kind, number):
    """Whether the number could be drawn by the kind's pattern in any period, or by that of another
    kind in this one; imports must not use such a number."""
    return any(regex.fullmatch(number) for regex in own_numbers(kind))


def own_numbers(kind):
    """What looks_like() compares with; whoever asks for many numbers keeps it."""
    return [
        regex_of(NumberPattern.of(each), None if each == kind else today()) for each in DEFAULTS
    ]


def used_numbers(kind, pattern, day=None):
    """The numbers of this kind that the pattern could draw, whatever became of their documents."""
    if kind not in NUMBERED:
        return []
    rows, regex = NUMBERED[kind](), regex_of(pattern, day)
    number = rows.model.number
    if literal := pattern.partition("{")[0]:
        rows = rows.where(number.startswith(literal))
    return [text for (text,) in rows.select(number).tuples() if regex.fullmatch(text)]


def highest_used(kind, pattern, day):
    """The highest position in the day's period that a document of this kind has; 0 for none."""
    regex = regex_of(pattern, day)
    found = used_numbers(kind, pattern, day)
    return max((int(regex.fullmatch(number).group(1)) for number in found), default=0)


def is_used(kind, number):
    return kind in NUMBERED and bool(_with_number(kind)(number))


@functools.cache
def _with_number(kind):
    """The prepared query of the rows of this kind that have a number."""
    rows = NUMBERED[kind]()
    column = rows.model.number
    return prepared(lambda number: rows.select(column).where(column == number).limit(1))


def _overlap(one, other):
    """Whether both patterns can draw the same number: numbers of every length are tried."""
    counts = [int(str(digit) * length) for length in range(1, 9) for digit in (1, 9)]
    counts += [10**length for length in range(8)]
    return any(
        regex_of(b).fullmatch(format_number(a, today(), n))
        for a, b in ((one, other), (other, one))
        for n in counts
    )


def as_counted(number):
    """The column as a sort key in which people count: R2 before R10. Zeros are put before the
    digits at its end, by functions that both databases have."""
    stem = pw.fn.RTRIM(number, pw.SQL("'0123456789'"))
    count = pw.fn.LENGTH(number) - pw.fn.LENGTH(stem)
    zeros = pw.Case(None, [(count > pw.SQL("20"), pw.SQL("0"))], pw.SQL("20") - count)
    padding = pw.fn.SUBSTR(pw.SQL("'00000000000000000000'"), pw.SQL("1"), zeros)
    digits = pw.fn.SUBSTR(number, pw.fn.LENGTH(stem) + pw.SQL("1"))
    return stem.concat(padding).concat(digits)
