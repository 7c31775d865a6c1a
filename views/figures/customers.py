"""Who buys."""

from flask_babel import gettext as _

from models.insights import customers, overview
from models.insights.overview import share
from views.figures.amounts import counted
from views.figures.page import Cell, Column, Page, Table, customer_url, papers
from views.web.fields import query_text


def page(look):
    found = customers.rows(look)
    if query_text("new"):
        fresh = overview.new_customers(look)
        found = [r for r in found if r.id in fresh]
    most, was = max((r.net for r in found), default=0), look.before()
    rows = [
        [
            Cell(r.name, customer_url(r.id)),
            Cell(r.net, papers(look, customer=r.id, figure="net")),
            (r.net, most),
            Cell(r.papers, papers(look, customer=r.id, figure="papers")),
            Cell(r.days, papers(look, customer=r.id, figure="days")),
            r.last,
            Cell(r.before, papers(was, customer=r.id, figure="net")),
            r.change,
            r.category
            and Cell(
                f"{r.category} ({share(r.category_net, r.net) // 100 if r.net > 0 else 0} %)",
                papers(look, customer=r.id, category=r.category),
            ),
        ]
        for r in found
    ]
    return Page(
        _("New customers") if query_text("new") else _("Customers"),
        counted(look)
        + " "
        + _(
            "Preference: the category with most of the customer's net. New: the first "
            "purchase ever in this currency falls into the period."
        ),
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(_("Papers"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Last purchase"), "date"),
                    Column(_("Period before"), "money"),
                    Column(_("Up or down"), "change"),
                    Column(_("Preference"), "text"),
                ],
                rows,
                _("Nothing was sold in this period."),
            )
        ],
    )
