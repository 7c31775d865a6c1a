"""Folders by class and fiscal year, created by rule and never by hand."""

import datetime as dt

import peewee as pw

from models.company import Company
from models.core.errors import refuse
from models.core.model import Model

# {class: the letters in its archive numbers (档案编号)}
CLASSES = {
    "invoice": "INV",
    "credit_note": "CN",
    "delivery_note": "DN",
    "order": "SO",
    "quote": "QT",
    "reminder": "RM",
    "statement": "ST",
    "receipt": "RC",
    "contract": "CT",
    "einvoice": "EI",
    "bank_statement": "BS",
    "correspondence": "CO",
    "destruction_register": "DR",
    "other": "OT",
}
OWN_CLASSES = ("invoice", "credit_note", "delivery_note", "order", "quote", "reminder")
FROM_OUTSIDE = (
    "delivery_note",
    "contract",
    "einvoice",
    "receipt",
    "statement",
    "bank_statement",
    "correspondence",
    "other",
)


def fiscal_year(day):
    """The fiscal year of a day, named by the year in which it begins; in China the calendar year
    (会计法 第11条)."""
    return day.year if day.month >= Company.current().setting("fiscal_month") else day.year - 1


def day_after_year(year, month=None):
    """The first day after the fiscal year, from which retention periods are counted. `month`: the
    first of the fiscal year, where the caller knows it."""
    return dt.date(year + 1, month or Company.current().setting("fiscal_month"), 1)


def check_month(settings):
    """Refuse an earlier first month of the fiscal year once something is filed: retention periods
    count from the end of that year and would end too soon."""
    month = settings["fiscal_month"]
    1 <= month <= 12 or refuse("fiscal_month_unknown")
    month >= Company.current().setting("fiscal_month") or not Folder.select().exists() or refuse(
        "fiscal_month_earlier"
    )


Company.setting_checks.append(check_month)


def classes(of=tuple(CLASSES)):
    """Those of them that the company needs: tax invoices from outside exist in China alone."""
    in_china = (Company.current() or Company()).in_china
    return [kind for kind in of if kind != "einvoice" or in_china]


class Folder(Model):
    """One class in one fiscal year; `last` is the position of the newest entry."""

    kind = pw.CharField(max_length=24)
    year = pw.IntegerField()
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("kind", "year"), True),)

    @classmethod
    def draw_position(cls, kind, day):
        """(folder, the next position in it), inside the caller's transaction."""
        same = (cls.kind == kind) & (cls.year == fiscal_year(day))
        cls.insert(kind=kind, year=fiscal_year(day), last=0).on_conflict_ignore().execute()
        cls.update(last=cls.last + 1).where(same).execute()
        folder = cls.get(same)
        return folder, folder.last

    def code(self, position):
        """The archive number (档案编号) of a position."""
        return f"DA-{CLASSES[self.kind]}-{self.year}-{position:05}"
