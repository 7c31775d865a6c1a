"""Which categories sell."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import products
from models.insights.overview import share
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Table, documents_url, question_url


def page(lens):
    categories, sees_margin = products.categories(lens), lens.person.may("see_figures")
    most = max((r.net for r in categories), default=0)
    columns = [
        Column(_("Category"), "lead"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(pgettext("figure", "Change"), "change"),
        Column(_("Trend"), "spark"),
    ]
    lens_before = lens.before()
    rows = [
        [
            Cell(r.name or _("Without category"), question_url("weak", category=r.name or "-")),
            Cell(r.net, documents_url(lens, category=r.name, figure="net")),
            (r.net, most),
            Cell(r.customers, documents_url(lens, category=r.name, figure="customers")),
            Cell(r.before, documents_url(lens_before, category=r.name, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [
                Cell(
                    share(r.costed - r.cost, r.costed),
                    documents_url(lens, category=r.name, figure="margin"),
                )
            ]
            if sees_margin
            else []
        )
        for r in categories
    ]
    return Page(
        _("Categories"),
        what_counts(lens)
        + " "
        + _("By the product's current category. Open a category to see why it rose or fell."),
        tables=[
            Table(
                _("Categories"),
                columns + [Column(_("Margin"), "percent")] * sees_margin,
                rows,
                _("No sales in this period."),
            )
        ],
    )
