"""ABC analysis: how much of the sales depends on few customers or products."""

from flask_babel import gettext as _

from models.insights import customers, pareto, products
from models.insights.overview import share
from views.figures import charts
from views.figures.amounts import money_text, percent
from views.figures.page import Cell, Column, Figure, Page, Rows, Table, documents_url
from views.figures.products import product_names
from views.web.fields import query_text


def page(lens):
    """ABC analysis of customers, or of products."""
    by = "products" if query_text("of") == "products" else "customers"
    sold = products.sold(lens) if by == "products" else customers.bought(lens)
    rows_by_class = pareto.rows([(r.id, r.net) for r in sold])
    total = sum(r.net for r in rows_by_class)
    figures = [
        Figure(
            _("Class %(letter)s", letter=x),
            f"{n:,}",
            f"{money_text(net, lens)} · {percent(share(net, total))}%",
            documents_url(
                lens,
                only="letter",
                which=x,
                of=by,
                figure="classed" if by == "products" else "customers",
            ),
        )
        for x, n, net in pareto.classes(rows_by_class)
    ]

    def rows(some):
        thing = "product" if by == "products" else "customer"
        names = {"product": product_names, "customer": customers.names_of}[thing](
            [r.id for r in some]
        )
        return [
            [
                r.letter,
                Cell(names.get(r.id, "?"), documents_url(lens, **{thing: r.id})),
                Cell(r.net, documents_url(lens, figure="net", **{thing: r.id})),
                (r.net, rows_by_class[0].net),
                r.share,
                r.upto,
            ]
            for r in some
        ]

    return Page(
        _("ABC analysis"),
        _(
            "Largest first. A: the first 80 percent of sales, B: up to 95 percent, C: the rest. "
            "Customers below zero are left out."
        ),
        figures,
        [charts.cumulated(_("Share of sales summed up"), [r.upto for r in rows_by_class])]
        if len(rows_by_class) > 1
        else [],
        [
            Table(
                _("Products") if by == "products" else _("Customers"),
                [
                    Column(_("ABC class"), "text"),
                    Column(_("Name"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Share"), "percent"),
                    Column(_("Summed up"), "percent"),
                ],
                Rows(rows_by_class, rows),
                _("No sales in this period."),
            )
        ],
    )
