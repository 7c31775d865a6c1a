"""ABC analysis: the largest first, with the cumulated share."""

from collections import namedtuple

Row = namedtuple("Row", "id net share upto letter")


def rows(items, most=None):
    """[Row] of [(id, net)] with a positive net, or of the `most` largest. `letter` is the class: A
    while the rows above it make less than 80 % of the total, B less than 95 %, else C. Shares are
    basis points; `upto` is cumulated."""
    positive = sorted((x for x in items if x[1] > 0), key=lambda x: (-x[1], x[0]))
    total, cumulated, rows = sum(net for _id, net in positive), 0, []
    for ident, net in positive[:most]:
        letter = (
            "A" if cumulated * 100 < total * 80 else "B" if cumulated * 100 < total * 95 else "C"
        )
        cumulated += net
        rows.append(
            Row(
                ident,
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
