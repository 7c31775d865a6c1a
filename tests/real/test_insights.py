"""Every figure of insights against a plain recomputation of the same files, by other means than
ours."""

import csv
import datetime as dt
import sqlite3
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from models.customers import Customer
from models.insights import (
    Lens,
    cohorts,
    customers,
    forecast,
    overview,
    pareto,
    products,
    rfm,
    rhythm,
    weak,
)
from models.insights.lens import months_on
from models.operations import upkeep
from models.products import Product
from tests.real.figures import fen, half_up, net, within
from tests.real.test_shared_data import DATA, run, table
from tests.support import required

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {required.DATA}")


@pytest.fixture
def lens(firm):
    return Lens.of(firm.fang, currency="USD", first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 31))


@pytest.fixture
def chinook(made_once):
    return made_once("chinook", imported_chinook)


def imported_chinook(firm):
    """[(day, customer name, [(track, quantity, cents)])] straight from the file, after our import
    of it."""
    base = DATA / "chinook/Chinook_Sqlite.sqlite"
    query = """SELECT i.InvoiceId AS "Invoice No", i.InvoiceDate AS Date,
        c.CustomerId AS "Customer ID",
        COALESCE(c.Company, c.FirstName || ' ' || c.LastName) AS Customer,
        t.TrackId AS "Product ID", t.Name AS Product, g.Name AS Category,
        l.UnitPrice AS "Unit price", l.Quantity AS Quantity
        FROM Invoice i JOIN InvoiceLine l USING (InvoiceId) JOIN Customer c USING (CustomerId)
        JOIN Track t USING (TrackId) JOIN Genre g USING (GenreId) ORDER BY 1"""
    run(firm, "documents", table(base, query), currency="USD", language="en", settled=True)
    papers = {}
    with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as link:
        for number, day, code, _name, track, _title, genre, price, quantity in link.execute(query):
            papers.setdefault(number, (dt.date.fromisoformat(day[:10]), str(code), []))[2].append(
                (str(track), genre, quantity, fen(price) * quantity)
            )
    return list(papers.values())


@pytest.mark.full
def test_chinook_totals_customers_and_who_is_new(firm, chinook, lens):
    assert upkeep.differences() == []
    code = dict(Customer.select(Customer.id, Customer.code).tuples())
    for look in (
        lens,
        lens.before(),
        lens.year_before(),
        lens.replace(first=dt.date(2024, 3, 5), last=dt.date(2024, 6, 17)),
    ):
        mine, first = within(chinook, look), {}
        for day, customer, _lines in chinook:
            first[customer] = min(first.get(customer, day), day)
        t = overview.totals(look)
        assert (t.net, t.papers, t.customers, t.average) == (
            net(mine),
            len(mine),
            len({c for _d, c, _l in mine}),
            half_up(net(mine), len(mine)),
        )
        assert t.new == sum(look.first <= day <= look.last for day in first.values())
        assert look.net_of(look.documents()) == t.net and look.documents().count() == t.papers
        by_month = Counter()
        for day, _c, lines in mine:
            by_month[f"{day:%Y-%m}"] += sum(x[3] for x in lines)
        assert dict(overview.months(look)) == {**dict.fromkeys(overview.names(look), 0), **by_month}
        for r in customers.rows(look):
            own = [p for p in mine if p[1] == code[r.id]]
            genres = Counter()
            for _d, _c, lines in own:
                for _t, genre, _q, cents in lines:
                    genres[genre] += cents
            assert (r.net, r.papers, r.days, r.last) == (
                net(own),
                len(own),
                len({p[0] for p in own}),
                max(p[0] for p in own),
            )
            assert r.before == net(
                [p for p in within(chinook, look.before()) if p[1] == code[r.id]]
            )
            assert r.category_net == max(genres.values()) == genres[r.category]
            assert (
                look.replace(customer=r.id).net_of(look.replace(customer=r.id).documents()) == r.net
            )


