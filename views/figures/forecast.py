"""Seasons, and the forecast of the coming months."""

from flask_babel import gettext as _
from flask_babel import ngettext

from models.core.money import format_money
from models.insights import forecast, overview
from views.figures import charts
from views.figures.amounts import money, percent
from views.figures.months import first_of, last_of
from views.figures.page import Cell, Column, Figure, Page, Table, documents_url


def _so_far(lens, month):
    """The sales of the present month so far."""
    if month != f"{lens.last:%Y-%m}":
        return ""
    return _(
        "so far %(net)s",
        net=format_money(overview.months(lens.replace(first=first_of(month)))[0][1], lens.currency),
    )


def page(lens):
    expected = forecast.forecast(lens)
    past, seasons = expected.history[-24:], forecast.seasons(lens)
    month_names = [m for m, _n in past] + [m for m, _n in expected.ahead]
    values = [n for _m, n in past] + [n for _m, n in expected.ahead]
    rules = {
        "season": _(
            "The same month last year, multiplied by the ratio of the last twelve months to the "
            "twelve before."
        ),
        "mean": _(
            "The average of the last three months, because there are not yet two years to compare."
        ),
        "none": _("No data yet."),
    }
    tested = {m: v for m, _c, v in expected.tested}
    rows = [
        [
            m,
            Cell(n, documents_url(lens.replace(first=first_of(m), last=last_of(m)), figure="net")),
            tested.get(m),
            None if m not in tested else tested[m] - n,
        ]
        for m, n in past
    ]
    rows += [[m, None, n, None] for m, n in expected.ahead]
    basis_url = (
        documents_url(
            lens.replace(
                first=first_of(expected.history[-24 if expected.rule == "season" else -3 :][0][0]),
                last=last_of(expected.history[-1][0]),
            ),
            figure="net",
        )
        if expected.history
        else ""
    )
    history_url = (
        documents_url(
            lens.replace(
                first=first_of(expected.history[0][0]), last=last_of(expected.history[-1][0])
            ),
            figure="net",
        )
        if expected.history
        else ""
    )
    page = Page(
        _("Seasons and forecast"),
        rules[expected.rule]
        + " "
        + _(
            "Only whole months count. The error shows how far the same rule would have been off "
            "in recent months, one month ahead."
        ),
        [
            Figure(_("Expected %(month)s", month=m), money(n, lens), _so_far(lens, m), basis_url)
            for m, n in expected.ahead
        ],
    )
    if expected.error is not None:
        page.figures.append(
            Figure(
                _("Past error"),
                f"{percent(expected.error)}%",
                ngettext(
                    "average error over 1 month",
                    "average error over %(num)s months",
                    len(expected.tested),
                ),
                history_url,
            )
        )
    if past:
        page.charts.append(
            charts.months(
                _("Months and what is expected"),
                month_names,
                values,
                [tested.get(m) for m in month_names],
                lens.currency,
                (_("Sales, then expected"), _("Forecast at the time")),
                hollow=range(len(past), len(month_names)),
            )
        )
        page.tables.append(
            Table(
                _("Months"),
                [
                    Column(_("Month"), "text"),
                    Column(_("Net sales"), "money"),
                    Column(_("Forecast"), "reckoned"),
                    Column(_("Deviation"), "reckoned"),
                ],
                rows,
                behind=True,
            )
        )
    if seasons:
        page.charts.append(
            charts.columns(
                _("An average year: each month compared with the monthly average"),
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
    if not past:
        page.tables.append(Table(_("Months"), [], [], _("No data yet.")))
    return page
