"""How business went: the period beside the one before and the year before."""

from flask_babel import gettext as _

from models.core.money import format_money
from models.insights import overview
from models.insights.overview import change, share
from views.figures import charts
from views.figures.amounts import counted, money, money_text, moved, percent
from views.figures.months import month_within, year_before
from views.figures.page import Cell, Column, Figure, Page, Table, papers


def page(look):
    before, year, all_of_it = look.before(), look.year_before(), look.first.year < 1991
    compared = (lambda *_numbers: "") if all_of_it else moved  # nothing lies before everything
    firsts = overview.first_days(look)
    now, was, last = (overview.totals(x, firsts) for x in (look, before, year))
    line = overview.months(look)
    names = [m for m, _net in line]
    old = (
        [net for _m, net in overview.months(look.year_before())][: len(line)]
        if look.first.year > 1991
        else []
    )
    old = old if any(old) else []
    figures = [
        Figure(
            _("Net sales"),
            money(now.net, look),
            compared(now.net, was.net, look),
            papers(look, figure="net"),
        ),
        Figure(
            _("Papers"),
            f"{now.papers:,}",
            compared(now.papers, was.papers),
            papers(look, figure="papers"),
        ),
        Figure(
            _("Customers who bought"),
            f"{now.customers:,}",
            compared(now.customers, was.customers),
            papers(look, figure="customers"),
        ),
        Figure(
            _("New customers"),
            f"{now.new:,}",
            compared(now.new, was.new),
            papers(look, only="new", figure="customers"),
        ),
        Figure(
            _("Per paper"),
            money(now.average, look),
            compared(now.average, was.average, look),
            papers(look, figure="average"),
        ),
        Figure(
            _("Discount given"),
            money(now.discount, look),
            _(
                "%(p)s %% of the list price",
                p=percent(share(now.discount, now.net + now.discount)),
            ),
            papers(look, figure="discount"),
        ),
    ]
    if look.person.may("see_figures") and now.costed:
        figures.append(
            Figure(
                _("Margin"),
                f"{percent(share(now.costed - now.cost, now.costed))} %",
                _(
                    "%(m)s on the %(p)s %% of sales whose cost is known",
                    m=format_money(now.costed - now.cost, look.currency),
                    p=percent(share(now.costed, now.net)),
                ),
                papers(look, figure="margin"),
            )
        )
    rows = [
        [
            m,
            Cell(net, papers(month_within(look, m), figure="net")),
            Cell(old[i], papers(month_within(look.year_before(), year_before(m)), figure="net"))
            if i < len(old)
            else None,
            change(net, old[i]) if i < len(old) else None,
        ]
        for i, (m, net) in enumerate(line)
    ]
    spans = ((now, look), (was, before), (last, year))[: 1 if all_of_it else 3]
    heads = [
        Column(_("Figure"), "lead"),
        Column(_("This period"), "said"),
        Column(_("Period before"), "said"),
        Column(_("A year before"), "said"),
    ]
    compare = Table(
        _("Compared"),
        heads[: len(spans) + 1],
        [
            [
                _("Net sales"),
                *(Cell(money_text(t.net, look), papers(x, figure="net")) for t, x in spans),
            ],
            [_("Papers"), *(Cell(f"{t.papers:,}", papers(x, figure="papers")) for t, x in spans)],
            [
                _("Credit notes"),
                *(
                    Cell(f"{t.credits:,}", papers(x, only="credits", figure="credits"))
                    for t, x in spans
                ),
            ],
            [
                _("Customers who bought"),
                *(Cell(f"{t.customers:,}", papers(x, figure="customers")) for t, x in spans),
            ],
            [
                _("New customers"),
                *(Cell(f"{t.new:,}", papers(x, only="new", figure="customers")) for t, x in spans),
            ],
            [
                _("Discount given"),
                *(
                    Cell(money_text(t.discount, look), papers(x, figure="discount"))
                    for t, x in spans
                ),
            ],
        ],
    )
    return Page(
        _("Overview"),
        counted(look)
        + " "
        + _("Before: as many months, else days, just before; a year before: the same days."),
        figures,
        [
            charts.months(
                _("Sales by month"),
                names,
                [n for _m, n in line],
                old,
                look.currency,
                (_("Net sales"), _("A year before")),
            )
        ],
        [
            Table(
                _("Sales by month"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("A year before"), "money"),
                    Column(_("Up or down"), "change"),
                ],
                rows,
                behind=True,
            ),
            compare,
        ],
    )
