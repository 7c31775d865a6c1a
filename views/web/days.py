"""Dates as people write them: 2026-11-29, 29.11., 11月29日, 29, +30, today."""

import datetime as dt
import re
import unicodedata

from flask import has_request_context
from flask_babel import get_locale

from models.core.clock import today

WORDS = {
    **dict.fromkeys(("today", "今天", "今日"), 0),
    **dict.fromkeys(("tomorrow", "明天"), 1),
    **dict.fromkeys(("yesterday", "昨天"), -1),
}


def read_day(text):
    """The day, or None where it is none; later sums of days must not leave the calendar."""
    if any(unicodedata.category(letter) == "No" for letter in text):  # NFKC would read 2² as 22
        return None
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        day = _shifted(typed) or _written(typed)
    except (ValueError, OverflowError):
        return None
    return day if day and 1900 <= day.year < 3000 else None


def _shifted(typed):
    """Today, some days before or after it."""
    if typed in WORDS:
        return today() + dt.timedelta(WORDS[typed])
    if re.fullmatch(r"[+-][0-9]{1,4}", typed):
        return today() + dt.timedelta(int(typed))
    return None


def _written(typed):
    """A date whose year, or year and month, may be left out: then it is this one."""
    typed = re.sub("[年月]", "-", re.sub("[日号]$", "", typed)).removesuffix(".")
    if re.fullmatch("[0-9]{8}", typed):
        typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    if not re.fullmatch(r"[0-9]{1,4}([-./][0-9]{1,4}){0,2}", typed):
        return None
    parts = re.split("[-./]", typed)
    numbers = [int(part) for part in parts]
    if len(parts) == 1:
        return today().replace(day=numbers[0])
    if len(parts) == 3 and len(parts[0]) == 4:
        return dt.date(*numbers)
    first, second, year = [*numbers, today().year][:3]
    month, day = (first, second) if _month_first(typed, first, second) else (second, first)
    return dt.date(year + 2000 if year < 100 else year, month, day)


def _month_first(typed, first, second):
    """29.11. but 11-29, and in Chinese 11.29; where only one can be the month, it is that one."""
    chinese = has_request_context() and str(get_locale()) == "zh"
    return first <= 12 and (second > 12 or "-" in typed or chinese)
