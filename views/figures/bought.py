"""What one customer buys, when, and what is earned by it: the panel on the customer's page."""

from flask import url_for
from flask_babel import gettext as _

from models.core.clock import today
from models.insights import paying, products, rhythm
from models.insights.buying import Buying
from models.insights.lens import months_on
from models.insights.overview import change, share
from views.figures import charts
from views.figures.months import month_within
from views.figures.page import papers


def panel(person, customer, currency):
    """Everything the panel shows, as data for its piece."""
    buying = Buying(customer)
    look, held = buying.lens(person, currency), buying.currencies
    now, before = buying.sums(look), buying.sums(look.before())
    ever = look.moved(first=look.first.replace(year=1990, month=1, day=1))
    two_years = look.moved(first=look.before().first)
    line = buying.months(two_years)
    paid = paying.made(paying.settled(ever), {customer.id: customer.name})
    liked = [(p, papers(look, product=p.id, figure="net")) for p in products.best(look, 8)]
    return {
        "look": look,
        "held": held,
        "now": now,
        "before": before,
        "ever": buying.sums(ever),
        "rhythm": buying.rhythm(look),
        "chart": charts.months(
            _("Sales by month, %(currency)s", currency=look.currency),
            [m for m, _n in line],
            [n for _m, n in line],
            None,
            look.currency,
        )
        if any(n for _m, n in line)
        else "",
        "liked": liked,
        "paid": paid[0] if paid else None,
        "day": today(),
        "change": change(now.net, before.net),
        "margin": share(now.costed - now.cost, now.costed) if person.may("see_figures") else None,
        "to": _addresses(look, ever, held),
        "line": [(m, n, papers(month_within(two_years, m), figure="net")) for m, n in line],
        "here": papers(look, figure="net"),
        "all": papers(ever, figure="net"),
    }


def _addresses(look, ever, held):
    """Where the papers of each fact stand. The usual gap is over all currencies, which no list of
    figures shows together."""
    span = look.moved(first=months_on(look.last, -rhythm.LOOKED_BACK))
    return {
        "gap": papers(span, figure="gap")
        if len(held) == 1
        else url_for("documents.index", customer=look.customer),
        "average": papers(look, figure="average"),
        "margin": papers(look, figure="margin"),
        "pay_days": papers(ever, only="settled", figure="pay_days"),
    }
