"""Levels, holds, promises and the run: who is asked for how much, who is left out and why, each
level once."""

import datetime as dt

import pytest

from models import dunning
from models.company import Company
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Hold, Promise, Reminder, ReminderLevel
from models.dunning import issue as issuing
from models.operations import checks
from models.payments import Payment, open_balance
from tests.firm import money


def later(days):
    return at(now() + dt.timedelta(days=days))


@pytest.fixture
def invoice(firm):
    return firm.issued(price="1000")  # 1,130.00, due in 30 days


def pay(firm, invoice, amount):
    return Payment.receive(
        firm.fang, invoice.customer, invoice.currency, amount, allocations=[(invoice, amount)]
    )


def plan(customer=None):
    return next(p for p in dunning.preview() if customer is None or p.customer == customer)


def level(days):
    return ReminderLevel.get(ReminderLevel.days == days)


def test_the_preview_is_what_is_sent(firm, invoice):
    other = firm.issued(price="10", customer=firm.b, by=firm.chen)
    with later(32):
        plans = dunning.preview()
        assert [
            (p.customer, p.total, p.level.days, [c.name for c in p.contacts]) for p in plans
        ] == [(firm.b, other.total, 1, ["Bob"]), (firm.a, invoice.total, 1, ["Anna"])]
        made = dunning.run_due()
        assert sorted((r.customer_id, r.total, r.level.days) for r in made) == sorted(
            (p.customer.id, p.total, p.level.days) for p in plans
        )
        assert [p.skipped for p in dunning.preview()] == ["had_today", "had_today"]
    with later(33):
        assert [(p.skipped, p.next_on) for p in dunning.preview()] == [
            ("had_level", invoice.due_on + dt.timedelta(days=7))
        ] * 2
        assert dunning.run_due() == []


def test_levels_are_climbed_one_by_one_also_after_missed_days(firm, invoice):
    """The first letter ever is of the first level after the due date, and none says that we have
    written before unless we have; the days between two levels are kept."""
    found = {}
    for late in [*range(20, 50), 90]:
        with later(30 + late):
            found.update((late, letter.level.days) for letter in dunning.run_due())
            assert dunning.run_due() == []
    assert found == {20: 1, 26: 7, 33: 14, 49: 30}


def test_a_level_missed_later_on_is_not_left_out(firm, invoice):
    found = {}
    for late in (-3, 1, 20, 21, 26, 27, 28, 60):
        with later(30 + late):
            found.update((late, letter.level.days) for letter in dunning.run_due())
    assert found == {-3: -3, 1: 1, 20: 7, 27: 14, 60: 30}


def test_a_notice_before_the_due_date_is_not_made_up_for_afterwards(firm, invoice):
    for x in ReminderLevel.ladder()[1:]:
        x.revise(firm.fang, active=False)
    with later(30):
        assert plan().level.days == -3
    with later(31):
        assert plan().skipped == "had_level" and dunning.run_due() == []


def test_the_letter_says_what_its_level_says_in_the_customers_language(firm, invoice):
    level(1).revise(
        firm.fang, title_zh="第一次", text_zh="{customer} 共欠 {total} {currency}", copy_owner=True
    )
    with later(32):
        (letter,) = dunning.run_due()
    assert (
        letter.snapshot["title"] == "第一次"
        and letter.snapshot["text"] == "北京甲公司 共欠 1,130.00 CNY"
    )
    assert letter.pdf_bytes().startswith(b"%PDF")
    mails = {m.recipient: m for m in letter.mails()}
    assert set(mails) == {"anna@a.test", "li@firm.test"}
    assert mails["li@firm.test"].context["copy_of"] == "北京甲公司" and mails[
        "li@firm.test"
    ].context["link"].endswith(f"/reminders/{letter.id}")
    assert checks.faults() == []


def test_interest_by_its_rule_on_what_is_overdue_and_asked(firm, invoice):
    level(1).revise(firm.fang, interest=500)
    firm.issued(price="100", terms_days=105)
    complaint = Dispute.raise_(
        firm.anna,
        customer=firm.a,
        document=invoice,
        amount=money("130"),
        reason="price",
        text="贵了",
    )
    with later(30 + 73):
        (letter,) = dunning.run_due()
    # 1,000.00 × 5 % × 73 / 365 = 10.00; the invoice that is not yet due bears none
    assert (letter.total, letter.interest, letter.snapshot["to_pay"]) == (
        money("1113"),
        money("10"),
        money("1123"),
    )
    assert letter.snapshot["items"][0]["held"] == complaint.amount
    assert "壹仟壹佰贰拾叁元整" in letter.snapshot["words"]


def test_a_dispute_holds_exactly_its_amount_and_resumes(firm, invoice):
    row = Dispute.raise_(
        firm.anna,
        customer=firm.a,
        document=invoice,
        amount=money("130"),
        reason="price",
        text="贵了",
    )
    with later(32):
        assert plan().total == money("1000") and dunning.amount_on_hold(invoice) == money("130")
        row.explain(firm.li, "按合同")
        assert plan().total == money("1130") and dunning.amount_on_hold(invoice) == 0
        Dispute.get_by_id(row.id).disagree(firm.anna, "不")
        assert plan().total == money("1000")


