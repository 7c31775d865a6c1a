"""The seasons of the year, and a plain forecast with how wrong it was before."""

from collections import namedtuple
from decimal import Decimal

from models.core.money import round_half_up
from models.insights.lens import months_on
from models.insights.overview import months

Forecast = namedtuple("Forecast", "history ahead tested error rule")
AHEAD, TESTED = 3, 12


def history(lens):
    """[(month, net)] of all whole months from the first sale to the last that is over."""
    last = (
        lens.last
        if months_on(lens.last, 0) == lens.last and _ends(lens.last)
        else lens.last.replace(day=1).fromordinal(lens.last.replace(day=1).toordinal() - 1)
    )
    line = months(lens.moved(first=lens.first.replace(year=1990, month=1, day=1), last=last))
    while line and not line[0][1]:
        line = line[1:]
    return line


def _ends(day):
    return day.fromordinal(day.toordinal() + 1).day == 1


def guess(values, ahead=1):
    """The value `ahead` months on: with two years behind, the same month of last year times how
    this year's twelve compare with the twelve before; with less, the mean of the last three. None
    without any."""
    if len(values) >= 24:
        now, before = sum(values[-12:]), sum(values[-24:-12])
        same = values[-12 + (ahead - 1) % 12]
        if before > 0:
            return "season", round_half_up(Decimal(same) * now / before)
    last = values[-3:]
    return ("mean", round_half_up(Decimal(sum(last)) / len(last))) if last else ("none", None)


def forecast(lens):
    """What the next months may bring; `tested` is what the same rule would have said of the last
    twelve, one month ahead each, and `error` the mean miss in basis points of what came."""
    line = history(lens)
    values = [net for _, net in line]
    rule = guess(values)[0]
    begins = months_on(
        lens.last.replace(day=1), 0 if not line or line[-1][0] < f"{lens.last:%Y-%m}" else 1
    )
    ahead = (
        [(f"{months_on(begins, i):%Y-%m}", guess(values, i + 1)[1]) for i in range(AHEAD)]
        if values
        else []
    )
    tested = [
        (line[i][0], values[i], guess(values[:i])[1])
        for i in range(max(3, len(values) - TESTED), len(values))
    ]
    came = sum(abs(v) for _, v, _ in tested)
    missed = sum(abs(said - v) for _, v, said in tested)
    return Forecast(
        line, ahead, tested, (missed * 20000 + came) // (2 * came) if came else None, rule
    )


def seasons(lens):
    """[(calendar month 1…12, basis points of an average month)] over the whole years in the books;
    nothing under one year."""
    line = history(lens)
    line = line[len(line) % 12 :]
    if not line:
        return []
    sums = [0] * 12
    for month, net in line:
        sums[int(month[5:]) - 1] += net
    whole = sum(sums)
    return (
        [(i + 1, (v * 120000 * 2 + whole) // (2 * whole)) for i, v in enumerate(sums)]
        if whole > 0
        else []
    )
