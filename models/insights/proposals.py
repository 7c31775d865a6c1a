"""What the figures suggest to do, with the figures that led to it."""

from collections import namedtuple

from models.customers import Customer
from models.documents.sales import SalesDay
from models.insights import paying, products, rfm, rhythm, weak
from models.insights.customers import names_of
from models.insights.overview import share

Proposal = namedtuple("Proposal", "cause kinds facts customers")
MOST, SHORT = 20, 15


def proposal_for(lens, cause):
    """The present Proposal with that cause for the customers of the lens, or None; `customers`:
    [(id, name, amount)], the most important first."""
    return {"stopped": stopped, "best": best, "weak": category_that_fell, "overdue": overdue}[
        cause
    ](lens)


def _named(amounts):
    """[(id, name, amount)] of [(id, amount)]"""
    amounts = list(amounts)
    names = names_of(ident for ident, _amount in amounts)
    return [(ident, names.get(ident, "?"), amount) for ident, amount in amounts]


def stopped(lens):
    """Customers without a purchase for more than two usual gaps: ask them."""
    silent = rhythm.stopped(lens)[:MOST]
    return (
        Proposal(
            "stopped",
            ("tasks", "campaign", "prices"),
            {
                "customers": len(silent),
                "worth": sum(s.worth for s in silent),
                "longest": max(s.silent for s in silent),
            },
            _named((s.id, s.worth) for s in silent),
        )
        if silent
        else None
    )


def best(lens):
    """The best by RFM: a loyalty offer."""
    best_customers = [r for r in rfm.rows(lens) if r.segment == "best"][:MOST]
    total_net = lens.sums(SalesDay, ("net",))[()][0]
    return (
        Proposal(
            "best",
            ("prices", "campaign", "tasks"),
            {
                "customers": len(best_customers),
                "net": sum(r.net for r in best_customers),
                "share": share(sum(r.net for r in best_customers), total_net),
            },
            _named((r.id, r.net) for r in best_customers),
        )
        if best_customers
        else None
    )


def category_that_fell(lens):
    """The category that fell most, and the customers who no longer buy it."""
    falling = sorted(
        (c for c in products.categories(lens, courses=False) if c.net < c.before),
        key=lambda c: c.net - c.before,
    )[:1]
    if not falling:
        return None
    explanation = weak.explain(lens, falling[0].name)
    lost = _named([(c, net) for c, net in explanation.lost_customers if net > 0][:MOST])
    return (
        Proposal(
            "weak",
            ("tasks", "campaign", "prices"),
            {
                "category": falling[0].name,
                "now": explanation.now,
                "before": explanation.before,
                "lost": explanation.lost,
                "new": explanation.new,
                "price": explanation.price,
                "quantity": explanation.quantity,
                "range": explanation.range,
                "customers": len(lost),
            },
            lost,
        )
        if lost
        else None
    )


def overdue(lens):
    """Customers who pay half or more of the amount late, by ten days or more on average, and have
    long terms: offer shorter ones."""
    late_payers = [r for r in paying.rows(lens) if r.late_share >= 5000 and r.late_days >= 10]
    terms = dict(
        Customer.select(Customer.id, Customer.terms_days)
        .where(Customer.id.in_([r.id for r in late_payers][:500] or [0]))
        .tuples()
    )
    late_payers = sorted(
        (r for r in late_payers if terms.get(r.id, 0) > SHORT), key=lambda r: -r.paid * r.late_days
    )[:MOST]
    return (
        Proposal(
            "overdue",
            ("terms", "tasks"),
            {
                "customers": len(late_payers),
                "paid": sum(r.paid for r in late_payers),
                "late_days": max(r.late_days for r in late_payers),
            },
            _named((r.id, r.paid) for r in late_payers),
        )
        if late_payers
        else None
    )
