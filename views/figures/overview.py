"""The overview: the period compared with the one before and with the year before."""

from flask_babel import gettext as _
from flask_babel import pgettext

from models.core.money import format_money
from models.insights import overview
from models.insights.overview import change, share
from views.figures import answers, charts
from views.figures.amounts import before_and_change, money, money_text, percent, what_counts
from views.figures.months import month_within, year_before
from views.figures.page import Cell, Column, Figure, Page, Table, documents_url


def page(lens):
    before, year, is_all_time = lens.before(), lens.year_before(), lens.first.year < 1991
    # there is no period before all time
    compared = (lambda *_numbers: "") if is_all_time else before_and_change
    since = min(x.first for x in (lens, before, year))
    firsts = overview.first_days(lens.replace(first=since))
    totals = {x: overview.totals(x, firsts) for x in {lens, before, year}}
    now, was, last = totals[lens], totals[before], totals[year]
    net_by_month = overview.months(lens)
    month_names = [m for m, _net in net_by_month]
    old = (
        [net for _m, net in overview.months(lens.year_before())][: len(net_by_month)]
        if lens.first.year > 1991
        else []
    )
    old = old if any(old) else []
    figures = [
        Figure(
            _("Net sales"),
            money(now.net, lens),
            compared(now.net, was.net, lens),
            documents_url(lens, figure="net"),
        ),
        Figure(
            pgettext("number", "Documents"),
            f"{now.papers:,}",
            compared(now.papers, was.papers),
            documents_url(lens, figure="papers"),
        ),
        Figure(
            _("Customers who bought"),
            f"{now.customers:,}",
            compared(now.customers, was.customers),
            documents_url(lens, figure="customers"),
        ),
        Figure(
            _("New customers"),
            f"{now.new:,}",
            compared(now.new, was.new),
            documents_url(lens, only="new", figure="customers"),
        ),
        Figure(
            _("Per document"),
            money(now.average, lens),
            compared(now.average, was.average, lens),
            documents_url(lens, figure="average"),
        ),
        Figure(
            _("Discounts"),
            money(now.discount, lens),
            _(
                "%(p)s%% of the list price",
                p=percent(share(now.discount, now.net + now.discount)),
            ),
            documents_url(lens, figure="discount"),
        ),
    ]
    if lens.person.may("see_figures") and now.costed:
        figures.append(
            Figure(
                _("Margin"),
                f"{percent(share(now.costed - now.cost, now.costed))}%",
                _(
                    "%(m)s on the %(p)s%% of sales whose cost is known",
                    m=format_money(now.costed - now.cost, lens.currency),
                    p=percent(share(now.costed, now.net)),
                ),
                documents_url(lens, figure="margin"),
            )
        )
    rows = [
        [
            m,
            Cell(net, documents_url(month_within(lens, m), figure="net")),
            Cell(
                old[i],
                documents_url(month_within(lens.year_before(), year_before(m)), figure="net"),
            )
            if i < len(old)
            else None,
            change(net, old[i]) if i < len(old) else None,
        ]
        for i, (m, net) in enumerate(net_by_month)
    ]
    periods = ((now, lens), (was, before), (last, year))[: 1 if is_all_time else 3]
    columns = [
        Column(_("Figure"), "lead"),
        Column(_("This period"), "said"),
        Column(_("Period before"), "said"),
        Column(_("Same period last year"), "said"),
    ]
    compare = Table(
        _("Compared"),
        columns[: len(periods) + 1],
        [
            [
                _("Net sales"),
                *(
                    Cell(money_text(t.net, lens), documents_url(x, figure="net"))
                    for t, x in periods
                ),
            ],
            [
                pgettext("number", "Documents"),
                *(Cell(f"{t.papers:,}", documents_url(x, figure="papers")) for t, x in periods),
            ],
            [
                _("Credit notes"),
                *(
                    Cell(f"{t.credits:,}", documents_url(x, only="credits", figure="credits"))
                    for t, x in periods
                ),
            ],
            [
                _("Customers who bought"),
                *(
                    Cell(f"{t.customers:,}", documents_url(x, figure="customers"))
                    for t, x in periods
                ),
            ],
            [
                _("New customers"),
                *(
                    Cell(f"{t.new:,}", documents_url(x, only="new", figure="customers"))
                    for t, x in periods
                ),
            ],
            [
                _("Discounts"),
                *(
                    Cell(money_text(t.discount, lens), documents_url(x, figure="discount"))
                    for t, x in periods
                ),
            ],
        ],
    )
    return Page(
        _("Overview"),
        what_counts(lens)
        + " "
        + _(
            "Previous period: the same number of months (or days) just before. Last year: the "
            "same dates."
        ),
        figures,
        [
            charts.months(
                _("Sales by month"),
                month_names,
                [n for _m, n in net_by_month],
                old,
                lens.currency,
                (_("Net sales"), _("Same period last year")),
            )
        ],
        [
            Table(
                _("Sales by month"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("Same period last year"), "money"),
                    Column(pgettext("figure", "Change"), "change"),
                ],
                rows,
                behind=True,
            ),
            compare,
        ],
        answer=answers.doing(now, None if is_all_time else last, lens),
        sources=[] if is_all_time or not last.net else answers.sources(lens),
    )
