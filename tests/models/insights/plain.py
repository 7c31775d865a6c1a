"""Some years of trade as plain rows, put into the books as they are, and every figure reckoned
again from these rows alone."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from decimal import Decimal

from tests.models.insights.trading import SIGN, half_up, net_of


class Plain:
    """The figures by loops over the rows; `first` and `last` are the days looked at."""

    def __init__(self, rows, first, last, currency="CNY"):
        self.rows, self.first, self.last = rows, first, last
        self.ours = [p for p in rows if p.currency == currency]
        self.sales = [p for p in self.ours if p.kind in SIGN]

    def within(self, first=None, last=None):
        return [p for p in self.sales if (first or self.first) <= p.day <= (last or self.last)]

    def net(self, papers, wanted=lambda line: True):
        return sum(SIGN[p.kind] * line.net for p in papers for line in p.lines if wanted(line))

    def begun(self):
        first = {}
        for p in self.sales:
            if p.kind == "invoice" and p.day <= self.last:
                first[p.customer] = min(first.get(p.customer, p.day), p.day)
        return first

    def totals(self):
        mine = self.within()
        net, papers = self.net(mine), sum(p.kind == "invoice" for p in mine)
        lines = [(SIGN[p.kind], line) for p in mine for line in p.lines]
        average = 0 if not papers else half_up(abs(net), papers) * (1 if net >= 0 else -1)
        return (
            net,
            papers,
            len(mine) - papers,
            len({p.customer for p in mine}),
            sum(day >= self.first for day in self.begun().values()),
            average,
            sum(s * (x.gross - x.net) for s, x in lines),
            sum(s * x.cost for s, x in lines if x.cost is not None),
            sum(s * x.net for s, x in lines if x.cost is not None),
        )

    def tax(self, key):
        """{key of paper and line: (papers, net, tax)}."""
        found = defaultdict(lambda: (set(), []))
        for n, p in enumerate(self.within()):
            for line in p.lines:
                papers, lines = found[key(p, line)]
                papers.add(n)
                lines.append((SIGN[p.kind] * line.net, SIGN[p.kind] * line.tax))
        return {
            k: (len(papers), *map(sum, zip(*lines, strict=True)))
            for k, (papers, lines) in found.items()
        }

    def by_month(self, first=None):
        found = Counter()
        for p in self.within(first=first):
            found[f"{p.day:%Y-%m}"] += self.net([p])
        return +found | {m: v for m, v in found.items() if v < 0}

    def customers(self, before):
        found = set()
        for c in {p.customer for p in self.within()}:
            mine = [p for p in self.within() if p.customer == c]
            liked = Counter()
            for p in mine:
                for line in p.lines:
                    liked[line.category] += SIGN[p.kind] * line.net
            best = max(((v, k) for k, v in liked.items() if k), default=(0, ""))
            was = self.net([p for p in self.within(*before) if p.customer == c])
            bought = {
                p.day for p in mine if p.kind == "invoice"
            }  # a credit note's day is none of a purchase
            found.add(
                (
                    c,
                    self.net(mine),
                    sum(p.kind == "invoice" for p in mine),
                    sum(p.kind == "credit_note" for p in mine),
                    len(bought),
                    max(bought, default=None),
                    was,
                    half_up(self.net(mine) * 10000 - was * 10000, was)
                    if was > 0 and self.net(mine) >= was
                    else None,
                    best[1],
                    best[0],
                )
            )
        return found

    def rfm(self):
        buyers = {p.customer for p in self.within() if p.kind == "invoice"}
        mine = {c: [p for p in self.within() if p.customer == c] for c in buyers}
        values = {
            c: (
                -(self.last - max(p.day for p in ps if p.kind == "invoice")).days,
                len({p.day for p in ps if p.kind == "invoice"}),
                self.net(ps),
            )
            for c, ps in mine.items()
        }
        return {
            (
                c,
                *(
                    -(-5 * sum(v[i] <= values[c][i] for v in values.values()) // len(values))
                    for i in range(3)
                ),
            )
            for c in buyers
        }

    def cohorts(self):
        quarter = lambda day: (day.year, (day.month + 2) // 3)  # noqa: E731
        end, line = quarter(self.last), []
        for i in range(11, -1, -1):
            n = end[0] * 4 + end[1] - 1 - i
            line.append((n // 4, n % 4 + 1))
        bought = {
            (p.customer, quarter(p.day))
            for p in self.sales
            if p.kind == "invoice" and p.day <= self.last
        }
        begun = {c: quarter(day) for c, day in self.begun().items()}
        return [
            (
                f"{q[0]} Q{q[1]}",
                n,
                [
                    sum((c, later) in bought for c, b in begun.items() if b == q)
                    for later in line[i:]
                ],
            )
            for i, q in enumerate(line)
            if (n := sum(b == q for b in begun.values()))
        ]

    def stopped(self):
        found, back = set(), self.last.replace(year=self.last.year - 3)
        for c in {p.customer for p in self.sales}:
            days = sorted(
                {
                    p.day
                    for p in self.sales
                    if p.customer == c and p.kind == "invoice" and back <= p.day <= self.last
                }
            )
            gaps = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
            if gaps and (self.last - days[-1]).days > max(
                2 * (gap := half_up(statistics.median(gaps) * 2, 2)), 60
            ):
                year = [
                    p
                    for p in self.sales
                    if p.customer == c
                    and days[-1].replace(year=days[-1].year - 1) < p.day <= self.last
                ]
                found.add((c, days[-1], (self.last - days[-1]).days, gap, self.net(year)))
        return found

    def salespeople(self):
        found, begun = defaultdict(lambda: [0, 0, set(), 0, 0, 0, 0]), self.begun()
        for p in self.within():
            row = found[p.owner or 0]
            row[0] += self.net([p])
            row[1] += p.kind == "invoice"
            row[2].add(p.customer)
            row[4] += SIGN[p.kind] * sum(line.gross - line.net for line in p.lines)
            row[5] += p.kind == "credit_note"
        for owner, row in found.items():
            row[3] = len(
                {
                    p.customer
                    for p in self.within()
                    if (p.owner or 0) == owner
                    and p.kind == "invoice"
                    and begun[p.customer] == p.day
                }
            )
        for p in self.ours:
            for day, amount in p.paid:
                if self.first <= day <= self.last:
                    found[p.owner or 0][6] += amount
        return {
            owner: (net, papers, len(who), new, off, back, paid)
            for owner, (net, papers, who, new, off, back, paid) in found.items()
        }

    def parts(self, name, before):
        """{product or category: (net, net before, customers)}"""
        here, was, who = Counter(), Counter(), defaultdict(set)
        for target, papers in ((here, self.within()), (was, self.within(*before))):
            for p in papers:
                for line in p.lines:
                    target[getattr(line, name)] += SIGN[p.kind] * line.net
                    if target is here:
                        who[getattr(line, name)].add(p.customer)
        return {key: (here[key], was[key], len(who[key])) for key in {*here, *was}}

    def bought(self, category, span):
        sums = defaultdict(lambda: [0, 0])
        for p in self.within(*span):
            for line in p.lines:
                if line.category == category:
                    sums[p.customer, line.product][0] += SIGN[p.kind] * line.net
                    sums[p.customer, line.product][1] += SIGN[p.kind] * line.quantity
        return sums

    def weak(self, category, before):
        """(before, now, price, quantity, range, new, lost)"""
        was, here = self.bought(category, before), self.bought(category, (self.first, self.last))
        old, fresh, price, quantity, other = {c for c, _ in was}, {c for c, _ in here}, 0, 0, 0
        for key in {k for k in {*was, *here} if k[0] in old & fresh}:
            (n0, q0), (n1, q1) = was.get(key, (0, 0)), here.get(key, (0, 0))
            if q0 > 0 and q1 > 0:
                middle = half_up(n0 * q1, q0)
                quantity, price = quantity + middle - n0, price + n1 - middle
            else:
                other += n1 - n0
        return (
            sum(n for n, _ in was.values()),
            sum(n for n, _ in here.values()),
            price,
            quantity,
            other,
            sum(n for (c, _), (n, _q) in here.items() if c not in old),
            -sum(n for (c, _), (n, _q) in was.items() if c not in fresh),
        )

    def pareto(self):
        """[(customer, net, share, up to here, letter)]"""
        sums = sorted(
            (
                (n, -c)
                for c in {p.customer for p in self.within()}
                if (n := self.net([p for p in self.within() if p.customer == c])) > 0
            ),
            reverse=True,
        )
        whole, so_far, found = sum(n for n, _ in sums), 0, []
        for n, c in sums:
            letter = (
                "A"
                if Decimal(so_far) < Decimal(whole) * 8 / 10
                else "B"
                if Decimal(so_far) < Decimal(whole) * 95 / 100
                else "C"
            )
            so_far += n
            found.append((-c, n, half_up(n * 10000, whole), half_up(so_far * 10000, whole), letter))
        return found

    def history(self):
        """[(month, net)] from the first month with a sale on; the last day looked at ends a
        month."""
        sums, line = self.by_month(first=dt.date(1990, 1, 1)), []
        for n in range(1990 * 12, self.last.year * 12 + self.last.month):
            line.append((f"{n // 12}-{n % 12 + 1:02}", sums.get(f"{n // 12}-{n % 12 + 1:02}", 0)))
        while line and not line[0][1]:
            line.pop(0)
        return line

    def forecast(self):
        """(what the next three months bring, what it would have said of the last twelve, the mean
        miss)"""
        values = [v for _m, v in self.history()]

        def say(known, on):
            if len(known) >= 24 and sum(known[-24:-12]) > 0:
                return half_up(known[on - 13] * sum(known[-12:]), sum(known[-24:-12]))
            return half_up(sum(known[-3:]), len(known[-3:]))

        told = [say(values[:i], 1) for i in range(max(3, len(values) - 12), len(values))]
        came = values[len(values) - len(told) :] if told else []
        missed = sum(abs(a - b) for a, b in zip(told, came, strict=True))
        return (
            [say(values, n) for n in (1, 2, 3)] if values else [],
            told,
            half_up(missed * 10000, sum(map(abs, came))) if told else None,
        )

    def seasons(self):
        line = self.history()
        line = line[len(line) % 12 :]
        whole, sums = sum(v for _m, v in line), Counter()
        for month, value in line:
            sums[int(month[5:])] += value
        return [(m, half_up(sums[m] * 120000, whole)) for m in range(1, 13)] if line else []

    def paying(self):
        """{(customer, paid, days, late days, share that came late)}"""
        sums = defaultdict(lambda: [0, 0, 0, 0])
        for p in self.ours:
            for day, amount in p.paid:
                if self.first <= day <= self.last:
                    late = max(0, (day - p.due).days)
                    for i, v in enumerate(
                        (amount, amount * (day - p.day).days, amount * late, amount * bool(late))
                    ):
                        sums[p.customer][i] += v
        return {
            (c, paid, half_up(days, paid), half_up(late, paid), half_up(much * 10000, paid))
            for c, (paid, days, late, much) in sums.items()
        }

    def quotes(self):
        mine = [p for p in self.ours if p.kind == "quote" and self.first <= p.day <= self.last]
        won = [p for p in mine if p.ordered]
        return (
            len(mine),
            len(won),
            sum(map(net_of, mine)),
            sum(map(net_of, won)),
            half_up(sum((p.ordered - p.day).days for p in won), len(won)),
        )
