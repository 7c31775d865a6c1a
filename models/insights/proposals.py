"""What the figures suggest to do, with the numbers that led to it."""

from collections import namedtuple

from models.customers import Customer
from models.insights import overview, paying, products, rfm, rhythm, weak
from models.insights.overview import share

Proposal = namedtuple("Proposal", "cause kinds facts customers")
MOST, SHORT = 20, 15


def all_of(lens):
    """[Proposal] for what the person sees; `customers`: [(id, name, amount)], the weightiest
    first."""
    return [p for p in (stopped(lens), best(lens), fallen(lens), overdue(lens)) if p]


def one(lens, cause):
    """The proposal of that cause as it stands now, or None."""
    return {"stopped": stopped, "best": best, "weak": fallen, "overdue": overdue}[cause](lens)


def stopped(lens):
    """Customers silent for more than two usual gaps: ask them."""
    gone = rhythm.stopped(lens)[:MOST]
    return (
        Proposal(
            "stopped",
            ("tasks", "campaign", "prices"),
            {
                "customers": len(gone),
                "worth": sum(s.worth for s in gone),
                "longest": max(s.silent for s in gone),
            },
            [(s.id, s.name, s.worth) for s in gone],
        )
        if gone
        else None
    )


def best(lens):
    """The best by RFM: a loyalty offer."""
    top = [r for r in rfm.rows(lens) if r.segment == "best"][:MOST]
    whole = overview.totals(lens, {}).net
    return (
        Proposal(
            "best",
            ("prices", "campaign", "tasks"),
            {
                "customers": len(top),
                "net": sum(r.net for r in top),
                "share": share(sum(r.net for r in top), whole),
            },
            [(r.id, r.name, r.net) for r in top],
        )
        if top
        else None
    )


def fallen(lens):
    """The category that fell most, and the customers who no longer buy it."""
    fell = sorted(
        (c for c in products.categories(lens, courses=False) if c.net < c.before),
        key=lambda c: c.net - c.before,
    )[:1]
    if not fell:
        return None
    w = weak.explain(lens, fell[0].name)
    lost = [(c, name, net) for c, name, net in w.lost_customers if net > 0][:MOST]
    return (
        Proposal(
            "weak",
            ("tasks", "campaign", "prices"),
            {
                "category": fell[0].name,
                "now": w.now,
                "before": w.before,
                "lost": w.lost,
                "new": w.new,
                "price": w.price,
                "quantity": w.quantity,
                "range": w.range,
                "customers": len(lost),
            },
            lost,
        )
        if lost
        else None
    )


def overdue(lens):
    """Who pays half or more of the money late, by ten days or more, and has long terms: shorter
    ones."""
    late = [r for r in paying.rows(lens) if r.late_share >= 5000 and r.late_days >= 10]
    terms = dict(
        Customer.select(Customer.id, Customer.terms_days)
        .where(Customer.id.in_([r.id for r in late][:500] or [0]))
        .tuples()
    )
    late = sorted(
        (r for r in late if terms.get(r.id, 0) > SHORT), key=lambda r: -r.paid * r.late_days
    )[:MOST]
    return (
        Proposal(
            "overdue",
            ("terms", "tasks"),
            {
                "customers": len(late),
                "paid": sum(r.paid for r in late),
                "late_days": max(r.late_days for r in late),
            },
            [(r.id, r.name, r.paid) for r in late],
        )
        if late
        else None
    )
