"""On how few customers or products the sales hang."""

from flask_babel import gettext as _

from models.insights import customers, pareto, products
from models.insights.overview import share
from views.figures import charts
from views.figures.amounts import money_text, percent
from views.figures.page import Cell, Column, Figure, Page, Table, papers
from views.web.fields import query_text


def page(look):
    """Pareto of customers, or of products."""
    by = "products" if query_text("of") == "products" else "customers"
    found = [
        (r.id, r.name or _("Written freely"), r.net)
        for r in (products.rows(look) if by == "products" else customers.rows(look, liking=False))
    ]
    made = pareto.rows(found)
    whole = sum(r.net for r in made)
    figures = [
        Figure(
            _("Class %(letter)s", letter=x),
            f"{n:,}",
            f"{money_text(net, look)} · {percent(share(net, whole))} %",
            papers(
                look,
                only="letter",
                which=x,
                of=by,
                figure="classed" if by == "products" else "customers",
            ),
        )
        for x, n, net in pareto.letters(made)
    ]
    rows = [
        [
            r.letter,
            Cell(r.name, papers(look, **{"product" if by == "products" else "customer": r.id})),
            Cell(
                r.net,
                papers(look, figure="net", **{"product" if by == "products" else "customer": r.id}),
            ),
            (r.net, made[0].net),
            r.share,
            r.upto,
        ]
        for r in made
    ]
    return Page(
        _("Few and many"),
        _(
            "The largest first. A: until 80 in 100 of all sales are reached, B: until "
            "95, C: the rest; who is below zero is left out."
        ),
        figures,
        [charts.rising(_("Share of sales summed up"), [r.upto for r in made])]
        if len(made) > 1
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
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )
