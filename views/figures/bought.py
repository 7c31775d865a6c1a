"""What one customer buys, how often, and the margin: the panel on the customer's page."""

from flask import url_for
from flask_babel import gettext as _

from models.core.clock import today
from models.insights import paying, products, rhythm
from models.insights.buying import Buying
from models.insights.lens import months_on
from models.insights.overview import change, share
from views.figures import charts
from views.figures.months import month_within
from views.figures.page import documents_url


def panel(person, customer, currency, whole=True):
    """The variables of the panel's piece; who may not see the insights gets no links into them. Not
    `whole`: without what only the panel itself shows and other tables must be read for."""
    to = documents_url if person.may("see_insights") else _no_link
    buying = Buying(customer)
    lens, currencies = buying.lens(person, currency), buying.currencies
    now, before = buying.sums(lens), buying.sums(lens.before())
    all_time = lens.replace(first=lens.first.replace(year=1990, month=1, day=1))
    two_years = lens.replace(first=lens.before().first)
    net_by_month = buying.months(two_years)
    paid = paying.rows(all_time) if whole else ()
    best = products.best(lens, 8) if whole else ()
    favourites = [(p, to(lens, product=p.id, figure="net")) for p in best]
    return {
        "look": lens,
        "held": currencies,
        "now": now,
        "before": before,
        "ever": buying.sums(all_time),
        "rhythm": buying.rhythm(lens),
        "chart": charts.months(
            _("Sales by month, %(currency)s", currency=lens.currency),
            [m for m, _n in net_by_month],
            [n for _m, n in net_by_month],
            None,
            lens.currency,
        )
        if any(n for _m, n in net_by_month)
        else "",
        "liked": favourites,
        "paid": paid[0] if paid else None,
        "day": today(),
        "change": change(now.net, before.net),
        "margin": share(now.costed - now.cost, now.costed) if person.may("see_figures") else None,
        "to": _links(to, lens, all_time, currencies),
        "line": [(m, n, to(month_within(two_years, m), figure="net")) for m, n in net_by_month],
        "here": to(lens, figure="net"),
        "all": to(all_time, figure="net"),
    }


def _no_link(lens, **filters):
    return ""


def _links(to, lens, all_time, currencies):
    """The address of the documents of each figure. The usual gap counts all currencies, which only
    the list of documents shows together."""
    span = lens.replace(first=months_on(lens.last, -rhythm.LOOKED_BACK))
    return {
        "gap": to(span, figure="gap")
        if len(currencies) == 1
        else url_for("documents.index", customer=lens.customer),
        "average": to(lens, figure="average"),
        "margin": to(lens, figure="margin"),
        "pay_days": to(all_time, only="settled", figure="pay_days"),
    }
