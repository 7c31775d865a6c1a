"""What one customer buys, how often, and the margin: the panel on the customer's page."""

from flask import url_for
from flask_babel import gettext as _

from models.core.clock import today
from models.insights import paying, products, rhythm
from models.insights.buying import Buying, currencies, rhythm_of
from models.insights.lens import Lens, months_on
from models.insights.overview import change, share
from views.figures import charts
from views.figures.months import month_within
from views.figures.page import documents_url


def panel(person, customer, currency, tab):
    """The variables of the customer's page about what they buy; who may not see the insights gets
    no links into them. Each tab reads for what it shows."""
    to = documents_url if person.may("see_insights") else _no_link
    held = currencies(customer)
    chosen = currency if currency in held else (held or [customer.currency])[0]
    lens = Lens.of(person, "12m", chosen, customer=customer.id)
    buying = Buying(lens)
    now, before = buying.sums(lens), buying.sums(lens.before())
    found = {
        "look": lens,
        "now": now,
        "change": change(now.net, before.net),
        "here": to(lens, figure="net"),
    }
    if tab in ("overview", "purchases"):
        found |= _course(to, buying, lens, held)
    if tab == "purchases":
        found |= _habits(person, to, lens, held, now)
    return found


def _course(to, buying, lens, held):
    """Month by month, and how often."""
    two_years = lens.replace(first=lens.before().first)
    net_by_month = buying.months(two_years)
    return {
        "rhythm": rhythm_of(lens, held),
        "chart": charts.months(
            _("Sales by month, %(currency)s", currency=lens.currency),
            [m for m, _n in net_by_month],
            [n for _m, n in net_by_month],
            None,
            lens.currency,
        )
        if any(n for _m, n in net_by_month)
        else "",
        "line": [(m, n, to(month_within(two_years, m), figure="net")) for m, n in net_by_month],
    }


def _habits(person, to, lens, held, now):
    """What they like, when they pay, and what is earned with them."""
    all_time = lens.replace(first=lens.first.replace(year=1990, month=1, day=1))
    paid = paying.rows(all_time)
    return {
        "held": held,
        "liked": [(p, to(lens, product=p.id, figure="net")) for p in products.best(lens, 8)],
        "paid": paid[0] if paid else None,
        "day": today(),
        "margin": share(now.costed - now.cost, now.costed) if person.may("see_figures") else None,
        "to": _links(to, lens, all_time, held),
    }


def _no_link(lens, **filters):
    return ""


def _links(to, lens, all_time, held):
    """The address of the documents of each figure. The usual gap counts all currencies, which only
    the list of documents shows together."""
    span = lens.replace(first=months_on(lens.last, -rhythm.LOOKED_BACK))
    return {
        "gap": to(span, figure="gap")
        if len(held) == 1
        else url_for("documents.index", customer=lens.customer),
        "average": to(lens, figure="average"),
        "margin": to(lens, figure="margin"),
        "pay_days": to(all_time, only="settled", figure="pay_days"),
    }
