"""Statements: the rows lead from opening to closing, what was frozen stays, differences become
disputes, batches lose nothing."""

import datetime as dt
import io

import pypdfium2
import pytest

from models.adapters.outbox import Mail
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.disputes import Dispute
from models.documents import Document
from models.operations import checks
from models.payments import Payment, open_balance
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.balance import balance_of, open_items
from models.receivables.ledger import account
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun
from tests.models.test_receivables import take_in
from tests.support.plain import credits_of

START = dt.timedelta(days=60)


def text_of(statement):
    with pypdfium2.PdfDocument(io.BytesIO(statement.latest_pdf())) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)


@pytest.fixture
def traded(firm):
    """Before the period an invoice; in it an invoice, payments, a refund, a credit note, a
    write-off; another currency beside."""
    take_in(firm, "OLD1", 10000, 100)
    two = take_in(firm, "NEW1", 20000, 40)
    with at(now() - dt.timedelta(days=30)):
        pay = Payment.receive(
            firm.fang, firm.a, "CNY", 15000, reference="转账", allocations=[(two, 12000)]
        )
        Refund.pay(firm.fang, pay, 1000)
    take_in(firm, "CR1", 2500, 20, kind="credit_note")
    WriteOff.ask(firm.fang, two, 50, "尾差").approve(firm.wang)
    take_in(firm, "USD1", 7777, 10, currency="USD")
    return firm


def test_the_rows_lead_from_the_opening_to_the_closing_balance(traded):
    found = account(traded.a, "CNY", today() - START, today())
    assert found["opening"] == 10000
    assert [(r["kind"], r["debit"], r["credit"], r["balance"]) for r in found["rows"]] == [
        ("invoice", 20000, 0, 30000),
        ("payment", 0, 15000, 15000),
        ("refund", 1000, 0, 16000),
        ("credit_note", 0, 2500, 13500),
        ("write_off", 0, 50, 13450),
    ]
    owed = sum(i.left for i in open_items() if i.currency == "CNY")
    credit = sum(left for _, left in credits_of(traded.a, "CNY"))
    assert found["closing"] == 13450 == owed - credit == found["open"] - found["credit"]
    assert sum(found["ageing"]) == owed


def test_one_periods_closing_is_the_nexts_opening(traded):
    middle = today() - dt.timedelta(days=25)
    first = account(traded.a, "CNY", today() - START, middle)
    second = account(traded.a, "CNY", middle + dt.timedelta(days=1), today())
    assert (
        first["closing"] == second["opening"]
        and second["closing"] == balance_of(traded.a, "CNY")["balance"]
    )


def test_a_statement_is_frozen_with_words_and_ageing(traded):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    text = text_of(made)
    for piece in (made.number, "NEW1", "134.50", "人民币壹佰叁拾肆元伍角", "转账", "365"):
        assert piece in text, piece
    Payment.receive(traded.fang, traded.a, "CNY", 100)
    assert (
        Statement.get_by_id(made.id).snapshot["closing"] == 13450
        and made.pdf_bytes()
        and checks.faults() == []
    )


def test_a_newer_one_of_the_same_period_replaces_one_that_is_open(traded):
    first = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    first.send(traded.fang)
    second = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    assert Statement.get_by_id(first.id).state == "replaced" and second.state == "open"
    assert list(traded.anna.sees.statements()) == []


@pytest.mark.parametrize("differing, state", [({}, "agreed"), ({0: (1, "x")}, "differs")])
def test_a_reissued_one_replaces_what_was_answered(traded, differing, state):
    first = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    first.send(traded.fang)
    first.confirm(traded.anna, "Anna", differing=differing)
    assert Statement.get_by_id(first.id).state == state
    Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    assert Statement.get_by_id(first.id).state == "replaced"
    assert [s.id for s in traded.anna.sees.statements()] == [first.id], "what was signed stays"


def test_the_customer_agrees_and_both_marks_stand_on_the_copy(traded):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    made.send(traded.fang)
    made.confirm(traded.anna, "安娜 Anna", address="203.0.113.7")
    made = Statement.get_by_id(made.id)
    text = text_of(made)
    assert made.state == "agreed" and not Dispute.select().exists()
    for piece in ("安娜 Anna", "203.0.113.7", traded.fang.name, "全部相符"):
        assert piece in text, piece
    with pytest.raises(Refused):
        made.confirm(traded.anna, "Anna")
    assert made.events[-1].facts["paper"] == made.confirmed_pdf_sha256 and checks.faults() == []


def test_each_difference_becomes_a_dispute(traded):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    made.send(traded.fang)
    made.confirm(
        traded.anna,
        "Anna",
        {0: (19000, "单价错误"), 1: (16000, "我们付了 160")},
        missing="十一月的付款",
    )
    made = Statement.get_by_id(made.id)
    about = [
        (d.document and d.document.number, d.amount, d.contact)
        for d in Dispute.select().order_by(Dispute.id)
    ]
    assert made.state == "differs" and about == [
        ("NEW1", 1000, traded.anna),
        (None, 0, traded.anna),
        (None, 0, traded.anna),
    ]
    text = text_of(made)
    assert "单价错误" in text and "190.00" in text and "十一月的付款" in text
    assert made.marks["disputes"] == [d.id for d in Dispute.select().order_by(Dispute.id)]


