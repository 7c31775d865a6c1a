"""States, reasons and kinds in the reader's language, as on their badges."""

import datetime as dt
import functools

from babel import dates
from flask import (
    get_template_attribute,
)
from flask_babel import get_locale, pgettext
from flask_babel import gettext as _

from models.adapters.search import pinyin
from views.web.days import letters, shown


def state_name(state):
    """The state in the reader's language, as on its badge."""
    return _label(str(get_locale()), "shared/labels.html", "state_label", state)


def reason_name(reason):
    return _label(str(get_locale()), "shared/claims.html", "reason_label", reason)


def kind_name(kind):
    return _label(str(get_locale()), "shared/labels.html", "kind_label", kind)


@functools.lru_cache(maxsize=1000)
def _label(_language, template, macro, value):
    """A file of 100,000 rows asks for the same few 200,000 times."""
    return str(get_template_attribute(template, macro)(value)).strip()


def listed(names):
    """Names in a row: Wang, Li; 王、李."""
    return pgettext("list", ", ").join(map(str, names))


def headed(name, text):
    """A name and what is said of it: D-3: broken; D-3：破损."""
    return _("%(name)s: %(text)s", name=name, text=text)


def day_month(iso):
    """29 Dec, 12月29日; with the digits of the company's dates where these are 29.12.2026."""
    if not iso:
        return ""
    if "/" in letters() or "." in letters():
        return shown(iso[:10]).replace(f"{iso[:4]}", "").strip("/")
    locale = "zh" if str(get_locale()) == "zh" else "en_GB"
    return dates.format_skeleton("MMMd", dt.date.fromisoformat(iso), locale=locale)


def month_name(month, short=False):
    """Of "2026-11": November, 11月; short: Nov."""
    day = dt.date.fromisoformat(f"{month}-01")
    if str(get_locale()) == "zh":
        return f"{day.month}月"
    return f"{day:%b}" if short else f"{day:%B}"


def asked_for(subject):
    """What approval is asked for, in a few words: a paper by its kind and customer, another thing
    by its name."""
    return (
        f"{kind_name(subject.kind)} {subject.customer.name if subject.customer else subject.name}"
    )


def initials(name):
    """Two signs that stand for a person: LN for Li Na, 李娜 for 李娜."""
    parts = str(name).split()
    return "".join(part[0] for part in parts[:2]).upper() if len(parts) > 1 else str(name)[:2]


def tax_name(tax):
    """What the reader calls a tax rate; the documents call it so in their own language."""
    return tax.label(str(get_locale()))


def find_words(row):
    """By what a list that searches finds the row besides its name: its code, and pinyin."""
    return " ".join([getattr(row, "code", "") or "", *pinyin(row.name)]).strip()
