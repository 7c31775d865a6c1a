"""Who stopped buying."""

from flask_babel import gettext as _

from models.insights import rhythm
from models.insights.customers import names_of
from models.insights.lens import months_on
from views.figures.amounts import money
from views.figures.page import Cell, Column, Figure, Page, Rows, Table, customer_url, documents_url


def page(lens):
    stopped = rhythm.stopped(lens)
    span = lens.replace(first=months_on(lens.last, -rhythm.LOOKED_BACK))

    def rows(some):
        names = names_of(s.id for s in some)
        return [
            [
                Cell(names.get(s.id, "?"), customer_url(s.id)),
                s.last,
                *(
                    Cell(n, documents_url(span, customer=s.id, figure=name))
                    for n, name in ((s.silent, "silent"), (s.gap, "gap"), (s.days, "bought"))
                ),
                Cell(s.worth, documents_url(lens, only="stopped", customer=s.id, figure="net")),
            ]
            for s in some
        ]

    return Page(
        _("Lapsed customers"),
        _(
            "Customers with at least two purchases in three years who have not bought for more "
            "than twice their usual interval, at least 60 days. The usual interval is the "
            "median; worth is what they bought in the twelve months before they stopped."
        ),
        [
            Figure(
                _("Stopped"),
                f"{len(stopped)}",
                money(sum(s.worth for s in stopped), lens),
                documents_url(lens, only="stopped", figure="customers"),
            )
        ],
        tables=[
            Table(
                _("Lapsed customers"),
                [
                    Column(_("Customer"), "lead"),
                    Column(_("Last purchase"), "date"),
                    Column(_("Days since last purchase"), "count"),
                    Column(_("Usual interval (days)"), "count"),
                    Column(_("Days with a purchase"), "count"),
                    Column(_("Value in a year"), "money"),
                ],
                Rows(stopped, rows),
                _("No lapsed customers: all regular customers still buy."),
            )
        ],
    )
