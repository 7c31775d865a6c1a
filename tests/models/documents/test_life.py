"""From a sale to the money: every verb, refused where it must be."""

import datetime as dt

import pytest

from models import dunning
from models.adapters import blobs
from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest, Task
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.documents import Document
from models.operations import checks
from models.operations.number_book import number_book
from models.payments import Payment, open_balance
from models.receivables.balance import money_state
from tests.firm import money


def test_a_small_invoice_is_approved_at_once_with_that_reason(firm):
    paper = firm.draft(price="10")
    paper.submit(by=firm.li)
    assert Document.get_by_id(paper.id).state == "approved"
    assert paper.events.order_by(Event.id.desc()).first().facts["reason"] == "below_limit"


@pytest.mark.asvs("2.3.5")
def test_a_large_invoice_asks_the_manager_then_finance(firm):
    paper = firm.draft(price="20000")
    paper.submit(by=firm.li)
    first = ApprovalRequest.current(paper).tasks.get()
    assert first.user == firm.wang
    first.approve(by=firm.wang)
    second = ApprovalRequest.current(paper).tasks.where(Task.state == "open").get()
    assert second.user == firm.fang and Document.get_by_id(paper.id).state == "submitted"
    second.approve(by=firm.fang)
    assert Document.get_by_id(paper.id).state == "approved"


@pytest.mark.asvs("2.3.1")
def test_a_task_is_decided_once_and_only_by_its_person(firm):
    paper = firm.draft(price="20000")
    paper.submit(by=firm.li)
    task = ApprovalRequest.current(paper).tasks.get()
    with pytest.raises(Forbidden):
        task.approve(by=firm.fang)
    task.approve(by=firm.wang)
    with pytest.raises(Refused) as no:
        Task.get_by_id(task.id).approve(by=firm.wang)
    assert no.value.code == "task_closed"


def test_a_rejected_invoice_goes_back_with_its_reason_and_lines(firm):
    paper = firm.draft(price="20000")
    paper.submit(by=firm.li)
    ApprovalRequest.current(paper).tasks.get().reject(by=firm.wang, note="价格不对")
    paper = Document.get_by_id(paper.id)
    assert paper.state == "returned" and len(paper.ordered_lines()) == 1
    assert paper.events.order_by(Event.id.desc()).first().facts["reason"] == "价格不对"


def test_a_changed_line_drops_the_approval_and_an_internal_note_does_not(firm):
    paper = firm.approved(price="20000")
    paper.revise(firm.li, paper.version, internal_note="call first")
    assert Document.get_by_id(paper.id).state == "approved"
    paper.revise(firm.li, paper.version, [firm.line("1")])
    assert Document.get_by_id(paper.id).state == "draft"
    with pytest.raises(Refused):
        paper.issue(by=firm.li)


@pytest.mark.asvs("2.3.1", "16.5.3")
def test_content_changed_behind_the_approval_is_not_issued(firm):
    paper = firm.approved(price="20000")
    Document.update(total=1).where(Document.id == paper.id).execute()
    with pytest.raises(Refused) as no:
        Document.get_by_id(paper.id).issue(by=firm.li)
    assert no.value.code == "not_approved"


def test_issue_draws_numbers_without_gap_and_keeps_the_pdf(firm):
    papers = [firm.printed(price="10") for _ in range(3)]
    year = papers[0].issued_on.year
    assert [p.number for p in papers] == [f"INV-{year}-000{n}" for n in (1, 2, 3)]
    assert blobs.fetch(papers[0].pdf_sha256).startswith(b"%PDF") and checks.faults() == []


