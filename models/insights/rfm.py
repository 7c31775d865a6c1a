"""RFM analysis: customers in fifths by recency, frequency and money, and the segments that
follow."""

from collections import Counter, namedtuple

from models.insights import customers

Row = namedtuple("Row", "id name silent days net r f m segment")
SEGMENTS = ("best", "loyal", "new", "promising", "at_risk", "asleep", "regular")


def rows(lens):
    """[Row] of the customers who bought in the lens's days, best first. `r`, `f` and `m` are
    fifths; 5 is the best."""
    bought = [c for c in customers.rows(lens, liking=False) if c.papers]
    silent = {c.id: (lens.last - c.last).days for c in bought}
    r, f, m = (
        _fifths({c.id: v(c) for c in bought})
        for v in (lambda c: -silent[c.id], lambda c: c.days, lambda c: c.net)
    )
    rows = [
        Row(
            c.id,
            c.name,
            silent[c.id],
            c.days,
            c.net,
            r[c.id],
            f[c.id],
            m[c.id],
            segment(r[c.id], f[c.id], m[c.id], c.days),
        )
        for c in bought
    ]
    return sorted(rows, key=lambda x: (SEGMENTS.index(x.segment), -x.net, x.id))


def _fifths(values):
    """{id: 1…5}, by the share of all values that are not larger."""
    counts, not_larger, fifth = Counter(values.values()), 0, {}
    for value in sorted(counts):
        not_larger += counts[value]
        fifth[value] = -(-5 * not_larger // len(values))
    return {ident: fifth[value] for ident, value in values.items()}


def segment(r, f, m, days):
    """The segment of one customer: the first that fits."""
    if days == 1:
        return "new" if r >= 4 else "promising" if r == 3 else "asleep"
    if r >= 4 and f >= 4 and m >= 4:
        return "best"
    if r >= 3 and f >= 4:
        return "loyal"
    if r <= 2 and (f >= 3 or m >= 4):
        return "at_risk"
    return "asleep" if r <= 2 else "regular"


def segments(rows):
    """[(segment, how many, net)] in the order of SEGMENTS."""
    return [
        (s, len(members), sum(x.net for x in members))
        for s in SEGMENTS
        if (members := [x for x in rows if x.segment == s])
    ]