@pytest.mark.full
def test_chinook_rfm_cohorts_rhythm_and_pareto(firm, chinook, lens):
    code = dict(Customer.select(Customer.id, Customer.code).tuples())
    mine = within(chinook, lens)
    days = defaultdict(set)
    for day, customer, _l in mine:
        days[customer].add(day)
    score = lambda values, v: -(-5 * sum(x <= v for x in values) // len(values))  # noqa: E731
    recent, often, much = (
        [max(d) for d in days.values()],
        [len(d) for d in days.values()],
        [net([p for p in mine if p[1] == c]) for c in days],
    )
    found = rfm.rows(lens)
    assert len(found) == len(days) and sum(n for _s, n, _net in rfm.segments(found)) == len(days)
    for r in found:
        c = code[r.id]
        assert (r.r, r.f, r.m) == (
            score(recent, max(days[c])),
            score(often, len(days[c])),
            score(much, net([p for p in mine if p[1] == c])),
        )
        assert r.silent == (lens.last - max(days[c])).days
    first, quarters = {}, defaultdict(set)
    for day, customer, _l in sorted(chinook):
        if day <= lens.last:
            quarter = f"{day.year} Q{(day.month + 2) // 3}"
            first.setdefault(customer, quarter)
            quarters[customer].add(quarter)
    line = [f"{y} Q{q}" for y in (2021, 2022, 2023) for q in (1, 2, 3, 4)]
    expected = [
        (q, n, [sum(later in quarters[c] for c in first if first[c] == q) for later in line[i:]])
        for i, q in enumerate(line)
        if (n := sum(v == q for v in first.values()))
    ]
    assert cohorts.rows(lens) == expected
    whole, so_far = sum(much), 0
    rows = pareto.rows([(b.id, b.net) for b in customers.bought(lens)])
    for r, value in zip(rows, sorted(much, reverse=True), strict=False):
        assert r.net == value and r.letter == (
            "A"
            if so_far < Decimal(whole) * 80 / 100
            else "B"
            if so_far < Decimal(whole) * 95 / 100
            else "C"
        )
        so_far += value
        assert r.upto == half_up(so_far * 10000, whole)
    stopped = {code[s.id]: s for s in rhythm.stopped(lens)}
    for customer in {c for _d, c, _l in chinook}:
        bought = sorted(
            {
                d
                for d, c, _l in chinook
                if c == customer and months_on(lens.last, -36) <= d <= lens.last
            }
        )
        gaps = sorted((b - a).days for a, b in zip(bought, bought[1:], strict=False))
        if gaps:
            n = len(gaps)
            gap = gaps[n // 2] if n % 2 else half_up(gaps[n // 2 - 1] + gaps[n // 2], 2)
            silent = (lens.last - bought[-1]).days
            assert (customer in stopped) == (silent > max(2 * gap, 60))
            if customer in stopped:
                year = [
                    p
                    for p in chinook
                    if p[1] == customer and months_on(bought[-1], -12) < p[0] <= bought[-1]
                ]
                assert (stopped[customer].gap, stopped[customer].worth) == (gap, net(year))
    assert stopped


@pytest.mark.full
def test_chinook_products_categories_and_why_a_category_fell(firm, chinook, lens):
    genre, title = {}, dict(Product.select(Product.id, Product.code).tuples())
    for _d, _c, lines in chinook:
        genre.update({track: g for track, g, _q, _v in lines})
    sums, before, buyers = Counter(), Counter(), defaultdict(set)
    for target, look in ((sums, lens), (before, lens.before())):
        for _d, c, lines in within(chinook, look):
            for track, g, quantity, cents in lines:
                target[track] += cents
                target[g] += cents
                target["q", track] += quantity
                if target is sums:
                    buyers[g].add(c)
    for r in products.rows(lens):
        assert (r.net, r.before, r.quantity) == (
            sums[title[r.id]],
            before[title[r.id]],
            sums["q", title[r.id]] * 10000,
        )
        assert sum(r.course) == r.net
    found = products.categories(lens)
    assert {c.name for c in found} == {g for g in genre.values() if sums[g] or before[g]}
    for c in found:
        assert (c.net, c.before, c.customers) == (sums[c.name], before[c.name], len(buyers[c.name]))
        narrowed = lens.replace(category=c.name)
        assert narrowed.net_of(narrowed.documents()) == c.net
        w = weak.explain(lens, c.name)
        assert (
            w.price + w.quantity + w.range + w.new + w.lost == w.now - w.before == c.net - c.before
        )
        was = {
            (cust, t)
            for _d, cust, lines in within(chinook, lens.before())
            for t, g, _q, _v in lines
            if g == c.name
        }
        now = {
            (cust, t)
            for _d, cust, lines in within(chinook, lens)
            for t, g, _q, _v in lines
            if g == c.name
        }
        assert len(w.lost_customers) == len({x for x, _t in was} - {x for x, _t in now}) and len(
            w.new_customers
        ) == len({x for x, _t in now} - {x for x, _t in was})
        assert w.lost == -sum(
            v
            for _d, cust, lines in within(chinook, lens.before())
            for _t, g, _q, v in lines
            if g == c.name and cust not in {x for x, _t in now}
        )


@pytest.mark.full
def test_chinook_forecast_and_its_past_error(firm, chinook, lens):
    f = forecast.forecast(lens)
    months = Counter()
    for day, _c, lines in chinook:
        if day <= lens.last:
            months[f"{day:%Y-%m}"] += sum(x[3] for x in lines)
    line = [f"{y}-{m:02}" for y in (2021, 2022, 2023) for m in range(1, 13)]
    values = [months[m] for m in line]
    assert (
        f.history == list(zip(line, values, strict=True))
        and f.rule == "season"
        and [m for m, _v in f.ahead] == ["2024-01", "2024-02", "2024-03"]
    )
    said = lambda v: half_up(v[-12] * sum(v[-12:]), sum(v[-24:-12]))  # noqa: E731
    assert f.ahead[0][1] == said(values) and f.ahead[1][1] == half_up(
        values[-11] * sum(values[-12:]), sum(values[-24:-12])
    )
    assert [t[2] for t in f.tested] == [said(values[:i]) for i in range(24, 36)]
    assert f.error == half_up(
        sum(abs(said(values[:i]) - values[i]) for i in range(24, 36)) * 10000, sum(values[24:])
    )
    assert dict(forecast.seasons(lens)) == {
        m: half_up(sum(values[m - 1 :: 12]) * 120000, sum(values)) for m in range(1, 13)
    }


@pytest.mark.full
@pytest.mark.full
def test_chinook_is_seen_only_by_those_who_may(firm, chinook, lens):
    assert overview.totals(lens.replace(person=firm.li)).net == 0 and overview.totals(
        lens.replace(person=firm.wang)
    ).net == net(within(chinook, lens))
    some = Customer.get(Customer.code == "5")
    some.revise(firm.fang, owner=firm.chen)
    mine = [p for p in within(chinook, lens) if p[1] == "5"]
    chen = lens.replace(person=firm.chen)
    assert overview.totals(chen).net == net(mine) == chen.net_of(chen.documents()) and [
        r.id for r in customers.rows(chen)
    ] == [some.id]
    assert overview.totals(lens.replace(person=firm.wang)).net == net(within(chinook, lens)) - net(
        mine
    )


def test_classicmodels_products_bring_what_they_cost(firm):
    run(firm, "products", DATA / "classicmodels/products.csv", currency="USD")
    rows = list(csv.DictReader((DATA / "classicmodels/products.csv").open(encoding="utf-8-sig")))
    costs = {r["productCode"]: int(Decimal(r["buyPrice"]) * 10000) for r in rows}
    assert (
        len(costs) == 110
        and {p.code: p.cost for p in Product.select().where(Product.code.in_(list(costs)))} == costs
    )