def test_a_dispute_over_all_keeps_the_letter_back_until_it_is_answered(firm, invoice):
    row = Dispute.raise_(firm.anna, customer=firm.a, document=invoice, reason="price", text="贵了")
    with later(50):
        assert plan().skipped == "held" and dunning.run_due() == []
        row.explain(firm.li, "按合同")
        assert dunning.run_due()[0].level.days == 1


def test_a_dispute_holds_no_more_than_is_open(firm, invoice):
    Dispute.raise_(firm.anna, customer=firm.a, document=invoice, reason="price", text="贵了")
    pay(firm, invoice, money("1100"))
    assert dunning.amount_on_hold(invoice) == money("30")
    pay(firm, invoice, money("30"))
    assert dunning.amount_on_hold(invoice) == 0


def test_a_promise_holds_its_amount_until_its_day_and_less_what_was_paid(firm, invoice):
    with later(32):
        row = Promise.give(firm.anna, invoice, money("1000"), today() + dt.timedelta(days=5))
        assert plan().total == money("130") and row.state == "live"
        pay(firm, invoice, money("400"))
        assert dunning.amount_on_hold(invoice) == money("600") and plan().total == money("130")
    with later(37):
        assert dunning.amount_on_hold(invoice) == money("600"), "its day counts"
    with later(38):
        assert (
            dunning.amount_on_hold(invoice) == 0
            and plan().total == money("730")
            and Promise.get().state == "broken"
        )
        pay(firm, invoice, money("600"))
        assert Promise.get().state == "kept"


def test_a_contact_may_not_promise_for_ever(firm, invoice):
    with later(32):
        for day, amount, code in (
            (-1, 100, "day_in_past"),
            (61, 100, "promise_too_far"),
            (5, 0, "amount_positive"),
            (5, 113001, "more_than_open"),
        ):
            with pytest.raises(Refused) as no:
                Promise.give(firm.anna, invoice, amount, today() + dt.timedelta(days=day))
            assert no.value.code == code
        Promise.give(firm.anna, invoice, 100, today() + dt.timedelta(days=1))
        with pytest.raises(Refused) as no:
            Promise.give(firm.anna, invoice, 100, today() + dt.timedelta(days=9))
        assert no.value.code == "promise_live"
        for stranger in (firm.bob, firm.amin, firm.chen):
            with pytest.raises(Forbidden if stranger == firm.chen else Refused):
                Promise.give(stranger, invoice, 100, today())
        with pytest.raises(Forbidden):
            Promise.give(firm.zhao, invoice, 100, today())
    with later(40):
        with pytest.raises(Refused) as no:
            Promise.give(firm.anna, invoice, 100, today() + dt.timedelta(days=1))
        assert no.value.code == "promise_broken"
        Promise.give(firm.li, invoice, 100, today() + dt.timedelta(days=90), "电话里说的")
        Promise.select().order_by(Promise.id.desc()).get().cancel(firm.fang)
        assert dunning.amount_on_hold(invoice) == 0 and checks.faults() == []


def test_a_reported_payment_holds_exactly_its_amount_until_it_is_confirmed_or_declined(
    firm, invoice
):
    with later(32):
        one = Payment.report(
            firm.anna, "CNY", money("500"), today(), wanted=[(invoice, money("500"))]
        )
        assert dunning.amount_on_hold(invoice) == money(
            "500"
        ) and plan().total == invoice.total - money("500")
        one.decline(firm.fang, "未到账")
        assert dunning.amount_on_hold(invoice) == 0
        Payment.report(firm.anna, "CNY", invoice.total, today(), wanted=[(invoice, invoice.total)])
        assert plan().skipped == "held" and dunning.run_due() == []


def test_a_hold_on_the_customer_stops_all_until_its_day_and_resumes(firm, invoice):
    with later(32):
        row = Hold.place(firm.li, firm.a, reason="agreement", until=today() + dt.timedelta(days=3))
        assert plan().skipped == "on_hold" and plan().hold == row and dunning.run_due() == []
        assert dunning.amount_on_hold(invoice) == invoice.total
    with later(36):
        assert dunning.amount_on_hold(invoice) == 0 and len(dunning.run_due()) == 1


def test_a_hold_on_one_invoice_leaves_the_others(firm, invoice):
    other = firm.issued(price="10")
    with later(32):
        row = Hold.place(firm.li, firm.a, invoice=invoice, reason="clarifying", until=today())
        assert [i.invoice for i in plan().claimed] == [other] and plan().total == other.total
        row.lift(firm.li)
        assert plan().total == other.total + invoice.total
        with pytest.raises(Refused):
            row.lift(firm.li)


