"""How a file to import is read: what the page offers, asks, and takes as an answer."""

from flask import request
from flask_babel import gettext as _

from models.adapters.tables import related
from models.adapters.tables.encodings import CODECS
from models.core.errors import refuse
from views.web.fields import form_text

SEPARATORS = (",", ";", "\t", "|")
MOST_HEAD_ROW = 1000


def left_out_text(why):
    return {
        "title": _("above the headers"),
        "total": _("a sum"),
        "heads": _("repeated headers"),
        "note": _("a note below the rows"),
    }[why]


def question_text(name):
    """The legend above the alternatives of a question."""
    return {
        "encoding": _("Which version of the text is correct?"),
        "sheet": _("Which sheet?"),
        "head_row": _("Which row contains the headers?"),
        "decimal": _("Which number is it?"),
        "date_order": _("Which date is it?"),
        "discount": _("How much of the price is paid?"),
        "rounding": _("Prices have at most four decimal places. Round these?"),
        "status_out": _("Which rows should be skipped?"),
    }[name]


def alternative_text(name, value):
    """What an alternative is called."""
    if name == "sheet":
        return _sheets_text(value)
    if name == "head_row":
        return _("Row %(number)s", number=value) if value else _("The first row is data")
    return {
        ".": _("a point before the decimals"),
        ",": _("a comma before the decimals"),
        "mdy": _("month first"),
        "dmy": _("day first"),
        "ymd": _("year first"),
        "paid": _("Share to pay"),
        "off": _("Share taken off"),
        "round": _("Yes, round"),
    }.get(value, str(value))


def _sheets_text(value):
    """A sheet by its name, or which sheets are read together."""
    name, *rest = value.split(":")
    joined = dict(zip(rest[::2], rest[1::2], strict=False))
    lines, payments = joined.get(related.LINES), joined.get(related.PAYMENTS)
    if lines and payments:
        text = _("%(sheet)s, with lines from %(lines)s and payments from %(payments)s")
    elif lines:
        text = _("%(sheet)s, with lines from %(lines)s")
    elif payments:
        text = _("%(sheet)s, with payments from %(payments)s")
    else:
        return value
    return text % {"sheet": name, "lines": lines, "payments": payments}


def habits(target):
    """(option, label, its answers) of what a column's habit may be said to be."""
    found = [
        (
            "date_order",
            _("Order of dates such as 3/4/2026"),
            [(order, alternative_text("", order)) for order in ("mdy", "dmy", "ymd")],
        ),
        (
            "decimal",
            _("Numbers such as 1.234"),
            [(sign, alternative_text("", sign)) for sign in ".,"],
        ),
    ]
    if target == "documents":
        answers = [(habit, alternative_text("", habit)) for habit in ("paid", "off")]
        found.append(("discount", _("Discounts such as 0.85"), answers))
    if target == "products":
        answers = [("round", alternative_text("", "round"))]
        found.append(("rounding", _("More than four decimal places"), answers))
    return found


def reading_context(row, outline):
    """What the pieces about reading need."""
    if not outline:
        return {}
    asked = [q for q in row.findings.get("questions", []) if q["column"]]
    offered = list(outline.get("offered", outline["questions"]))
    return {
        "reading": row.options.get("reading", {}),
        "offered": offered,
        "offered_names": [q["name"] for q in offered],
        "left_out": [(n, text, left_out_text(why)) for n, text, why in outline["left_out"]],
        "asked": asked,
        "asked_names": [q["name"] for q in asked],
        "habits": habits(row.target),
        "separators": [(sign, {"\t": "TAB"}.get(sign, sign)) for sign in SEPARATORS],
        "encodings": [(name, name.upper()) for name in CODECS],
        "question_text": question_text,
        "alternative_text": alternative_text,
    }


def chosen_reading():
    """The answers of the form, without what is left to be found out."""
    form = request.form
    chosen = {
        "encoding": form.get("encoding", ""),
        "separator": form.get("separator", ""),
        "sheet": form_text("sheet", 250, lines=False),
        "totals": "keep" if "totals" in form else "",
    }
    chosen["encoding"] in ("", *CODECS) or refuse("choice_unknown")
    chosen["separator"] in ("", *SEPARATORS) or refuse("choice_unknown")
    for name, most in (("head_row", MOST_HEAD_ROW), ("head_rows", 2)):
        if form.get(name, ""):
            form[name] in [str(row) for row in range(most + 1)] or refuse("choice_unknown")
            chosen[name] = int(form[name])
    return {name: value for name, value in chosen.items() if value != ""}
