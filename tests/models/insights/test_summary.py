"""The summaries say what the papers say, after every verb that changes it."""

import datetime as dt
import random
from collections import Counter

from models.core.clock import at, now
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document, sales
from models.imports import Import, publishing
from models.insights import Lens, SalesDay, SalesItem
from models.insights.lens import month_of, months_on
from models.operations import upkeep
from models.payments import Payment
from models.products import Product
from models.receivables.paid_part import PaidPart
from tests.models.insights import trading
from tests.models.test_imports import PAPERS, put, run


def net(basis="invoice"):
    return sum(row.net for row in SalesDay.select().where(SalesDay.basis == basis))


def test_issue_void_and_credit_move_the_sums_and_nothing_else_does(firm):
    first, second = firm.issued(price="100"), firm.issued(price="80", quantity="3")
    firm.issued("order", price="55")
    firm.issued("quote", price="1")
    firm.draft(price="9999")
    assert (net(), net("order")) == (34000, 5500) and upkeep.differences() == []
    note = second.convert(firm.li, "credit_note")
    note.submit(by=firm.li)
    firm.approve_all(note)
    Document.get_by_id(note.id).issue(by=firm.li)
    assert (
        net() == 10000
        and SalesDay.get(SalesDay.basis == "invoice").credits == 1
        and upkeep.differences() == []
    )
    first.void(firm.fang, "开错")
    assert net() == 0 and upkeep.differences() == []
    assert {r.papers for r in SalesDay.select().where(SalesDay.basis == "invoice")} == {1}


def test_a_voided_only_paper_leaves_no_row(firm):
    firm.issued(price="10").void(firm.fang, "开错")
    assert not SalesDay.select().exists() and not SalesItem.select().exists()


def test_discount_and_cost_are_kept_as_of_the_day(firm):
    firm.pen.revise(firm.li, cost=600000)
    line = {**firm.line("100", "2"), "product": firm.pen.id, "discount": 1000}
    paper = Document.draft(firm.li, "invoice", firm.a, [line, firm.line("50")], discount=500)
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    Document.get_by_id(paper.id).issue(by=firm.li)
    firm.pen.revise(firm.li, cost=900000)
    day = SalesDay.get()
    assert (day.net, day.discount, day.cost, day.costed) == (17100 + 4750, 2900 + 250, 12000, 17100)
    assert upkeep.differences() == [] and Product.get_by_id(firm.pen.id).cost == 900000


def test_a_wrong_row_is_named_and_rebuilt(firm):
    firm.issued(price="10")
    with at(now() - dt.timedelta(days=70)):
        firm.issued(price="20", customer=firm.b, by=firm.chen)
    SalesDay.update(net=SalesDay.net + 1).where(SalesDay.customer == firm.a.id).execute()
    SalesItem.delete().where(SalesItem.customer == firm.b.id).execute()
    assert len(upkeep.differences()) == 2
    upkeep.rebuild()
    assert upkeep.differences() == [] and net() == 3000


def test_a_wrong_month_or_payment_is_named_and_rebuilt(firm):
    paper = firm.issued(price="10")
    Payment.receive(firm.fang, firm.a, paper.currency, 500, allocations=[(paper, 500)])
    for cls, *_ in (*sales.TABLES, (PaidPart,)):
        amount = cls.amount if cls is PaidPart else cls.net
        cls.update({amount: amount + 1}).execute()
        assert len(upkeep.differences()) == 1, cls
        upkeep.rebuild()
        assert upkeep.differences() == [], cls
        cls.delete().execute()
        assert len(upkeep.differences()) == 1, cls
        upkeep.fill_new() if cls in (
            sales.SalesDay,
            sales.SalesMonth,
            PaidPart,
        ) else upkeep.rebuild()
        assert upkeep.differences() == [], cls


