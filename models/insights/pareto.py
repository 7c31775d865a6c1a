"""How much hangs on how few: the largest first, with their share summed up."""

from collections import namedtuple

Row = namedtuple("Row", "id name net share upto letter")


def rows(found):
    """[Row] of [(id, name, net)]: A while what stands before is under 80 % of all that is above
    zero, B under 95 %, else C; shares are basis points, `upto` includes the row."""
    above = sorted((x for x in found if x[2] > 0), key=lambda x: (-x[2], x[0]))
    whole, so_far, made = sum(x[2] for x in above), 0, []
    for ident, name, net in above:
        letter = "A" if so_far * 100 < whole * 80 else "B" if so_far * 100 < whole * 95 else "C"
        so_far += net
        made.append(
            Row(
                ident,
                name,
                net,
                (net * 20000 + whole) // (2 * whole),
                (so_far * 20000 + whole) // (2 * whole),
                letter,
            )
        )
    return made


def letters(made):
    """[(letter, how many, net)]"""
    return [
        (x, len(mine), sum(r.net for r in mine))
        for x in "ABC"
        if (mine := [r for r in made if r.letter == x])
    ]
