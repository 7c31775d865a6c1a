"""Who buys."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import customers, overview
from models.insights.overview import share
from views.figures import answers
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Rows, Table, customer_url, documents_url
from views.web.fields import query_text


def page(lens):
    buyers = customers.bought(lens)
    if query_text("new"):
        new = overview.new_customers(lens)
        buyers = [b for b in buyers if b.id in new]
    most, lens_before = buyers[0].net if buyers else 0, lens.before()

    def rows(some):
        return [
            [
                Cell(r.name, customer_url(r.id)),
                Cell(r.net, documents_url(lens, customer=r.id, figure="net")),
                (r.net, most),
                Cell(r.papers, documents_url(lens, customer=r.id, figure="papers")),
                Cell(r.days, documents_url(lens, customer=r.id, figure="days")),
                r.last,
                Cell(r.before, documents_url(lens_before, customer=r.id, figure="net")),
                r.change,
                r.category
                and Cell(
                    f"{r.category} ({share(r.category_net, r.net) // 100 if r.net > 0 else 0}%)",
                    documents_url(lens, customer=r.id, category=r.category),
                ),
            ]
            for r in customers.rows(lens, some)
        ]

    answer, bars = answers.leading(
        [(b.id, b.net) for b in buyers],
        customers.names_of,
        lens,
        customer_url,
        _("Only %(name)s bought: %(sum)s."),
        _("%(n)s customers bought."),
    )
    return Page(
        _("New customers") if query_text("new") else _("Customers"),
        what_counts(lens)
        + " "
        + _(
            "Preference: the customer's largest category by net sales. New: the first purchase "
            "in this currency is in the period."
        ),
        tables=[
            Table(
                _("Customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Net sales"), "money"),
                    Column("", "bar"),
                    Column(pgettext("number", "Documents"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Last purchase"), "date"),
                    Column(_("Period before"), "money"),
                    Column(pgettext("figure", "Change"), "change"),
                    Column(_("Preference"), "text"),
                ],
                Rows(buyers, rows),
                _("No sales in this period."),
            )
        ],
        answer=answer,
        bars=bars,
    )