def test_months_say_what_their_days_say(firm):
    """Whatever the days, the filters and the reader."""
    rows, dice = trading.trade(firm), random.Random(3)
    names = {SalesDay: ("net", "papers", "credits", "discount", "cost", "costed")}
    names[SalesItem] = ("lines", "net", "quantity", "cost", "costed")
    everybody = frozenset(p.customer for p in rows)
    for _ in range(150):
        first = dt.date(2023, 1, 1) + dt.timedelta(days=dice.randrange(1100))
        last = first + dt.timedelta(days=dice.choice((0, 5, 30, 31, 90, 365, 800)))
        if dice.random() < 0.5:
            first = first.replace(day=1)
        if dice.random() < 0.3:
            last = months_on(last.replace(day=1), 1) - dt.timedelta(days=1)
        by = dice.choice((firm.fang, firm.fang, firm.li, firm.wang))
        owner, category = (
            dice.choice((None, None, firm.li.id, 0)),
            dice.choice((None, None, "茶", "")),
        )
        basis = dice.choice(("invoice", "order"))
        lens = Lens(by, first, last, "CNY", basis, owner, category=category)
        by_days = lens.replace(group=everybody)
        for table, keys in (
            (SalesDay, lambda t: ()),
            (SalesDay, lambda t: (t.owner, month_of(t.day))),
            (SalesItem, lambda t: (t.product,)),
        ):
            assert lens.sums(table, names[table], keys) == by_days.sums(table, names[table], keys)


def test_an_import_counts_and_its_undoing_takes_off(firm):
    row = run(firm, put(firm, "documents", PAPERS, create_customers=True))
    assert {day.day for day in SalesDay.select()} == {dt.date(2025, 3, 1), dt.date(2025, 3, 5)}
    assert upkeep.differences() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert not SalesDay.select().exists() and upkeep.differences() == []


def test_months_follow_whose_customer_it_is(firm):
    """Whatever happened to the customers, each reader's months say what their days say."""
    dice = random.Random(5)
    both = firm._staff("Both", "both", ["sales", "finance"], None)
    names = ("net", "papers", "credits", "discount", "cost", "costed")
    ids = [firm.a.id, firm.b.id, *(Customer.enter(firm.li, name=f"客户{i}").id for i in range(3))]
    ids += [Customer.enter(firm.fang, name="Old Ltd").id]
    people = (firm.li, firm.chen, firm.wang, None)
    readers = (firm.li, firm.chen, firm.wang, firm.fang)
    imported, done = [], Counter()

    def one():
        return Customer.get_by_id(dice.choice(ids)).leading

    def issue():
        with at(now() - dt.timedelta(days=dice.randrange(100))):
            firm.issued(price=str(dice.randrange(1, 99)), customer=one(), by=both)

    def bring():
        if not imported:
            imported.append(run(firm, put(firm, "documents", PAPERS, create_customers=True)))

    def undo():
        if imported:
            Import.get_by_id(imported[0].id).undo(firm.fang)
            Import.run_waiting()
            imported.clear()

    deeds = {
        "issued": issue,
        "imported": bring,
        "undone": undo,
        "handed over": lambda: one().revise(both, owner=dice.choice(people)),
        "merged": lambda: one().merge_into(both, one()),
        "separated": lambda: Customer.get_by_id(dice.choice(ids)).separate(both),
    }
    for _ in range(90):
        name = dice.choice([*deeds, "issued", "handed over"])
        try:
            deeds[name]()
            done[name] += 1
        except Refused:
            continue
        assert sales.differences() == [], name
        for by in readers:
            lens = Lens(by, dt.date(2024, 1, 1), months_on(now().date(), 2), "CNY")
            lens = lens.replace(last=lens.last.replace(day=28))
            by_days = lens.replace(group=frozenset(c.id for c in Customer.select(Customer.id)))
            for keys in (lambda t: (), lambda t: (t.owner, month_of(t.day))):
                found = lens.sums(SalesDay, names, keys)
                assert found == by_days.sums(SalesDay, names, keys), (name, by.name)
    assert min(done[name] for name in deeds) > 1, done


def test_who_took_a_customer_over_keeps_what_an_import_brings_meanwhile(firm, monkeypatch):
    old, real = Customer.enter(firm.li, name="Old Ltd"), publishing.publish
    row = put(firm, "documents", PAPERS, create_customers=True)

    def publish(*args):
        Customer.get_by_id(old.id).revise(firm.fang, owner=firm.chen)
        real(*args)

    monkeypatch.setattr(publishing, "publish", publish)
    assert run(firm, row).state == "done"
    keepers = {month.keeper for month in sales.SalesMonth.select()}
    assert firm.chen.id in keepers and firm.li.id not in keepers and upkeep.differences() == []
