"""Ageing and limits: grouped figures equal those added row by row; every figure opens exactly its
documents."""

import datetime as dt
import random

import pytest

from models.core.clock import at, now, today
from models.customers import Customer
from models.documents import Document
from models.payments import Payment, open_balance
from models.payments.credit_note import set_off
from models.payments.write_off import WriteOff
from models.receivables import ageing, due_item
from models.receivables.balance import balances, open_items, open_of
from models.receivables.credit_limit import exceeds_credit, exposure, limits
from models.receivables.debtor import Debtor
from tests.support.plain import bucket_of


def take_in(
    firm, number, amount, days_old=0, customer=None, currency="CNY", kind="invoice", terms=0
):
    line = {
        "name": "货",
        "quantity": 10000,
        "price": amount * 100,
        "rate": 0,
        "tax_kind": "zero",
        "net": amount,
        "tax": 0,
        "gross": amount,
    }
    day = today() - dt.timedelta(days=days_old)
    return Document.enter_imported(
        firm.fang,
        kind,
        number,
        customer or firm.a,
        [line],
        currency=currency,
        date=day,
        due_on=day + dt.timedelta(days=terms),
    )


@pytest.mark.parametrize(
    "days, bucket",
    [
        (-5, 0),
        (0, 0),
        (1, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 3),
        (90, 3),
        (91, 4),
        (180, 4),
        (181, 5),
        (365, 5),
        (366, 6),
        (4000, 6),
    ],
)
def test_each_day_falls_into_its_bucket(firm, days, bucket):
    paper = take_in(firm, "X1", 100, max(days, 0), terms=max(0, -days))
    assert bucket_of(days) == bucket
    assert ageing.ageing()[0]["buckets"] == [100 * (i == bucket) for i in range(7)]
    found = {
        i
        for i in range(7)
        if open_items(only=ageing.in_bucket(i)).where(Document.id == paper.id).exists()
    }
    assert found == {bucket}


def test_grouped_figures_equal_those_added_row_by_row(firm):
    dice = random.Random(7)
    for i in range(120):
        customer, currency = dice.choice((firm.a, firm.b)), dice.choice(("CNY", "USD"))
        paper = take_in(
            firm,
            f"X{i}",
            dice.randint(1, 9999),
            dice.randint(0, 500),
            customer,
            currency,
            terms=dice.choice((0, 30, 60)),
        )
        if dice.random() < 0.6:
            part = dice.randint(1, paper.total)
            with at(now() - dt.timedelta(days=dice.randint(0, 60))):
                Payment.receive(
                    firm.fang, customer, currency, part + 7, allocations=[(paper, part)]
                )
    for by in ("due", "issued"):
        slow = {}
        for paper in Document.standing().where(Document.kind == "invoice"):
            if open_balance(paper) > 0:
                start = paper.due_on if by == "due" else paper.issued_on
                row = slow.setdefault((paper.customer_id, paper.currency), [0] * 7)
                row[bucket_of((today() - start).days)] += open_balance(paper)
        assert {
            (r["customer"], r["currency"]): r["buckets"] for r in ageing.ageing(by=by) if r["total"]
        } == slow
    fast = {key: row["credit"] for key, row in balances().items()}
    for customer in (firm.a, firm.b):
        for currency in ("CNY", "USD"):
            rest = sum(
                p.unallocated()
                for p in Payment.select().where(
                    Payment.customer == customer.id, Payment.currency == currency
                )
            )
            assert fast[customer.id, currency] == rest
    one = balances(customers=[firm.a.id])
    assert one == {key: row for key, row in balances().items() if key[0] == firm.a.id}


def test_pages_of_debtors_and_their_totals_are_those_of_all_rows(firm):
    dice = random.Random(18)
    customers = [firm.a, firm.b, *(Customer.create(name=f"N{n}") for n in range(4))]
    for n in range(40):
        customer, currency = dice.choice(customers), dice.choice(("CNY", "USD"))
        days_old, terms = dice.randint(0, 400), dice.choice((0, 30))
        amount = dice.randint(1, 999)
        paper = take_in(firm, f"X{n}", amount, days_old, customer, currency, terms=terms)
        if n % 3 == 0:
            Payment.receive(
                firm.fang, customer, currency, amount + 7, allocations=[(paper, amount)]
            )
    some = [paper.id for paper in Document.select().order_by(Document.id)][::5]
    Document.update(due_on=None).where(Document.id.in_(some)).execute()
    due_item.rebuild()
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    Payment.receive(firm.fang, customers[-1], "EUR", 5)
    for by in ("due", "issued"):
        for mine in (None, Customer.select(Customer.id).where(Customer.id.in_(customers[2:]))):
            plain = ageing.ageing(by=by, customers=mine)
            seen = Debtor.id > 0 if mine is None else Debtor.customer.in_(mine)
            pages = [Debtor.in_order(seen).paginate(page, 5).tuples() for page in (1, 2, 3, 4)]
            keys = [key for page in pages for key in page]
            assert ageing.of_debtors(keys, by) == plain
            assert keys == [(row["customer"], row["currency"]) for row in plain]
            assert ageing.totals_today(seen, by, mine) == (ageing.totals(plain), len(plain))


