"""Who buys."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.insights import customers, overview
from models.insights.overview import share
from views.figures import answers
from views.figures.amounts import what_counts
from views.figures.page import Cell, Column, Page, Table, customer_url, documents_url
from views.web.fields import query_text


def page(lens):
    buyers = customers.rows(lens)
    if query_text("new"):
        new = overview.new_customers(lens)
        buyers = [r for r in buyers if r.id in new]
    most, lens_before = max((r.net for r in buyers), default=0), lens.before()
    rows = [
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
        for r in buyers
    ]
    answer, bars = answers.leading(
        [(r.id, r.name, r.net) for r in buyers],
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
                rows,
                _("No sales in this period."),
            )
        ],
        answer=answer,
        bars=bars,
    )
