"""Retention: of the customers who first bought in a quarter, how many bought later."""

import datetime as dt

from flask_babel import gettext as _

from models.insights import cohorts
from models.insights.lens import months_on
from models.insights.overview import share
from views.figures.page import Cell, Column, Page, Table, documents_url


def page(lens):
    quarters = cohorts.rows(lens)
    widest = max((len(counts) for _n, _c, counts in quarters), default=0)
    rows = [
        [
            name,
            Cell(size, _cohort_url(lens, name, 0)),
            *(
                Cell(share(counts[i], size), _cohort_url(lens, name, i))
                if i < len(counts)
                else None
                for i in range(widest)
            ),
        ]
        for name, size, counts in quarters
    ]
    return Page(
        _("Repeat purchases"),
        _(
            "Customers by the quarter of their first purchase. Columns show the share that "
            "bought in that quarter (0) and in later ones, up to the end of the period. Credit "
            "notes don't count as purchases."
        ),
        tables=[
            Table(
                _("By first purchase"),
                [Column(_("First purchase"), "lead"), Column(_("Customers"), "count")]
                + [Column(str(i), "heat") for i in range(widest)],
                rows,
                _("No purchases in this period."),
            )
        ],
    )


def _cohort_url(lens, name, quarters_later):
    """The documents of that quarter's new customers, so many quarters later."""
    first, _last = cohorts.days_of(name)
    first = months_on(first, 3 * quarters_later)
    return documents_url(
        lens.replace(first=first, last=min(months_on(first, 3) - dt.timedelta(days=1), lens.last)),
        only="cohort",
        which=name,
        figure="buyers",
    )
