"""The seasons of the year, and a simple forecast with its past error."""

from collections import namedtuple
from decimal import Decimal

from models.core.money import round_half_up
from models.insights.lens import months_on
from models.insights.overview import months

Forecast = namedtuple("Forecast", "history ahead tested error rule")
AHEAD, TESTED = 3, 12


def history(lens):
    """[(month, net)] of all complete months since the first sale."""
    last = (
        lens.last
        if months_on(lens.last, 0) == lens.last and _is_last_of_month(lens.last)
        else lens.last.replace(day=1).fromordinal(lens.last.replace(day=1).toordinal() - 1)
    )
    past = months(lens.replace(first=lens.first.replace(year=1990, month=1, day=1), last=last))
    while past and not past[0][1]:
        past = past[1:]
    return past


def _is_last_of_month(day):
    return day.fromordinal(day.toordinal() + 1).day == 1


def guess(values, ahead=1):
    """(rule, the value `ahead` months on). With two years of values: the same month of last year,
    times the last twelve months divided by the twelve before. With fewer: the mean of the last
    three. None without values."""
    if len(values) >= 24:
        now, before = sum(values[-12:]), sum(values[-24:-12])
        same_month = values[-12 + (ahead - 1) % 12]
        if before > 0:
            return "season", round_half_up(Decimal(same_month) * now / before)
    last = values[-3:]
    return ("mean", round_half_up(Decimal(sum(last)) / len(last))) if last else ("none", None)


def forecast(lens):
    """The forecast of the next months. `tested`: [(month, actual, what the rule would have
    forecast a month before)] of the last twelve; `error`: the mean error in basis points of the
    actual values."""
    past = history(lens)
    values = [net for _, net in past]
    rule = guess(values)[0]
    first_ahead = months_on(
        lens.last.replace(day=1), 0 if not past or past[-1][0] < f"{lens.last:%Y-%m}" else 1
    )
    ahead = (
        [(f"{months_on(first_ahead, i):%Y-%m}", guess(values, i + 1)[1]) for i in range(AHEAD)]
        if values
        else []
    )
    tested = [
        (past[i][0], values[i], guess(values[:i])[1])
        for i in range(max(3, len(values) - TESTED), len(values))
    ]
    total_actual = sum(abs(v) for _, v, _ in tested)
    total_missed = sum(abs(forecast_value - v) for _, v, forecast_value in tested)
    error = None
    if total_actual:
        error = (total_missed * 20000 + total_actual) // (2 * total_actual)
    return Forecast(past, ahead, tested, error, rule)


def seasons(lens):
    """[(calendar month 1…12, basis points of an average month)] over all complete years; empty
    without one."""
    past = history(lens)
    past = past[len(past) % 12 :]
    if not past:
        return []
    sums = [0] * 12
    for month, net in past:
        sums[int(month[5:]) - 1] += net
    total = sum(sums)
    return (
        [(i + 1, (v * 120000 * 2 + total) // (2 * total)) for i, v in enumerate(sums)]
        if total > 0
        else []
    )
