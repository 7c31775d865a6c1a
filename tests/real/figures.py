"""Plain sums over the rows of the data that others published."""

from decimal import ROUND_HALF_UP, Decimal


def fen(value):
    """Minor units; digits behind the ninth are noise of whoever wrote the file."""
    exact = Decimal(value).quantize(Decimal("1.000000000"), rounding=ROUND_HALF_UP)
    return int((exact * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def half_up(a, b):
    return int((Decimal(a) / b).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def within(papers, lens):
    return [p for p in papers if lens.first <= p[0] <= lens.last]


def net(papers):
    return sum(cents for _d, _c, lines in papers for *_x, cents in lines)
