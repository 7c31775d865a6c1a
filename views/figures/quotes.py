"""How many quotes become orders."""

from collections import defaultdict

from flask import url_for
from flask_babel import gettext as _

from models.core.dates import as_day
from models.customers import Customer
from models.insights import quotes
from models.insights.customers import names_of
from models.insights.overview import share
from models.people import User
from views.figures.amounts import money
from views.figures.page import Cell, Column, Figure, Page, Rows, Table, customer_url, documents_url


def page(lens):
    rows_of_quotes = quotes.rows(lens)
    count, won, net, won_net, days = quotes.rate(rows_of_quotes)
    people, by_owner = dict(User.select(User.id, User.name).tuples()), defaultdict(list)
    for r in rows_of_quotes:
        by_owner[r.owner].append(r)
    by_salesperson = [
        (o, quotes.rate(by_owner[o])) for o in sorted(by_owner, key=lambda o: people.get(o, ""))
    ]

    def quotes_url(name, **more):
        return documents_url(lens, only="quotes", figure=name, **more)

    figures = [
        Figure(_("Quotes"), f"{count}", money(net, lens), quotes_url("quotes")),
        Figure(
            _("Became orders"),
            f"{won}",
            money(won_net, lens),
            documents_url(lens, only="won", figure="won"),
        ),
        Figure(
            _("Rate by number"),
            "–" if not count else f"{share(won, count) / 100:.1f}%",
            "",
            quotes_url("rate"),
        ),
        Figure(
            _("Rate by amount"),
            "–" if not net else f"{(share(won_net, net) or 0) / 100:.1f}%",
            "",
            quotes_url("rate_net"),
        ),
        Figure(
            _("Days to the order"),
            "–" if days is None else f"{days}",
            _("on average"),
            documents_url(lens, only="won", figure="order_days"),
        ),
    ]

    def rows(some):
        mains = Customer.mains()
        names = names_of({mains.get(r.customer, r.customer) for r in some})
        return [
            [
                Cell(r.number, url_for("documents.show", id=r.id)),
                Cell(names.get(main, ""), customer_url(main)),
                people.get(r.owner, ""),
                as_day(r.day),
                Cell(r.net, url_for("documents.show", id=r.id)),
                as_day(r.ordered),
                Cell(r.days, url_for("documents.show", id=r.id)),
            ]
            for r in some
            for main in [mains.get(r.customer, r.customer)]
        ]

    return Page(
        _("Quotes to orders"),
        _(
            "Quotes issued in the period. A quote counts as converted if its order was issued "
            "and not voided."
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
                            Cell(value, quotes_url(name, owner=o or "-"))
                            for value, name in (
                                (n, "quotes"),
                                (w, "won"),
                                (share(w, n), "rate"),
                                ((share(wn, a) or 0) if a else None, "rate_net"),
                            )
                        ),
                    ]
                    for o, (n, w, a, wn, _d) in by_salesperson
                ],
                _("No quotes in this period."),
            ),
            Table(
                _("Quotes"),
                [
                    Column(_("Number"), "lead"),
                    Column(_("Customer"), "text"),
                    Column(_("Salesperson"), "text"),
                    Column(_("Issue date"), "date"),
                    Column(_("Subtotal (excl. tax)"), "money"),
                    Column(_("Ordered on"), "date"),
                    Column(_("Days to the order"), "count"),
                ],
                Rows(rows_of_quotes, rows),
                _("No quotes in this period."),
            ),
        ],
    )
