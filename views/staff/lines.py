"""Rows of the line editor: empty, filled from a product, or pasted from a table; and the products
that fit what is typed."""

import json

from flask import make_response, render_template
from flask_babel import ngettext
from markupsafe import Markup

from models.core.money import format_price
from models.products import Product
from views.staff.document_form import EMPTY, taxes_of
from views.staff.line_rows import filled, pasted
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_text, query_text
from views.web.scope import get_or_404, sees

bp = StaffBlueprint(
    "lines", __name__, url_prefix="/documents/<int:id>/lines", menu="documents", help="03-making"
)
SENT = ("name", "note", "quantity", "unit", "price", "discount", "tax", "source")
PARTS = ("heading", "subtotal")
MOST_PASTED = 100_000


@bp.get("/new")
@can("write")
def new(id):
    """An empty row, a heading or subtotal, or a row filled from the product that the typed code or
    name stands for. What stands for none becomes the name of a row that has none; else 204."""
    document, typed = get_or_404(sees().documents(), id), query_text("line-code", 250)
    part = query_text("part")
    row = {**EMPTY, "part": part if part in PARTS else "", "errors": {}}
    row["quantity"] = "" if row["part"] else "1"
    if typed:
        row.update({name: sent for name in SENT if (sent := query_text(f"line-{name}", 500))})
        product = Product.by_code_or_name(typed, "") or Product.by_code_or_name("", typed)
        if not product and row["name"]:
            return "", 204
        row = filled(row, product, document) if product else {**row, "name": typed}
    return _rows(document, [row], fresh=True)


@bp.post("/pasted")
@can("write")
def paste(id):
    """The rows that cells copied from a table become."""
    document = get_or_404(sees().documents(), id)
    taxes = list(taxes_of(document).values())
    rows = pasted(form_text("cells", MOST_PASTED), document, taxes)
    doubtful = sum(bool(row["errors"]) for row in rows)
    text = ngettext("%(num)s row added.", "%(num)s rows added.", len(rows))
    if doubtful:
        text += " " + ngettext(
            "%(num)s is marked: please check it.",
            "%(num)s are marked: please check them.",
            doubtful,
        )
    answer = make_response(_rows(document, rows))
    told = {"toast": {"text": text, "tone": "warning" if doubtful else ""}, "pasted": {}}
    answer.headers["HX-Trigger-After-Swap"] = json.dumps(told)
    return answer


def _rows(document, rows, fresh=False):
    taxes = list(taxes_of(document).values())
    return "".join(
        render_template(
            "staff/documents/_line.html",
            row=row,
            taxes=taxes,
            document=document,
            currency=document.currency,
            fresh=fresh,
        )
        for row in rows
    )


@bp.get("/products")
@can("write")
def products(id):
    """The first products that fit what is typed, by code, name or pinyin."""
    document, typed = get_or_404(sees().documents(), id), query_text("line-code")
    found = Product.fitting(typed).limit(12)
    return render_template(
        "staff/documents/products.html",
        products=[
            (
                p,
                _marked(p.in_language(document.language)["name"], typed),
                format_price(p.price, p.currency),
            )
            for p in found
        ],
        typed=typed,
        document=document,
    )


def _marked(name, typed):
    """The name with what was typed marked in it."""
    at = name.casefold().find(typed.casefold()) if typed else -1
    if at < 0:
        return name
    end = at + len(typed)
    return Markup("{}<mark>{}</mark>{}").format(name[:at], name[at:end], name[end:])
