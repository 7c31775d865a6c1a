"""ABC analysis: the largest first, with the cumulated share."""

from collections import namedtuple

Row = namedtuple("Row", "id name net share upto letter")


def rows(items):
    """[Row] of [(id, name, net)] with a positive net. `letter` is the class: A while the rows above
    it make less than 80 % of the total, B less than 95 %, else C. Shares are basis points; `upto`
    is cumulated."""
    positive = sorted((x for x in items if x[2] > 0), key=lambda x: (-x[2], x[0]))
    total, cumulated, rows = sum(x[2] for x in positive), 0, []
    for ident, name, net in positive:
        letter = (
            "A" if cumulated * 100 < total * 80 else "B" if cumulated * 100 < total * 95 else "C"
        )
        cumulated += net
        rows.append(
            Row(
                ident,
                name,
                net,
                (net * 20000 + total) // (2 * total),
                (cumulated * 20000 + total) // (2 * total),
                letter,
            )
        )
    return rows


def classes(rows):
    """[(class, number of rows, net)]"""
    return [
        (x, len(members), sum(r.net for r in members))
        for x in "ABC"
        if (members := [r for r in rows if r.letter == x])
    ]