def test_the_past_is_as_it_stood_then(firm):
    paper = take_in(firm, "X1", 1000, 40)
    with at(now() - dt.timedelta(days=10)):
        Payment.receive(firm.fang, firm.a, "CNY", 600, allocations=[(paper, 600)])
    assert [r["total"] for r in ageing.ageing(today() - dt.timedelta(days=11))] == [1000]
    assert [r["total"] for r in ageing.ageing(today() - dt.timedelta(days=10))] == [400]
    assert ageing.ageing(today() - dt.timedelta(days=41)) == []


def test_what_was_open_on_each_day_is_found_among_few(firm):
    def ago(days):
        return at(now() - dt.timedelta(days=days))

    papers = [take_in(firm, f"X{n}", 1000, 40) for n in range(6)]
    note = take_in(firm, "C1", 1000, 25, kind="credit_note")
    with ago(30):
        late = Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(papers[0], 1000)])
        Payment.receive(firm.fang, firm.a, "CNY", 400, allocations=[(papers[1], 400)])
    with ago(20):
        set_off(firm.fang, note, papers[1], 600)
    with ago(15):
        WriteOff.ask(firm.fang, papers[2], 1000, "gone").approve(firm.wang)
    with ago(10):
        papers[3].carry_out_void(firm.fang, "typed wrongly")
    with ago(5):
        late.reverse(firm.fang, "bounced")
    Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(papers[4], 1000)])
    for days in range(42):
        day = today() - dt.timedelta(days=days)
        plain = {row.id: row.left for row in open_items(day)}
        assert {row.id: row.left for row in open_of(Document.select(), day)} == plain
        owed = ageing.owed(day), ageing.owed(day, customers=[firm.a.id])
        assert owed[0] == owed[1]
        assert sum(row["total"] for row in owed[0].values()) == sum(plain.values())


def test_dso_of_one_months_sales_all_open_is_ninety(firm):
    take_in(firm, "X1", 1000, 5)
    take_in(firm, "X2", 1000, 200, currency="USD")
    assert ageing.dso(ageing.totals_today(Debtor.id > 0)[0]) == {"CNY": 90, "USD": None}


def test_an_order_beyond_the_limit_is_known_before_it_is_issued(firm):
    firm.a.revise(firm.fang, credit_limit=20000)
    take_in(firm, "X1", 10000)
    order = firm.draft("order", price="100")
    found = exposure(firm.a, order)
    assert (found.now, found.after, found.left, found.exceeded) == (
        10000,
        21300,
        -1300,
        True,
    ) and exceeds_credit(order)
    Payment.receive(firm.fang, firm.a, "CNY", 1300)
    assert not exceeds_credit(order)
    assert [(c.id, e.left) for c, e in limits(Customer.select())] == [(firm.a.id, 11300)]
    assert not exceeds_credit(firm.draft("quote", price="9999"))


def again(paper):
    return Document.get_by_id(paper.id)


def made_of(firm, source, kind, quantity=None):
    """The next paper of the chain, with so much of the first line, up to the door of issue."""
    made = source.convert(firm.li, kind)
    if quantity:
        line = made.ordered_lines()[0]
        made.revise(firm.li, made.version, [firm.line("100", quantity, source=line.source_id)])
    return again(made)


def issue(firm, paper):
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    again(paper).issue(by=firm.li)
    return again(paper)


def test_issued_orders_count_against_the_limit_until_they_are_invoiced(firm):
    """An order of ten at 113.00: what invoices take, directly or by way of a delivery note, is owed
    and no longer ordered."""
    firm.a.revise(firm.fang, credit_limit=150000)
    order = firm.issued("order", price="100", quantity="10")
    found = exposure(firm.a)
    assert (found.open, found.orders, found.now, found.left) == (0, 113000, 113000, 37000)
    assert limits(firm.li.sees.customers())[0][1] == found
    part = made_of(firm, order, "invoice", "4")
    with_part = exposure(firm.a, part)
    assert (with_part.orders, with_part.added, with_part.after) == (67800, 45200, 113000), (
        "an invoice of an order adds nothing"
    )
    part = issue(firm, part)
    assert (exposure(firm.a).open, exposure(firm.a).orders) == (45200, 67800)
    note = issue(firm, made_of(firm, again(order), "delivery_note"))
    assert exposure(firm.a).orders == 67800, "delivered is not yet invoiced"
    bill = issue(firm, made_of(firm, note, "invoice"))
    assert (exposure(firm.a).open, exposure(firm.a).orders) == (113000, 0)
    bill.void(firm.wang, "错")
    assert (exposure(firm.a).open, exposure(firm.a).orders) == (45200, 67800)
    assert exceeds_credit(firm.draft("order", price="100", quantity="4")) and not exceeds_credit(
        firm.draft("order", price="100", quantity="3")
    )


def test_orders_of_others_in_other_currencies_voided_or_imported_do_not_count(firm):
    firm.a.revise(firm.fang, credit_limit=1000)
    (
        firm.issued("order", customer=firm.b, by=firm.chen),
        firm.issued("order", currency="EUR"),
        firm.draft("order"),
    )
    firm.issued("order").void(firm.wang, "错")
    take_in(firm, "O1", 5000, kind="order")
    assert exposure(firm.a).orders == 0
