"""How lately, how often, how much: customers in fifths, and the groups that follow from them."""

from collections import Counter, namedtuple

from models.insights import customers

Row = namedtuple("Row", "id name silent days net r f m segment")
SEGMENTS = ("best", "loyal", "new", "promising", "at_risk", "asleep", "regular")


def rows(lens):
    """[Row] of who bought in the days, best first. A fifth is the share of customers one equals or
    exceeds: 5 is the top."""
    bought = [c for c in customers.rows(lens, liking=False) if c.papers]
    silent = {c.id: (lens.last - c.last).days for c in bought}
    r, f, m = (
        _fifths({c.id: v(c) for c in bought})
        for v in (lambda c: -silent[c.id], lambda c: c.days, lambda c: c.net)
    )
    made = [
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
    return sorted(made, key=lambda x: (SEGMENTS.index(x.segment), -x.net, x.id))


def _fifths(values):
    """{id: 1…5}: the fifth of the share of all whose value is not larger."""
    counts, below, fifth = Counter(values.values()), 0, {}
    for value in sorted(counts):
        below += counts[value]
        fifth[value] = -(-5 * below // len(values))
    return {ident: fifth[value] for ident, value in values.items()}


def segment(r, f, m, days):
    """The group of one customer; the first that fits."""
    if days == 1:
        return "new" if r >= 4 else "promising" if r == 3 else "asleep"
    if r >= 4 and f >= 4 and m >= 4:
        return "best"
    if r >= 3 and f >= 4:
        return "loyal"
    if r <= 2 and (f >= 3 or m >= 4):
        return "at_risk"
    return "asleep" if r <= 2 else "regular"


def segments(found):
    """[(segment, how many, net)] in the order of SEGMENTS."""
    return [
        (s, len(mine), sum(x.net for x in mine))
        for s in SEGMENTS
        if (mine := [x for x in found if x.segment == s])
    ]
