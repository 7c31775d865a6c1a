"""How many quotes become orders."""

from flask import url_for
from flask_babel import gettext as _

from models.insights import quotes
from models.insights.customers import names_of
from models.insights.overview import share
from models.people import User
from views.figures.amounts import money
from views.figures.page import Cell, Column, Figure, Page, Table, customer_url, papers


def page(look):
    found = quotes.rows(look)
    count, won, net, won_net, days = quotes.rate(found)
    names, people = (
        names_of({r.customer for r in found}),
        dict(User.select(User.id, User.name).tuples()),
    )
    sellers = [
        (o, quotes.rate([r for r in found if r.owner == o]))
        for o in sorted({r.owner for r in found}, key=lambda o: people.get(o, ""))
    ]

    def here(name, **more):
        return papers(look, only="quotes", figure=name, **more)

    figures = [
        Figure(_("Quotes"), f"{count}", money(net, look), here("quotes")),
        Figure(
            _("Became orders"),
            f"{won}",
            money(won_net, look),
            papers(look, only="won", figure="won"),
        ),
        Figure(
            _("Rate by number"),
            "–" if not count else f"{share(won, count) / 100:.1f} %",
            "",
            here("rate"),
        ),
        Figure(
            _("Rate by amount"),
            "–" if not net else f"{(share(won_net, net) or 0) / 100:.1f} %",
            "",
            here("rate_net"),
        ),
        Figure(
            _("Days to the order"),
            "–" if days is None else f"{days}",
            _("on average"),
            papers(look, only="won", figure="order_days"),
        ),
    ]
    rows = [
        [
            Cell(r.number, url_for("documents.show", id=r.id)),
            Cell(names.get(r.customer, ""), customer_url(r.customer)),
            people.get(r.owner, ""),
            r.day,
            Cell(r.net, url_for("documents.show", id=r.id)),
            r.ordered,
            Cell(r.days, url_for("documents.show", id=r.id)),
        ]
        for r in found
    ]
    return Page(
        _("Quotes to orders"),
        _(
            "Quotes issued in the period; one became an order when an order made from it "
            "was issued and still stands."
        ),
        figures,
        tables=[
            Table(
                _("By salesperson"),
                [
                    Column(_("Salesperson"), "lead"),
                    Column(_("Quotes"), "count"),
                    Column(_("Became orders"), "count"),
                    Column(_("Rate by number"), "percent"),
                    Column(_("Rate by amount"), "percent"),
                ],
                [
                    [
                        people.get(o, "–"),
                        *(
                            Cell(value, here(name, owner=o or "-"))
                            for value, name in (
                                (n, "quotes"),
                                (w, "won"),
                                (share(w, n), "rate"),
                                ((share(wn, a) or 0) if a else None, "rate_net"),
                            )
                        ),
                    ]
                    for o, (n, w, a, wn, _d) in sellers
                ],
                _("No quotes in this period."),
            ),
            Table(
                _("Quotes"),
                [
                    Column(_("Number"), "lead"),
                    Column(_("Customer"), "text"),
                    Column(_("Salesperson"), "text"),
                    Column(_("Issued on"), "date"),
                    Column(_("Net"), "money"),
                    Column(_("Ordered on"), "date"),
                    Column(_("Days to the order"), "count"),
                ],
                rows,
                _("No quotes in this period."),
            ),
        ],
    )
