"""The rule of each class: how its files are named and when they are filed."""

import datetime as dt
import re

import peewee as pw

from models.archive.folder import CLASSES
from models.core.database import db
from models.core.errors import refuse
from models.core.filenames import safe
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import check_placeholders

TOKENS = ("number", "code", "title", "customer", "date", "year", "total", "currency")
TOKEN = re.compile(r"\{(\w+)\}")
EXAMPLE_FACTS = {
    "date": "2026-03-09",
    "year": "2026",
    "total": "1130.00",
    "title": "",
}
# {class: (days after issue, also as soon as settled)}. Quotes and orders wait until nobody is
# likely to confirm them any more.
DEFAULT_TIMES = {
    "invoice": (365, True),
    "credit_note": (30, True),
    "delivery_note": (90, True),
    "order": (180, True),
    "quote": (90, False),
    "reminder": (30, False),
}


class FilingRule(Journaled, Model):
    """How files of one class are named, and when its documents are filed automatically."""

    kind = pw.CharField(max_length=24, unique=True)
    pattern = pw.CharField(max_length=120)
    days = pw.IntegerField(default=-1)
    settled = pw.BooleanField(default=False)

    @classmethod
    def of(cls, kind):
        """The rule in force, or our default where the company has defined none. `days` -1: not by
        days."""
        days, settled = DEFAULT_TIMES.get(kind, (-1, False))
        pattern = (
            "{number}_{title}_{customer}_{date}"
            if kind in DEFAULT_TIMES
            else "{date}_{title}_{customer}_{number}"
        )
        return cls.get_or_none(cls.kind == kind) or cls(
            kind=kind, pattern=pattern, days=days, settled=settled
        )

    @classmethod
    @db.atomic()
    def define(cls, by, kind, pattern, days=-1, settled=False):
        """Use this rule for what is filed from now on. Refused when names would not be unique."""
        by.must("archive")
        kind in CLASSES or refuse("choice_unknown")
        pattern, names = pattern.strip(), TOKEN.findall(pattern)
        0 < len(pattern) <= 120 or refuse("pattern_long")
        check_placeholders(pattern, TOKENS)
        {"number", "code"} & set(names) or refuse("naming_not_unique")
        rest = TOKEN.sub("", pattern)
        if re.search(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f]', rest):
            refuse("naming_signs")
        -1 <= days <= 3650 or refuse("days_range", least=0, most=3650)
        row = cls.of(kind)
        if (row.pattern, row.days, row.settled) == (pattern, days, settled):
            return row
        row.pattern, row.days, row.settled = pattern, days, settled
        row.save_changes(by, "defined", pattern=pattern, days=days, settled=settled)
        return row

    def name(self, facts, extension):
        """The file name by this rule; empty values are left out with their separators."""
        text = TOKEN.sub(
            lambda m: safe(facts.get(m.group(1)) or "") if facts.get(m.group(1)) else "",
            self.pattern,
        )
        text = re.sub(r"([_\- ])[_\- ]+", r"\1", text).strip("_- ")
        return safe(text or facts["code"]) + f".{extension}"

    def example(self, customer, currency):
        """The name of an invented file, as an example of the rule."""
        prefix = CLASSES[self.kind]
        facts = {**EXAMPLE_FACTS, "customer": customer, "currency": currency}
        return self.name(
            {**facts, "number": f"{prefix}-2026-0017", "code": f"DA-{prefix}-2026-00017"},
            "pdf",
        )


def facts_of(code, number, title, customer, day, currency="", total=""):
    """The values that a file name can contain."""
    return {
        "code": code,
        "number": number,
        "title": title,
        "customer": customer,
        "date": day.isoformat(),
        "total": total,
        "year": f"{day:%Y}" if isinstance(day, dt.date) else "",
        "currency": currency,
    }
