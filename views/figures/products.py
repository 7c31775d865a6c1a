"""Which products sell."""

from flask_babel import gettext as _

from models.insights import products
from models.insights.overview import share
from views.figures.amounts import counted
from views.figures.page import Cell, Column, Page, Table, papers
from views.web.fields import query_text


def page(look):
    found, seen = (
        products.rows(look.moved(category=asked_category())),
        look.person.may("see_figures"),
    )
    most = max((r.net for r in found), default=0)
    cols = [
        Column(_("Product"), "lead"),
        Column(_("Category"), "text"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Quantity"), "quantity"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(_("Up or down"), "change"),
        Column(_("Trend"), "spark"),
    ]
    was = look.before()
    rows = [
        [
            Cell(r.name or _("Written freely"), papers(look, product=r.id)),
            r.category,
            Cell(r.net, papers(look, product=r.id, figure="net")),
            (r.net, most),
            Cell(r.quantity, papers(look, product=r.id, figure="quantity")),
            Cell(r.customers, papers(look, product=r.id, figure="customers")),
            Cell(r.before, papers(was, product=r.id, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [Cell(share(r.costed - r.cost, r.costed), papers(look, product=r.id, figure="margin"))]
            if seen
            else []
        )
        for r in found
    ]
    return Page(
        _("Products"),
        counted(look)
        + " "
        + _(
            "By product of each line, after all discounts. Margin: on lines whose cost "
            "was known when issued."
        ),
        tables=[
            Table(
                _("Products"),
                cols + [Column(_("Margin"), "percent")] * seen,
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )


def asked_category():
    asked_for = query_text("category")
    return None if not asked_for else "" if asked_for == "-" else asked_for
