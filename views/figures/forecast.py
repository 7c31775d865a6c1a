"""Seasons, and what the coming months may bring."""

from flask_babel import gettext as _
from flask_babel import ngettext

from models.core.money import format_money
from models.insights import forecast, overview
from views.figures import charts
from views.figures.amounts import money, percent
from views.figures.months import first_of, last_of
from views.figures.page import Cell, Column, Figure, Page, Table, papers


def _so_far(look, month):
    """What the month under way has brought, as it is not over."""
    if month != f"{look.last:%Y-%m}":
        return ""
    return _(
        "so far %(net)s",
        net=format_money(overview.months(look.moved(first=first_of(month)))[0][1], look.currency),
    )


def page(look):
    f = forecast.forecast(look)
    line, seasons = f.history[-24:], forecast.seasons(look)
    names = [m for m, _n in line] + [m for m, _n in f.ahead]
    values = [n for _m, n in line] + [n for _m, n in f.ahead]
    rules = {
        "season": _(
            "The same month of last year, times how the last twelve months compare with "
            "the twelve before."
        ),
        "mean": _("The mean of the last three months, as there are not yet two years to compare."),
        "none": _("There is nothing yet to go by."),
    }
    tested = {m: v for m, _c, v in f.tested}
    rows = [
        [
            m,
            Cell(n, papers(look.moved(first=first_of(m), last=last_of(m)), figure="net")),
            tested.get(m),
            None if m not in tested else tested[m] - n,
        ]
        for m, n in line
    ]
    rows += [[m, None, n, None] for m, n in f.ahead]
    base = (
        papers(
            look.moved(
                first=first_of(f.history[-24 if f.rule == "season" else -3 :][0][0]),
                last=last_of(f.history[-1][0]),
            ),
            figure="net",
        )
        if f.history
        else ""
    )
    whole = (
        papers(
            look.moved(first=first_of(f.history[0][0]), last=last_of(f.history[-1][0])),
            figure="net",
        )
        if f.history
        else ""
    )
    page = Page(
        _("Seasons and forecast"),
        rules[f.rule]
        + " "
        + _(
            "Only whole months count. The error is what the same rule would have missed "
            "in the last months, one month ahead."
        ),
        [
            Figure(_("Expected %(month)s", month=m), money(n, look), _so_far(look, m), base)
            for m, n in f.ahead
        ],
    )
    if f.error is not None:
        page.figures.append(
            Figure(
                _("Past error"),
                f"{percent(f.error)} %",
                ngettext("mean miss over 1 month", "mean miss over %(num)s months", len(f.tested)),
                whole,
            )
        )
    if line:
        page.charts.append(
            charts.months(
                _("Months and what is expected"),
                names,
                values,
                [tested.get(m) for m in names],
                look.currency,
                (_("Sales, then expected"), _("What the rule had said")),
                hollow=range(len(line), len(names)),
            )
        )
        page.tables.append(
            Table(
                _("Months"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("Forecast"), "reckoned"),
                    Column(_("Missed by"), "reckoned"),
                ],
                rows,
                behind=True,
            )
        )
    if seasons:
        page.charts.append(
            charts.columns(
                _("An average year, each month against the mean"),
                [str(m) for m, _v in seasons],
                [v for _m, v in seasons],
                percent=True,
            )
        )
        page.tables.append(
            Table(
                _("Seasons"),
                [Column(_("Month"), "text"), Column(_("of an average month"), "percent")],
                [[str(m), v] for m, v in seasons],
                behind=True,
            )
        )
    if not line:
        page.tables.append(Table(_("Months"), [], [], _("There is nothing yet to go by.")))
    return page
