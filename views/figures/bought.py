"""What one customer buys, when, and what is earned by it: the panel on the customer's page."""
from flask_babel import gettext as _

from models.base import today
from models.insights import overview, paying, portrait, products, rhythm
from models.insights.overview import share
from views.figures import charts
from views.figures.page import papers


def panel(person, customer, currency):
    """Everything the panel shows, as data for its piece."""
    look, held = portrait.lens(person, customer, currency)
    now, before = overview.totals(look), overview.totals(look.before())
    ever = look.moved(first=look.first.replace(year=1990, month=1, day=1))
    two_years = look.moved(first=look.before().first)
    line = overview.months(two_years)
    paid = paying.rows(ever)
    liked = [(p, papers(look, product=p.id)) for p in products.rows(look)[:8] if p.net > 0]
    return {"look": look, "held": held, "now": now, "before": before, "ever": overview.totals(ever), "rhythm": rhythm.of(look, customer), "line": line,
            "chart": charts.months(_("Sales by month, %(currency)s", currency=look.currency), [m for m, _n in line], [n for _m, n in line], None, look.currency) if any(n for _m, n in line) else "",
            "liked": liked, "paid": paid[0] if paid else None, "day": today(), "change": overview.change(now.net, before.net),
            "margin": share(now.costed - now.cost, now.costed) if person.may("see_figures") else None, "here": papers(look), "all": papers(ever)}
