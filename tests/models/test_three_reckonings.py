"""Balance, statement and open items agree after any history, on any day."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.core.clock import at, today
from models.core.database import db
from models.core.errors import Refused
from models.documents import Document
from models.payments import Payment
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables import due_item
from models.receivables.balance import balance_of, open_items
from models.receivables.ledger import account, active_accounts
from tests.support.plain import credits_of
from tests.support.sets import fully

NOON = dt.datetime(2026, 11, 20, 4)
DAYS = st.integers(-40, 40)
STEP = st.tuples(
    st.sampled_from(
        "invoice settled credit_note ahead receive set_off allocate refund write_off "
        "void reverse wait".split()
    ),
    st.integers(0, 9),
    DAYS,
    st.integers(1, 999),
)


def day_of(days):
    return today() + dt.timedelta(days=days)


def imported(firm, kind, amount, day, due=None):
    line = {"name": "x", "quantity": 10000, "price": amount * 100, "net": amount, "tax": 0}
    return Document.enter_imported(
        firm.fang,
        kind,
        f"X{Document.select().count()}",
        firm.a,
        [{**line, "gross": amount}],
        currency="CNY",
        date=day,
        due_on=due or day,
    )


def pick(rows, n):
    rows = list(rows)
    return rows[n % len(rows)] if rows else None


def do(firm, name, n, days, amount):
    standing = Document.standing().order_by(Document.id)
    invoice = pick(standing.where(Document.kind == "invoice"), n)
    note = pick(standing.where(Document.kind == "credit_note"), n)
    payments = Payment.select().where(Payment.state == "confirmed").order_by(Payment.id)
    payment = pick(payments, n)
    if name in ("invoice", "credit_note"):
        imported(firm, name, amount, day_of(-abs(days)))
    elif name == "settled":
        paper = imported(firm, "invoice", amount, day_of(-abs(days)), day_of(days))
        Payment.enter_imported(firm.fang, paper, amount, paper.due_on)
    elif name == "ahead":
        imported(firm, ("invoice", "credit_note")[n % 2], amount, day_of(abs(days)))
    elif name == "receive":
        Payment.receive(firm.fang, firm.a, "CNY", amount, received_on=day_of(-abs(days)))
    elif name == "allocate" and payment and invoice:
        payment.allocate(firm.fang, invoice, amount)
    elif name == "set_off" and note and invoice:
        set_off(firm.fang, note, invoice, amount)
    elif name == "refund" and (source := note if n % 2 else payment):
        Refund.pay(firm.fang, source, amount, paid_on=day_of(-abs(days) // 4))
    elif name == "write_off" and invoice:
        WriteOff.ask(firm.fang, invoice, amount, "x").approve(firm.wang)
    elif name == "void" and (paper := note if n % 2 else invoice):
        paper.carry_out_void(firm.fang, "x")
    elif name == "reverse":
        row = pick([*payments, *Refund.standing()], n)
        if row:
            row.reverse(firm.fang, "x")


def check(firm, ahead):
    for since, until in ((-50, -20), (-20, 0), (-3, 30), (1, 60)):
        days = day_of(since), day_of(until)
        found = account(firm.a, "CNY", *days, afresh=True)  # raises where it does not agree
        assert found == account(firm.a, "CNY", *days)
        assert found["open"] == balance_of(firm.a, "CNY", days[1])["open"]
        active_accounts(day_of(since), day_of(until))
    assert due_item.differences() == []
    if ahead:
        return
    left = sum(row.left for row in open_items(only=Document.customer == firm.a.id))
    unused = sum(amount for _, amount in credits_of(firm.a, "CNY"))
    closing = account(firm.a, "CNY", day_of(-10), today())["closing"]
    assert balance_of(firm.a, "CNY")["balance"] == closing == left - unused


@settings(
    max_examples=fully(6, 60),
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(STEP, min_size=5, max_size=25))
def test_three_reckonings_agree(firm, steps):
    moment, ahead = NOON, False
    with db.atomic() as undone:
        for name, n, days, amount in steps:
            moment += dt.timedelta(days=n * (name == "wait"))
            ahead = ahead or name == "ahead"
            with at(moment):
                try:
                    with db.atomic():
                        do(firm, name, n, days, amount)
                except Refused:
                    pass
        with at(moment):
            check(firm, ahead)
        undone.rollback()


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_what_was_voided_before_its_day_never_counted(firm, kind):
    with at(NOON):
        imported(firm, kind, 100, day_of(30)).carry_out_void(firm.fang, "typed wrongly")
        check(firm, False)
        assert not active_accounts(day_of(-1), day_of(60))


def test_a_payment_reversed_before_its_day_never_counted(firm):
    with at(NOON):
        payment = Payment.receive(firm.fang, firm.a, "CNY", 100)
        Payment.update(received_on=day_of(30)).execute()  # as earlier versions imported them
        Payment.get_by_id(payment.id).reverse(firm.fang, "x")
        check(firm, False)


def test_a_settled_import_that_is_due_later_is_paid_by_today(firm):
    with at(NOON):
        do(firm, "settled", 0, 30, 100)
        assert Payment.get().received_on == today()
        check(firm, False)


@pytest.mark.parametrize("note", [False, True])
def test_nothing_is_refunded_before_it_was_there(firm, note):
    with at(NOON):
        source = (
            imported(firm, "credit_note", 100, day_of(-5))
            if note
            else Payment.receive(firm.fang, firm.a, "CNY", 100, received_on=day_of(-5))
        )
        with pytest.raises(Refused, match="refund_before_payment"):
            Refund.pay(firm.fang, source, 10, paid_on=day_of(-6))
        assert Refund.pay(firm.fang, source, 10, paid_on=day_of(-5)).paid_on == day_of(-5)