def test_who_may_hold(firm, invoice):
    with pytest.raises(Forbidden):
        Hold.place(firm.zhao, firm.a, reason="other", until=today())
    for by, customer, more in (
        (firm.chen, firm.a, {}),
        (firm.li, firm.a, {"until": today() - dt.timedelta(days=1)}),
        (firm.li, firm.a, {"reason": "love"}),
        (firm.fang, firm.b, {"invoice": invoice}),
    ):
        with pytest.raises(Forbidden if by == firm.chen else Refused):
            Hold.place(by, customer, **{"reason": "other", "until": today(), **more})
    assert not Hold.select().exists()


def test_the_balance_is_that_of_the_moment_of_sending(firm, invoice):
    with later(32):
        seen = plan()
        pay(firm, invoice, money("130"))
        letter = dunning.remind(seen.customer.id, seen.currency)
        assert letter.total == money("1000")
        assert dunning.remind(seen.customer.id, seen.currency) is None
    with later(38):
        pay(firm, invoice, money("1000"))
        assert (
            dunning.remind(seen.customer.id, seen.currency) is None
            and Reminder.select().count() == 1
        )


def test_two_currencies_are_two_letters(firm, invoice):
    firm.issued(price="10", currency="USD")
    with later(32):
        assert sorted((r.currency, r.total) for r in dunning.run_due()) == [
            ("CNY", 113000),
            ("USD", 1130),
        ]


def test_only_the_chosen_are_sent(firm, invoice):
    firm.issued(price="10", customer=firm.b, by=firm.chen)
    with later(32):
        assert [r.customer for r in dunning.run_due(only={(firm.b.id, "CNY")})] == [firm.b]
        assert [r.customer for r in dunning.run_due()] == [firm.a]


def test_a_level_moved_to_another_day_is_not_sent_twice(firm, invoice):
    with later(32):
        dunning.run_due()
    level(1).revise(firm.fang, days=3)
    with later(34):
        assert dunning.run_due() == []
    level(7).revise(firm.fang, active=False)
    ReminderLevel.enter(
        firm.fang, days=10, title_zh="二", title_en="2", text_zh="付", text_en="pay"
    )
    with later(37):
        assert dunning.run_due() == []
    with later(40):
        assert dunning.run_due()[0].level.days == 10


def test_without_levels_nobody_is_reminded(firm, invoice):
    for x in ReminderLevel.ladder():
        x.revise(firm.fang, active=False)
    with later(90):
        assert dunning.preview() == [] and dunning.run_due() == []


def test_one_that_fails_leaves_the_others(firm, invoice, monkeypatch):
    firm.issued(price="10", customer=firm.b, by=firm.chen)
    real = issuing._content
    monkeypatch.setattr(
        issuing,
        "_content",
        lambda plan, *a: 1 / 0 if plan.customer.name == "Beta Ltd" else real(plan, *a),
    )
    with later(32):
        failed = []
        assert [r.customer for r in dunning.run_due(failed=failed)] == [firm.a] and [
            c for c, _ in failed
        ] == [firm.b]
        with pytest.raises(ZeroDivisionError):
            dunning.run_due()
        monkeypatch.undo()
        assert [r.customer for r in dunning.run_due()] == [firm.b] and checks.faults() == []


def test_the_clock_waits_for_the_firms_hour_and_for_a_firm_that_sends_by_hand(firm, invoice):
    early, late = (
        dt.datetime.combine(today() + dt.timedelta(days=33), dt.time(h)) for h in (23, 1)
    )  # 7:00 and 9:00 in Shanghai
    with at(early - dt.timedelta(days=1)):
        dunning.run_by_clock()
        assert Reminder.select().count() == 0
    Company.current().revise(firm.ada, settings={"reminders_automatic": False})
    with at(late):
        dunning.run_by_clock()
        assert Reminder.select().count() == 0
        Company.current().revise(firm.ada, settings={"reminders_automatic": True})
        dunning.run_by_clock(), dunning.run_by_clock()
        assert Reminder.select().count() == 1


def test_what_the_plan_calls_open_is_what_the_invoice_calls_open(firm, monkeypatch):
    """The plan asks for all balances in one query; it must never differ from the invoice's own
    reckoning."""
    from models.dunning import plan as plans
    from tests.models.documents.test_life import firm_issue

    papers = [
        firm.issued(price="100", quantity="3", customer=c, by=by)
        for c, by in ((firm.a, firm.li), (firm.b, firm.chen))
        for _ in range(4)
    ]
    pay(firm, papers[0], 100)
    pay(firm, papers[1], papers[1].total)
    pay(firm, papers[5], 70).reverse(firm.fang, "bounced")
    firm_issue(firm, papers[2].convert(firm.li, "credit_note"))
    firm_issue(firm, papers[6].convert(firm.chen, "credit_note"))
    papers[7].void(firm.fang, "x")
    with later(32):
        found = {i.invoice.id: i.open for p in dunning.preview() for i in p.items}
        monkeypatch.setattr(plans, "MOST_AT_ONCE", 1)
        assert {i.invoice.id: i.open for p in dunning.preview() for i in p.items} == found, (
            "in parts or at once"
        )
    fresh = {p.id: open_balance(Document.get_by_id(p.id)) for p in papers}
    assert found == {ident: left for ident, left in fresh.items() if left > 0} and len(found) == 4
