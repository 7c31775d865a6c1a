"""A page of figures as data: what its template and its file are both made from."""

import datetime as dt
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from models.adapters import spreadsheets
from models.insights import Lens
from models.insights.lens import PERIODS, currencies, main_currency
from views.web.fields import query_day, query_id, query_text

Column = namedtuple("Column", "label kind")
Cell = namedtuple("Cell", "value href", defaults=("",))
Figure = namedtuple("Figure", "label value note href tone", defaults=("", "", ""))
MONEY = (
    "money",
    "reckoned",
    "moneychange",
)  # behind the last two stand other figures of their row, not papers
BASES = ("invoice", "order")


@dataclass
class Table:
    """Rows of cells; a cell is a value or a Cell with the address of what stands behind it."""

    title: str
    columns: list
    rows: list
    empty: str = ""
    foot: list = field(default_factory=list)
    behind: bool = False  # the figures of a chart, folded away under it


@dataclass
class Page:
    """One question: its rule in words, figures, charts, tables."""

    title: str
    rule: str
    figures: list = field(default_factory=list)
    charts: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    proposals: list = field(default_factory=list)


def lens():
    """The lens that the query string asks for; what is not understood is as if not said."""
    asked = query_text("currency")
    currency = asked if asked in currencies() else main_currency()
    basis = query_text("basis") if query_text("basis") in BASES else "invoice"
    period = query_text("period") if query_text("period") in PERIODS else "12m"
    return Lens.of(
        current_user._get_current_object(),
        period,
        currency,
        query_day("since"),
        query_day("until"),
        basis=basis,
        owner=query_id("owner") or None,
    )


def asked(look=None, **more):
    """The lens as a query string's parts, with or without some; None takes a part out."""
    kept = (
        {
            name: query_text(name)
            for name in ("period", "currency", "basis", "since", "until", "owner")
        }
        if request
        else {}
    )
    if look is not None:
        kept |= {
            "since": look.first.isoformat(),
            "until": look.last.isoformat(),
            "currency": look.currency,
            "basis": look.basis,
            "period": None,
        }
    return {k: v for k, v in {**kept, **more}.items() if v not in (None, "")}


def to(name, look=None, **more):
    """The address of another question through the same lens."""
    return url_for("insights.show", name=name, **asked(look, **more))


def customer_url(customer):
    return url_for("customers.show", id=customer)


def papers(look, **narrowed):
    """The address of the documents behind a figure; `figure` names the one that they must add up
    to."""
    held = {
        name: getattr(look, name)
        for name in ("customer", "product", "category")
        if getattr(look, name) is not None
    }
    narrowed = {k: ("-" if v == "" else v) for k, v in {**held, **narrowed}.items()}
    if "papers_at" not in g:  # thousands of cells on a page: the address is built once
        g.papers_at = url_for("insight_papers.index")
    return f"{g.papers_at}?{urlencode(asked(look, **narrowed))}"


def plain_value(value, kind, currency):
    """A cell as a spreadsheet takes it."""
    value = value.value if isinstance(value, Cell) else value
    if value is None or kind in ("bar", "spark"):
        return None
    if kind in MONEY:
        return spreadsheets.amount(value, currency)
    if kind in ("percent", "change", "heat"):
        return Decimal(value).scaleb(-2)
    if kind == "tenths":
        return Decimal(value).scaleb(-1)
    if kind == "quantity":
        return Decimal(value).scaleb(-4)
    return value if isinstance(value, (int, Decimal, dt.date)) else str(value)


def as_sheet(table, currency):
    """(heads, rows) of a table for a file; percentages say so in their head."""
    shown = [i for i, c in enumerate(table.columns) if c.kind not in ("bar", "spark")]
    heads = [
        f"{table.columns[i].label} %"
        if table.columns[i].kind in ("percent", "change", "heat")
        else f"{table.columns[i].label} {currency}"
        if table.columns[i].kind in MONEY
        else table.columns[i].label
        for i in shown
    ]
    return heads, [
        [plain_value(row[i], table.columns[i].kind, currency) for i in shown] for row in table.rows
    ]


def period_name(look):
    return (
        f"{look.first} – {look.last}"
        if look.first.year > 1990
        else _("Everything up to %(day)s", day=look.last)
    )
