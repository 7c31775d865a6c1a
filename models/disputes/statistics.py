"""Figures about disputes: how many, for which reasons, whose customers, how quickly answered, and
what was changed since."""

from collections import defaultdict

from models.disputes.dispute import Dispute


def statistics(query, since=None, until=None):
    """{"reasons" | "products" | "people": [row], "changes": [dispute], …} over the disputes of
    `query` raised in the period. Amounts are {currency: minor units}, as two currencies are never
    added."""
    query = query.where(Dispute.raised_at >= since) if since else query
    rows = list((query.where(Dispute.raised_at < until) if until else query).order_by(Dispute.id))
    return {
        "count": len(rows),
        "open": sum(1 for r in rows if r.state not in ("settled", "withdrawn")),
        "reasons": _by(rows, lambda r: r.reason),
        "people": _by(rows, lambda r: r.owner.name if r.owner else ""),
        "products": _by(
            [r for r in rows if r.line_id], lambda r: f"{r.line.code} {r.line.name}".strip()
        ),
        "answer_hours": _hours(rows),
        "rating": _mean([r.rating for r in rows if r.rating]),
        "changes": [r for r in rows if r.prevention][::-1],
    }


def _by(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return sorted(
        (
            {
                "name": name,
                "count": len(found),
                "amounts": _amounts(found),
                "hours": _hours(found),
                "rating": _mean([r.rating for r in found if r.rating]),
                "right": sum(1 for r in found if r.outcome == "explained"),
            }
            for name, found in groups.items()
        ),
        key=lambda g: (-g["count"], g["name"]),
    )


def _amounts(rows):
    sums = {}
    for row in rows:
        if row.currency:
            sums[row.currency] = sums.get(row.currency, 0) + row.amount
    return sums


def _hours(rows):
    """The median time until the first answer in whole hours, or None."""
    spans = sorted(
        (r.first_answer_at - r.raised_at).total_seconds() for r in rows if r.first_answer_at
    )
    return round(spans[len(spans) // 2] / 3600) if spans else None


def _mean(values):
    """The mean with one decimal place, as text, or None."""
    if not values:
        return None
    tenths = (20 * sum(values) + len(values)) // (2 * len(values))
    return f"{tenths // 10}.{tenths % 10}"
