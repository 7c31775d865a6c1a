"""Which products sell."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import products
from models.insights.overview import share
from views.figures import answers
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Table, documents_url
from views.web.fields import query_text


def page(lens):
    products_sold, sees_margin = (
        products.rows(lens.replace(category=requested_category())),
        lens.person.may("see_figures"),
    )
    most = max((r.net for r in products_sold), default=0)
    columns = [
        Column(_("Product"), "lead"),
        Column(_("Category"), "text"),
        Column(_("Net sales"), "money"),
        Column("", "bar"),
        Column(_("Quantity"), "quantity"),
        Column(_("Customers"), "count"),
        Column(_("Period before"), "money"),
        Column(pgettext("figure", "Change"), "change"),
        Column(_("Trend"), "spark"),
    ]
    lens_before = lens.before()
    rows = [
        [
            Cell(r.name or _("Free-text item"), documents_url(lens, product=r.id)),
            r.category,
            Cell(r.net, documents_url(lens, product=r.id, figure="net")),
            (r.net, most),
            Cell(r.quantity, documents_url(lens, product=r.id, figure="quantity")),
            Cell(r.customers, documents_url(lens, product=r.id, figure="customers")),
            Cell(r.before, documents_url(lens_before, product=r.id, figure="net")),
            r.change,
            r.course,
        ]
        + (
            [
                Cell(
                    share(r.costed - r.cost, r.costed),
                    documents_url(lens, product=r.id, figure="margin"),
                )
            ]
            if sees_margin
            else []
        )
        for r in products_sold
    ]
    answer, bars = answers.leading(
        [(r.id, r.name or _("Free-text item"), r.net) for r in products_sold],
        lens,
        lambda product: documents_url(lens, product=product, figure="net"),
        _("Only %(name)s was sold: %(sum)s."),
        _("%(n)s products were sold."),
    )
    return Page(
        _("Products"),
        what_counts(lens)
        + " "
        + _(
            "By product, after all discounts. Margin: only lines whose cost was known when issued."
        ),
        tables=[
            Table(
                _("Products"),
                columns + [Column(_("Margin"), "percent")] * sees_margin,
                rows,
                _("No sales in this period."),
            )
        ],
        answer=answer,
        bars=bars,
    )


def requested_category():
    text = query_text("category")
    return None if not text else "" if text == "-" else text
