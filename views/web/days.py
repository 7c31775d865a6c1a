"""Dates as people write them, and as the company shows them: 2026-11-29, 29.11., 11月29日, 29, +30,
today."""

import datetime as dt
import re
import unicodedata

from flask import g, has_app_context, has_request_context
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_context

from models.core import dates
from models.core.clock import today
from views.web.firm import firm

WORDS = {
    **dict.fromkeys(("today", "今天", "今日"), 0),
    **dict.fromkeys(("tomorrow", "明天"), 1),
    **dict.fromkeys(("yesterday", "昨天"), -1),
}


def letters():
    """How dates are written for this reader (models/core/dates.py)."""
    return dates.pattern(date_format(), str(get_locale() or "zh")[:2])


def date_format():
    """The format that the company chose, or nothing; read once for a request."""
    if "date_format" not in g:
        ours = None if g.get("gone") else firm()
        g.date_format = ours.setting("date_format") if ours else ""
    return g.date_format


def shown(value):
    """A day, also one that was kept as a text, as the company writes it."""
    return dates.written(value, letters()) if value else value


def moment(value):
    """The day and the time of a moment."""
    return dates.moment(value, letters())


def finalized(value):
    """What a template prints: a day as the company writes it, anything else as it is."""
    return shown(value) if isinstance(value, dt.date) else value


class DatedDomain(Domain):
    """The translations, with the days in them as the company writes them."""

    def gettext(self, string, **variables):
        return super().gettext(string, **with_days(variables))

    def ngettext(self, singular, plural, num, **variables):
        return super().ngettext(singular, plural, num, **with_days(variables))

    def pgettext(self, context, string, **variables):
        return super().pgettext(context, string, **with_days(variables))


class DatedBabel(Babel):
    domain_instance = DatedDomain()

    def init_app(self, app, **options):
        super().init_app(app, **options)
        app.jinja_env.finalize = finalized
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            app.jinja_env.globals[name] = _dated(app.jinja_env.globals[name])


def _dated(gettext):
    @pass_context
    def translated(context, *texts, **variables):
        return context.call(gettext, *texts, **with_days(variables))

    return translated


def with_days(variables):
    """The variables of a sentence, its days as the company writes them."""
    return {
        name: shown(value) if isinstance(value, (dt.date, str)) else value
        for name, value in variables.items()
    }


def read_day(text):
    """The day, or None where it is none; later sums of days must not leave the calendar."""
    if any(unicodedata.category(letter) == "No" for letter in text):  # NFKC would read 2² as 22
        return None
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        day = _shifted(typed) or _written(_with_month_as_number(typed))
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


def _with_month_as_number(typed):
    """29 Nov, 29 November 2026 and Nov 29, 2026 as 29.11 and 29.11.2026."""
    found = re.fullmatch(r"(\d{1,2} )?([a-z]{3})[a-z]*\.? ?(\d{1,2},? ?)??(\d{4})?", typed)
    if not found or found[2].title() not in dates.MONTHS or not (found[1] or found[3]):
        return typed
    day, month = (found[1] or found[3]).strip(" ,"), dates.MONTHS.index(found[2].title()) + 1
    return f"{day}.{month}.{found[4] or ''}"


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
    """Which of both is the month: where only one can be, it is that one; else as the company writes
    dates; else 29.11. but 11-29, and in Chinese 11.29."""
    if first > 12 or second > 12:
        return first <= 12
    form = date_format() if has_app_context() else ""
    if form in dates.DAY_FIRST or form == "american":
        return form == "american"
    return "-" in typed or has_request_context() and str(get_locale()) == "zh"
