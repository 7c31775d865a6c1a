"""Every insight against a plain reckoning, in an empty firm, in one with a single sale and in one
with years of trade; and each of these comparisons sees a fault that is sown into its insight."""

import datetime as dt

import pytest

from models import insights
from models.core.clock import at, now
from models.customers import Customer
from models.documents import sales
from models.insights import (
    Lens,
    answers,
    cohorts,
    customers,
    forecast,
    overview,
    pareto,
    paying,
    products,
    quotes,
    rfm,
    rhythm,
    salespeople,
    tax,
    weak,
)
from models.insights.buying import Buying, currencies, rhythm_of
from tests.models.insights import plain, trading

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
BEFORE = dt.date(2024, 1, 1), dt.date(2024, 12, 31)


def of_overview(lens, p):
    assert tuple(overview.totals(lens)) == p.totals()


def of_months(lens, p):
    found = overview.months(lens)
    assert [m for m, _v in found] == [f"2025-{m:02}" for m in range(1, 13)] and {
        m: v for m, v in found if v
    } == {m: v for m, v in p.by_month().items() if v}


def of_customers(lens, p):
    found = customers.rows(lens)
    assert {(r.id, r.net, r.papers, r.credits, r.days, r.last, r.before) for r in found} == {
        row[:7] for row in p.customers(BEFORE)
    }
    assert {(r.id, r.category, r.category_net) for r in found} == {
        (row[0], *row[8:]) for row in p.customers(BEFORE)
    }


def of_rfm(lens, p):
    found = rfm.rows(lens)
    assert {(r.id, r.r, r.f, r.m) for r in found} == p.rfm() and sum(
        n for _s, n, _net in rfm.segments(found)
    ) == len(found)


def of_cohorts(lens, p):
    assert cohorts.rows(lens) == p.cohorts()


def of_stopped(lens, p):
    assert {(s.id, s.last, s.silent, s.gap, s.worth) for s in rhythm.stopped(lens)} == p.stopped()


def of_salespeople(lens, p):
    found = {
        r.id: (r.net, r.papers, r.customers, r.new, r.discount, r.credits, r.collected)
        for r in salespeople.rows(lens)
    }
    expected = p.salespeople()
    assert {k: v for k, v in found.items() if any(v)} == {
        k: v for k, v in expected.items() if any(v)
    }


def of_products(lens, p):
    found = products.rows(lens)
    assert {r.id: (r.net, r.before, r.customers) for r in found} == p.parts(
        "product", BEFORE
    ) and all(sum(r.course) == r.net for r in found)


def of_categories(lens, p):
    assert {c.name: (c.net, c.before, c.customers) for c in products.categories(lens)} == p.parts(
        "category", BEFORE
    )


def of_weak(lens, p):
    for category in ("茶", "瓷", ""):
        assert tuple(weak.explain(lens, category))[:7] == p.weak(category, BEFORE)


def of_pareto(lens, p):
    assert [
        (r.id, r.net, r.share, r.upto, r.letter)
        for r in pareto.rows([(b.id, b.net) for b in customers.bought(lens)])
    ] == p.pareto()


def of_forecast(lens, p):
    f = forecast.forecast(lens)
    assert (
        f.history == p.history()
        and ([v for _m, v in f.ahead], [said for *_x, said in f.tested], f.error) == p.forecast()
    )


def of_seasons(lens, p):
    assert forecast.seasons(lens) == p.seasons()


def of_paying(lens, p):
    assert {
        (r.id, r.paid, r.days, r.late_days, r.late_share) for r in paying.rows(lens)
    } == p.paying()


def of_quotes(lens, p):
    assert quotes.rate(quotes.rows(lens)) == p.quotes()


def of_tax(lens, p):
    assert {r.key: r[1:] for r in tax.by_rate(lens)} == p.tax(lambda p, line: line.taxed)
    assert {r.key: r[1:] for r in tax.by_month(lens)} == p.tax(lambda p, line: f"{p.day:%Y-%m}")


def of_buying(lens, p):
    """The page of a customer says the same of them as the figures do, which read them anew."""
    for customer in Customer.select():
        mine = lens.replace(customer=customer.id)
        buying = Buying(mine)
        for span in (mine, mine.before()):
            t = overview.totals(span, {})
            assert buying.sums(span) == (t.net, t.papers, t.cost, t.costed, t.average)
            assert buying.months(span) == overview.months(span)
        best = [r for r in products.rows(mine)[:8] if r.net > 0]
        assert products.best(mine, 8) == [(r.id, r.name, r.unit, r.net, r.quantity) for r in best]
        d, since = sales.SalesDay, mine.last.replace(year=mine.last.year - 3)
        bought = (d.customer == customer.id) & (d.basis == "invoice") & (d.papers > 0)
        days = d.select(d.day).where(bought, d.day.between(since, mine.last)).distinct()
        found = rhythm.rhythm(sorted(row.day for row in days), mine.last)
        assert rhythm_of(mine, currencies(customer)) == found


