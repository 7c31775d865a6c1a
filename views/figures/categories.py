"""Which categories sell."""

from flask_babel import gettext as _

from models.insights import products
from models.insights.overview import share
from views.figures.amounts import counted
from views.figures.page import Cell, Column, Page, Table, papers, to


def page(look):
    found, seen = products.categories(look), look.person.may("see_figures")
    most = max((r.net for r in found), default=0)
    cols = [
        Column(_("Category"), "lead"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(_("Up or down"), "change"),
        Column(_("Trend"), "spark"),
    ]
    was = look.before()
    rows = [
        [
            Cell(r.name or _("Without category"), to("weak", category=r.name or "-")),
            Cell(r.net, papers(look, category=r.name, figure="net")),
            (r.net, most),
            Cell(r.customers, papers(look, category=r.name, figure="customers")),
            Cell(r.before, papers(was, category=r.name, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [
                Cell(
                    share(r.costed - r.cost, r.costed),
                    papers(look, category=r.name, figure="margin"),
                )
            ]
            if seen
            else []
        )
        for r in found
    ]
    return Page(
        _("Categories"),
        counted(look)
        + " "
        + _(
            "By the category that the product has now. Open a category to see why it rose or fell."
        ),
        tables=[
            Table(
                _("Categories"),
                cols + [Column(_("Margin"), "percent")] * seen,
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )
