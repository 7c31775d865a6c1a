"""A page of figures as data, from which both its template and its file are made."""

import datetime as dt
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote_plus

from flask import g, request, url_for
from flask_babel import gettext as _

from models.adapters import spreadsheets
from models.insights import Lens
from models.insights.lens import PERIODS, currencies
from views.web.days import shown
from views.web.fields import query_day, query_id, query_text
from views.web.scope import person

Column = namedtuple("Column", "label kind")
Cell = namedtuple("Cell", "value href", defaults=("",))
Figure = namedtuple("Figure", "label value note href tone", defaults=("", "", ""))
# the last two are computed from other figures of their row and lead to no documents
MONEY = ("money", "reckoned", "moneychange")
BASES = ("invoice", "order")


class Rows:
    """The rows of a table, made of these items when they are read: a page shows the first of them,
    a file has all. `make` takes some items and gives a list of rows."""

    AT_ONCE = 500

    def __init__(self, items, make):
        self.items, self.make = items, make

    def __len__(self):
        return len(self.items)

    def __getitem__(self, some):
        return self.make(self.items[some])

    def __iter__(self):
        for at in range(0, len(self), self.AT_ONCE):
            yield from self[at : at + self.AT_ONCE]


@dataclass
class Table:
    """Rows of cells, a list or Rows; a cell is a value, or a Cell with the address of its
    documents."""

    title: str
    columns: list
    rows: object
    empty: str = ""
    foot: list = field(default_factory=list)
    behind: bool = False  # the figures of a chart, collapsed below it


@dataclass
class Page:
    """The page of one question: how it is counted, figures, charts, tables."""

    title: str
    rule: str
    figures: list = field(default_factory=list)
    charts: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    answer: str = ""
    bars: list = field(default_factory=list)
    sources: list = field(default_factory=list)  # [(label, amount)] and their sum at the end


def offered_currencies():
    """Those in which something was sold, read once for an answer."""
    if "currencies" not in g:
        g.currencies = currencies()
    return g.currencies


def requested_lens():
    """The lens that the query string asks for; unknown values are ignored."""
    requested = query_text("currency")
    currency = requested if requested in offered_currencies() else offered_currencies()[0]
    basis = query_text("basis") if query_text("basis") in BASES else "invoice"
    period = query_text("period") if query_text("period") in PERIODS else "12m"
    return Lens.of(
        person(),
        period,
        currency,
        query_day("since"),
        query_day("until"),
        basis=basis,
        owner=query_id("owner") or None,
    )


def lens_parameters(lens=None, **more):
    """The lens as parameters of a query string; `more` adds some, or removes those that are
    None."""
    parameters = (
        {
            name: query_text(name)
            for name in ("period", "currency", "basis", "since", "until", "owner")
        }
        if request
        else {}
    )
    if lens is not None:
        parameters |= {
            "since": lens.first.isoformat(),
            "until": lens.last.isoformat(),
            "currency": lens.currency,
            "basis": lens.basis,
            "period": None,
        }
    return {k: v for k, v in {**parameters, **more}.items() if v not in (None, "")}


def question_url(name, lens=None, **more):
    """The address of another question with the same lens."""
    return url_for("insights.show", name=name, **lens_parameters(lens, **more))


def customer_url(customer):
    return url_for("customers.show", id=customer)


def documents_url(lens, **filters):
    """The address of the documents behind a figure; `figure` names the one they add up to."""
    own_filters = {
        name: getattr(lens, name)
        for name in ("customer", "product", "category")
        if getattr(lens, name) is not None
    }
    filters = {k: ("-" if v == "" else v) for k, v in {**own_filters, **filters}.items()}
    # what the addresses of a lens have in common is made once, as a page has a thousand cells
    made = g.setdefault("papers_of", {})
    if lens not in made:
        made[lens] = url_for("insight_papers.index"), _encoded(lens_parameters(lens))
    address, parameters = made[lens]
    return f"{address}?{'&'.join(filter(None, {**parameters, **_encoded(filters)}.values()))}"


def _encoded(parameters):
    """{name: "name=value"}, "" where the value is None."""
    return {
        name: "" if value is None else f"{name}={quote_plus(str(value))}"
        for name, value in parameters.items()
    }


def plain_value(value, kind, currency):
    """A cell's value for a spreadsheet."""
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
    """(heads, rows) of a table for a file; the heads name percent or the currency."""
    columns = [i for i, c in enumerate(table.columns) if c.kind not in ("bar", "spark")]
    heads = [
        f"{table.columns[i].label}%"
        if table.columns[i].kind in ("percent", "change", "heat")
        else f"{table.columns[i].label} {currency}"
        if table.columns[i].kind in MONEY
        else table.columns[i].label
        for i in columns
    ]
    return heads, [
        [plain_value(row[i], table.columns[i].kind, currency) for i in columns]
        for row in table.rows
    ]


def period_name(lens):
    return (
        f"{shown(lens.first)} – {shown(lens.last)}"
        if lens.first.year > 1990
        else _("Everything up to %(day)s", day=lens.last)
    )
