"""Customers by the quarter of their first purchase: how many of each came again later."""
import functools

from models.insights.lens import month_of, months_on
from models.insights.overview import as_day, first_days
from models.insights.summary import SalesDay

MOST = 12


@functools.cache
def quarter(month):
    """"2026-11" is "2026 Q4"."""
    return f"{month[:4]} Q{(int(month[5:7]) + 2) // 3}"


def rows(lens):
    """[(quarter, how many began, [how many of them bought in that quarter, the next, …])] of the last quarters, oldest first."""
    ever = lens.moved(first=lens.first.replace(year=1900, month=1, day=1))
    begun = {c: quarter(as_day(day).isoformat()) for c, day in first_days(ever).items()}
    bought = set((c, quarter(m)) for c, m in ever.days(SalesDay.customer, month_of(SalesDay.day)).where(SalesDay.papers > 0).distinct().tuples())
    here = lens.last.replace(day=1)
    line = list(dict.fromkeys(quarter(f"{months_on(here, -i):%Y-%m}") for i in range(3 * MOST - 1, -1, -1)))[-MOST:]
    found = []
    for i, name in enumerate(line):
        members = {c for c, q in begun.items() if q == name}
        if members:
            found.append((name, len(members), [sum((c, q) in bought for c in members) for q in line[i:]]))
    return found
