"""Which products sell."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import products
from models.insights.overview import share
from views.figures import answers
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Rows, Table, documents_url
from views.web.fields import query_text


def page(lens):
    lens_of_category = lens.replace(category=requested_category())
    products_sold, sees_margin = products.sold(lens_of_category), lens.person.may("see_figures")
    most = products_sold[0].net if products_sold else 0
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

    def cells(r):
        row = [
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
        margin = share(r.costed - r.cost, r.costed)
        margin = Cell(margin, documents_url(lens, product=r.id, figure="margin"))
        return row + [margin] * sees_margin

    answer, bars = answers.leading(
        [(p.id, p.net) for p in products_sold],
        product_names,
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
                Rows(
                    products_sold,
                    lambda some: [cells(r) for r in products.rows(lens_of_category, some)],
                ),
                _("No sales in this period."),
            )
        ],
        answer=answer,
        bars=bars,
    )


def product_names(ids):
    """{id: name}"""
    names = products.names_of(ids)
    return {ident: names.get(ident) or _("Free-text item") for ident in ids}


def requested_category():
    text = query_text("category")
    return None if not text else "" if text == "-" else text