def test_strangers_and_partly_sighted_contacts_do_not_confirm(traded):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    for who in (traded.anna, traded.amin, traded.bob):
        with pytest.raises(
            Forbidden
        ):  # not sent yet, not for a contact who sees only their own, not theirs
            made.confirm(who, "x")
    made.send(traded.fang)
    for who in (traded.amin, traded.bob):
        with pytest.raises(Forbidden):
            made.confirm(who, "x")
    for wrong in (
        dict(name=" "),
        dict(name="x", differing={99: (1, "x")}),
        dict(name="x", differing={0: (1, " ")}),
    ):
        with pytest.raises(Refused):
            made.confirm(traded.anna, **wrong)
    with pytest.raises(Forbidden):
        Statement.make(traded.li, traded.a, "CNY", today(), today())
    assert Statement.get_by_id(made.id).state == "open"


def test_reminding_mails_once_a_day(traded):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    made.send(traded.fang)
    made.remind(traded.fang)
    with pytest.raises(Refused):
        Statement.get_by_id(made.id).remind(traded.fang)
    assert [m.template for m in Mail.select().order_by(Mail.id)] == [
        "statement",
        "statement_reminder",
    ]
    assert [m.recipient for m in made.mails()] == ["anna@a.test"] * 2


def test_the_page_shows_for_each_mail_whether_it_arrived(traded, sign_in):
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    made.send(traded.fang)
    Mail.update(state="bounced", error="5.1.1 User unknown").execute()
    page = sign_in(traded.fang).get(f"/statements/{made.id}").get_data(as_text=True)
    assert "anna@a.test" in page and "User unknown" in page


def test_a_batch_that_was_cut_off_goes_on_where_it_stopped(traded, monkeypatch):
    take_in(traded, "B1", 500, 10, customer=traded.b, currency="EUR")
    traded.bob.revise(traded.chen, email="")
    run = StatementRun.begin(traded.fang, today() - START, today())
    assert len(run.todo) == 3 and run.claim() and not run.claim()
    whole, count = StatementRun._make_one, iter(range(9))
    monkeypatch.setattr(
        StatementRun,
        "_make_one",
        lambda self, *a: whole(self, *a) if next(count) < 1 else (_ for _ in ()).throw(SystemExit),
    )
    with pytest.raises(SystemExit):
        run.work()
    monkeypatch.setattr(StatementRun, "_make_one", whole)
    assert run.made == 1 and StatementRun.get_by_id(run.id).busy
    StatementRun.update(claimed_at=None).execute()
    StatementRun.run_waiting()
    run = StatementRun.get_by_id(run.id)
    assert (run.state, run.made, run.failures) == (
        "done",
        3,
        [[traded.b.id, "EUR", "no_recipient"]],
    )
    assert Mail.select().count() == 2 and checks.faults() == []
    StatementRun.run_waiting()
    assert Statement.select().count() == 3


def test_what_was_reversed_or_voided_stays_where_it_stood_and_is_taken_back_on_its_own_day(traded):
    """An older period's rows and closing stay as they were told, and the next one opens with
    them."""
    middle = today() - dt.timedelta(days=25)
    take_in(traded, "BAD1", 700, 28)
    payment = Payment.get(Payment.reference == "转账")
    told = account(traded.a, "CNY", today() - START, middle)
    payment.refunds.get().reverse(traded.fang, "退票")
    payment.reverse(traded.fang, "支票被退回")
    WriteOff.get(WriteOff.state == "approved").reverse(traded.fang, "客户又付了")
    Document.get(Document.number == "BAD1").void(traded.wang, "开错了")
    assert account(traded.a, "CNY", today() - START, middle) == told
    after = account(traded.a, "CNY", middle + dt.timedelta(days=1), today())
    assert after["opening"] == told["closing"]
    assert [
        (r["kind"], r["number"], r["debit"], r["credit"], r["note"]) for r in after["rows"][-4:]
    ] == [
        ("voiding", "BAD1", 0, 700, "开错了"),
        ("reversal", payment.number, 15000, 0, "支票被退回"),
        ("reversal", payment.refunds.get().number, 0, 1000, "退票"),
        ("reversal", "NEW1", 50, 0, "客户又付了"),
    ]
    assert (
        after["closing"]
        == balance_of(traded.a, "CNY")["balance"]
        == 10000 + 20000 - 2500
        == after["open"] - after["credit"]
    )
    made = Statement.make(traded.fang, traded.a, "CNY", today() - START, today())
    text = text_of(made)
    assert "冲销" in text and "支票被退回" in text and "作废" in text and "开错了" in text


def test_a_destroyed_paper_still_counts_for_what_was_owed_and_paid(traded):
    """Its content is gone, its amount is not: else an old payment would become credit, an old
    credit note an open invoice."""
    before = balance_of(traded.a, "CNY")
    paid, noted = take_in(traded, "P1", 400, 50), take_in(traded, "P2", 300, 50)
    Payment.receive(traded.fang, traded.a, "CNY", 400, allocations=[(paid, 400)])
    note = take_in(traded, "C9", 300, 40, kind="credit_note")
    set_off(traded.fang, note, noted, 300)
    Document.update(state="destroyed").where(Document.number.in_(["P1", "C9"])).execute()
    assert (
        balance_of(traded.a, "CNY") == before
        and open_balance(Document.get(Document.number == "P2")) == 0
    )