@pytest.mark.asvs("2.3.3", "16.5.3")
def test_a_failed_issue_gives_its_number_back(firm, monkeypatch):
    paper = firm.approved(price="10")
    monkeypatch.setattr(Document, "freeze", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        paper.issue(by=firm.li)
    monkeypatch.undo()
    assert firm.issued(price="10").number.endswith("0001")


def test_two_editors_get_a_conflict(firm):
    paper = firm.draft()
    mine, theirs = Document.get_by_id(paper.id), Document.get_by_id(paper.id)
    theirs.revise(firm.wang, theirs.version, [firm.line("5")])
    with pytest.raises(Refused) as no:
        mine.revise(firm.li, mine.version, [firm.line("6")])
    assert no.value.code == "version_conflict" and Document.get_by_id(paper.id).net == money("5")


def test_an_order_is_delivered_and_invoiced_by_what_remains(firm):
    order = firm.issued("order", price="10", quantity="10")
    delivery = order.convert(firm.li, "delivery_note")
    delivery.revise(
        firm.li,
        delivery.version,
        [{**firm.line("10", "4"), "source": delivery.ordered_lines()[0].source_id}],
    )
    firm_issue(firm, delivery)
    assert order.convert(firm.li, "delivery_note").ordered_lines()[0].quantity == 60000
    firm_issue(firm, order.convert(firm.li, "invoice"))
    with pytest.raises(Refused) as no:
        Document.get_by_id(delivery.id).convert(firm.li, "invoice")
    assert no.value.code == "nothing_remains"


def firm_issue(firm, paper):
    paper.submit(by=paper.owner)
    firm.approve_all(paper)
    paper = Document.get_by_id(paper.id)
    paper.issue(by=paper.owner)
    return Document.get_by_id(paper.id)


def test_a_payment_settles_and_its_reversal_opens_again(firm):
    invoice = firm.issued(price="1000")
    with pytest.raises(Refused):
        Payment.receive(
            firm.fang, firm.a, "CNY", money("2000"), allocations=[(invoice, money("2000"))]
        )
    payment = Payment.receive(
        firm.fang, firm.a, "CNY", money("2000"), allocations=[(invoice, invoice.total)]
    )
    assert open_balance(invoice) == 0 and payment.unallocated() == money("870")
    with pytest.raises(Refused):
        invoice.void(firm.fang, "wrong")
    payment.reverse(firm.fang, "bounced")
    assert open_balance(invoice) == invoice.total and checks.faults() == []


def test_a_credit_note_settles_its_invoice(firm):
    invoice = firm.issued(price="100", quantity="2")
    credit = invoice.convert(firm.li, "credit_note")
    firm_issue(firm, credit)
    assert open_balance(invoice) == 0 and money_state(invoice) == "paid"


def test_void_keeps_the_number_and_needs_a_reason(firm):
    invoice = firm.issued(price="10")
    with pytest.raises(Refused):
        invoice.void(firm.fang, " ")
    invoice.void(firm.fang, "wrong customer")
    assert number_book()[0]["gaps"] == 0 and number_book()[0]["voided"][0].number == invoice.number


def test_one_letter_per_customer_and_step_however_often_it_runs(firm):
    invoice = firm.issued(price="1000")
    with at(now() + dt.timedelta(days=32)):
        assert len(dunning.run_due()) == 1 and dunning.run_due() == []
    with at(now() + dt.timedelta(days=33)):
        assert dunning.run_due() == []
    with at(now() + dt.timedelta(days=60)):
        assert len(dunning.run_due()) == 1
    Payment.receive(firm.fang, firm.a, "CNY", invoice.total, allocations=[(invoice, invoice.total)])
    with at(now() + dt.timedelta(days=90)):
        assert dunning.run_due() == []
    assert Mail.select().where(Mail.template == "reminder").count() == 2


def test_only_own_people_confirm_and_only_once(firm):
    order = firm.issued("order", price="10")
    with pytest.raises(Forbidden):
        order.confirm(firm.bob, "Bob")
    order.confirm(firm.anna, "Anna", "127.0.0.1")
    with pytest.raises(Refused):
        Document.get_by_id(order.id).confirm(firm.anna, "Anna")


def test_verify_finds_a_changed_column_a_lost_middle_and_a_cut_tail(firm, tmp_path):
    invoice = firm.issued(price="10")
    checks.anchor(tmp_path, "k")
    assert checks.faults(tmp_path, "k") == []
    Document.update(reference="x").where(Document.id == invoice.id).execute()
    assert any(invoice.number in f for f in checks.faults(tmp_path, "k"))
    Document.update(reference="").where(Document.id == invoice.id).execute()
    last = Event.head()
    Event.delete().where(Event.id == last.id).execute()
    assert any("cut off" in f for f in checks.faults(tmp_path, "k"))
    middle = Event.select().offset(5).first()
    Event.delete().where(Event.id == middle.id).execute()
    assert any("missing" in f for f in checks.faults(tmp_path, "k"))


def test_verify_finds_a_changed_pdf(firm):
    invoice = firm.printed(price="10")
    path = blobs.path_of(invoice.pdf_sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert any(invoice.number in f for f in checks.faults())
