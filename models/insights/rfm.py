"""RFM analysis: customers in fifths by recency, frequency and money, and the segments that
follow."""

from collections import Counter, namedtuple

from peewee import fn

from models.core.dates import as_day
from models.documents.sales import SalesDay
from models.insights import customers

Row = namedtuple("Row", "id silent days net r f m segment")
SEGMENTS = ("best", "loyal", "new", "promising", "at_risk", "asleep", "regular")


def rows(lens):
    """[Row] of the customers who bought in the lens's days, best first. `r`, `f` and `m` are
    fifths; 5 is the best."""
    bought = customers.purchases(lens, fn.SUM(SalesDay.net))
    today, silences = lens.last, {}
    for day in {last for _c, last, _days, _net in bought}:
        silences[day] = (today - as_day(day)).days
    r = _fifths(-silences[last] for _c, last, _days, _net in bought)
    f = _fifths(days for _c, _last, days, _net in bought)
    m = _fifths(net for _c, _last, _days, net in bought)
    rows = []
    for customer, last, days, net in bought:
        silent = silences[last]
        fifths = r[-silent], f[days], m[net]
        rows.append(Row(customer, silent, days, int(net), *fifths, segment(*fifths, days)))
    place = {name: i for i, name in enumerate(SEGMENTS)}
    return sorted(rows, key=lambda x: (place[x.segment], -x.net, x.id))


def _fifths(values):
    """{value: 1…5}, by the share of all values that are not larger."""
    counts = Counter(values)
    whole, not_larger, fifth = counts.total(), 0, {}
    for value in sorted(counts):
        not_larger += counts[value]
        fifth[value] = -(-5 * not_larger // whole)
    return fifth


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
    count, net = Counter(), Counter()
    for row in rows:
        count[row.segment] += 1
        net[row.segment] += row.net
    return [(s, count[s], net[s]) for s in SEGMENTS if count[s]]