INSIGHTS = {name[3:]: look for name, look in list(globals().items()) if name.startswith("of_")}
# What is made wrong inside each insight: (module, name, what stands there instead).
FAULTS = {
    "overview": (overview, "first_days", lambda lens: {}),
    "months": (overview, "names", lambda lens, real=overview.names: real(lens)[1:]),
    "customers": (customers, "preferences", lambda lens: {}),
    "rfm": (
        rfm,
        "_fifths",
        lambda values, real=rfm._fifths: {v: min(5, f + 1) for v, f in real(values).items()},
    ),
    "cohorts": (cohorts, "quarter", lambda month: f"{month[:4]} Q{(int(month[5:7]) + 3) // 4}"),
    "stopped": (rhythm, "LOOKED_BACK", 12),
    "salespeople": (salespeople, "first_days", lambda lens: {}),
    "products": (
        products,
        "_by_product",
        lambda lens, real=products._by_product: (real(lens)[0], {}),
    ),
    "categories": (
        Lens,
        "before",
        lambda lens: lens.replace(first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 31)),
    ),
    "weak": (weak, "round_half_up", int),
    "pareto": (pareto, "sorted", lambda rows, key: list(rows)[::-1]),
    "forecast": (forecast, "TESTED", 6),
    "seasons": (forecast, "history", lambda lens, real=forecast.history: real(lens)[:-1]),
    "paying": (paying, "_mean", lambda total, weight: total // weight),
    "quotes": (quotes, "STANDING", ("issued",)),
    "tax": (tax, "SIGN", 1),
    "buying": (Buying, "within", lambda self, lens: self.days),
}


@pytest.fixture
def lens(firm):
    return Lens.of(firm.fang, currency="CNY", first=FIRST, last=LAST)


def test_no_insight_is_left_out():
    """A new module of figures is either compared here or is named as no figure of its own."""
    import pkgutil

    made = {m.name for m in pkgutil.iter_modules(insights.__path__)}
    compared = {
        "overview",
        "customers",
        "rfm",
        "cohorts",
        "rhythm",
        "salespeople",
        "products",
        "weak",
        "pareto",
        "forecast",
        "paying",
        "quotes",
        "buying",
        "tax",
    }
    elsewhere = {
        "acts",
        "answers",
        "lens",
        "monthly",
        "portrait",
        "proposals",
        "targets",
        "evidence",
        "customer_mails",
        "digest",
    }
    assert compared <= made <= compared | elsewhere and set(FAULTS) == set(INSIGHTS)


@pytest.mark.parametrize(
    "rows", [lambda firm: [], trading.one_sale, trading.trade], ids=["empty", "one sale", "years"]
)
def test_every_insight_is_what_a_plain_reckoning_gives(firm, lens, rows):
    p = plain.Plain(rows(firm), FIRST, LAST)
    for look in INSIGHTS.values():
        look(lens, p)
    assert sales.differences() == []


def test_every_comparison_sees_the_fault_that_is_sown_into_its_insight(firm, lens):
    p, unseen = plain.Plain(trading.trade(firm), FIRST, LAST), []
    for name, look in INSIGHTS.items():
        look(lens, p)
        with pytest.MonkeyPatch.context() as sown:
            sown.setattr(*FAULTS[name], raising=False)
            try:
                look(lens, p)
                unseen.append(name)
            except AssertionError:
                pass
    assert unseen == []


def test_salespeople_are_told_their_hours_their_voids_and_their_returns(firm):
    begun = dt.datetime(2025, 5, 6, 1)
    with at(begun):
        order = firm.issued("order", price="100")
    with at(begun + dt.timedelta(hours=5, minutes=30)):
        invoice = order.convert(firm.li, "invoice")
        invoice.submit(by=firm.li)
        firm.approve_all(invoice)
        type(invoice).get_by_id(invoice.id).issue(by=firm.li)
        asked = firm.draft(price="20000")
        asked.submit(by=firm.li)
    with at(begun + dt.timedelta(hours=8)):
        firm.approve_all(asked)
        type(asked).get_by_id(asked.id).issue(by=firm.li)
        firm.issued(price="7").void(firm.fang, "x")
        back = firm.draft(price="30000")
        back.submit(by=firm.li)
        from models.approvals import ApprovalRequest

        ApprovalRequest.current(back).tasks.first().reject(by=firm.wang, note="不行")
    row = next(
        r
        for r in salespeople.rows(Lens.of(firm.fang, currency="CNY", first=FIRST, last=LAST))
        if r.id == firm.li.id
    )
    assert (row.invoice_hours, row.approval_hours, row.voided, row.returned) == (
        55,
        25,
        1,
        1,
    ) and now()


def test_the_sources_of_a_change_are_those_of_a_plain_reckoning(firm, lens):
    trading.trade(firm)
    for by in (firm.fang, firm.li, firm.wang):
        for first in (FIRST, dt.date(2025, 7, 1), dt.date(2024, 6, 1)):
            mine = lens.replace(person=by, first=first)
            before = mine.year_before()
            now, was = customers.nets(mine), customers.nets(before)
            changes = {c: (now.get(c, 0), was.get(c, 0)) for c in now | was}
            lasting = [n - w for n, w in changes.values() if n and w]
            expected = (
                sum(-w for n, w in changes.values() if not n),
                sum(d for d in lasting if d < 0),
                sum(d for d in lasting if d > 0),
                sum(n for n, w in changes.values() if not w),
            )
            assert tuple(answers.sources(mine, before)) == expected
            assert sum(expected) == sum(now.values()) - sum(was.values())
