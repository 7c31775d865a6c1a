"""How dates are written. Everything that people read asks here; exports, file names and fields of
a browser's own keep 2026-11-30."""

import contextlib
import datetime as dt
import functools
import re

from models.core.clock import local

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
# {format: how a field shows it, and reads it back}, of the letters of the day: fields.js fills it
# as well. "" is as the language says it.
FORMATS = {
    "iso": "yyyy-mm-dd",
    "dots": "dd.mm.yyyy",
    "slashes": "dd/mm/yyyy",
    "american": "mm/dd/yyyy",
    "month": "d mmm yyyy",
}
CHINESE = "yyyy年m月d日"  # "month" in Chinese
DAY_FIRST = ("dots", "slashes")
STORED = re.compile(r"(\d{4}-\d\d-\d\d)( \d\d:\d\d.*)?")


def pattern(form, language):
    """The letters of the format."""
    form = form or ("iso" if language == "zh" else "month")
    return CHINESE if (form, language) == ("month", "zh") else FORMATS[form]


@functools.lru_cache(5000)
def as_day(value):
    """The day that a database gives: SQLite as text, PostgreSQL as it is."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def written(value, letters):
    """A day by these letters, also one that was kept as a text, with or without a time; anything
    else as it is."""
    if isinstance(value, str):
        found = STORED.fullmatch(value)
        with contextlib.suppress(ValueError):  # a 30th of February that somebody typed
            if found:
                return written(dt.date.fromisoformat(found[1]), letters) + (found[2] or "")
        return value
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        return value
    parts = {
        "yyyy": f"{value.year:04}",
        "mm": f"{value.month:02}",
        "dd": f"{value.day:02}",
        "mmm": MONTHS[value.month - 1],
        "m": str(value.month),
        "d": str(value.day),
    }
    return re.sub("[ymd]+", lambda part: parts[part[0]], letters)


def moment(value, letters):
    """The day and the time of a moment in UTC, in the zone of the company."""
    return f"{written(local(value).date(), letters)} {local(value):%H:%M}" if value else ""
