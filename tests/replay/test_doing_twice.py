"""What was decided or paid twice, by two at once or by one who pressed again."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest, Delegation, Task
from models.bank.line import BankLine
from models.core.clock import today
from models.core.idempotency import IdempotencyKey
from models.core.journal import Event
from models.documents import Document
from models.operations import checks
from models.payments import Payment, paid
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from tests.firm import KEY, money
from tests.support.approvals import submitted, task
from tests.support.sets import fully
from tests.together import MANY, at_once
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled


def decisions(paper):
    request = ApprovalRequest.current(paper)
    return Task.select().where(Task.request == request, Task.state == "approved").count()


def test_archon_2113_sixteen_who_approve_at_once_are_one_approval(app, office, sign_in):
    """What was asked and what was written were two statements: both of two clicks went through.

    Sixteen browsers of the same approver; in full two hundred times."""
    browsers = [sign_in(office.wang) for _ in range(MANY)]
    for turn in range(fully(1, 200)):
        paper = submitted(office)
        path = f"/tasks/{task(paper, office.wang).id}/approval"

        def approve(i, path=path, turn=turn):
            return browsers[i].post(path, data={"idempotency_key": f"{KEY}-{turn}-{i}"}).status_code

        codes = at_once(app, approve)
        assert sorted(codes) == [303] + [409] * (MANY - 1)
        events = Event.select().where(
            Event.subject_type == "ApprovalRequest",
            Event.subject_id == ApprovalRequest.current(paper).id,
            Event.action == "approved_step",
        )
        assert decisions(paper) == 1 and events.count() <= 1
        assert ApprovalRequest.current(paper).step == 2 and checks.faults() == []


def test_umbraco_1223_an_approval_runs_what_follows_it_once(app, office, sign_in):
    """One approval fired its workflow twice: two mails, two entries.

    The last of three levels, pressed twice with the same form and once more with a new one."""
    paper = submitted(office)
    for who in (office.wang, office.fang):
        task(paper, who).approve(by=who)
    path, browser = f"/tasks/{task(paper, office.zhao).id}/approval", sign_in(office.zhao)
    keys = (KEY, KEY, f"{KEY}-2")
    codes = [browser.post(path, data={"idempotency_key": key}).status_code for key in keys]
    assert codes == [303, 303, 409] and Document.get_by_id(paper.id).state == "approved"
    told = [e.subject_type for e in Event.select().where(Event.action == "approved")]
    assert sorted(told) == ["ApprovalRequest", "Document"]
    assert Mail.select().where(Mail.template == "decided").count() <= 1 and decisions(paper) == 3


def test_purgatory_10_a_write_off_and_a_refund_are_approved_and_paid_once(app, firm, sign_in):
    """A refund that two approved at once was paid out twice."""
    paper = firm.issued(price="10")
    asked = WriteOff.ask(firm.fang, paper, 100, "x")
    browsers = [sign_in(firm.wang) for _ in range(MANY)]

    def approve(i):
        form = {"idempotency_key": f"{KEY}-{i}"}
        return browsers[i].post(f"/write-offs/{asked.id}/approval", data=form).status_code

    assert sorted(at_once(app, approve)) == [303] + [409] * (MANY - 1)
    payment, browsers = Payment.receive(firm.fang, firm.a, "CNY", 1000), None
    browsers = [sign_in(firm.fang) for _ in range(MANY)]

    def refund(i):
        form = {"amount": "10.00", "paid_on": today().isoformat(), "reference": "r"}
        form["idempotency_key"] = f"{KEY}-r{i}"
        return browsers[i].post(f"/refunds/of-payment/{payment.id}", data=form).status_code

    assert sorted(at_once(app, refund)) == [303] + [409] * (MANY - 1)
    assert Refund.select().count() == 1 and checks.faults() == []


def nobody_approves(office, paper, who, sign_in, codes=(401, 403, 404, 409)):
    asked = Task.select().join(ApprovalRequest).where(ApprovalRequest.document == paper.id)
    before = Document.get_by_id(paper.id).state
    for row in asked:
        form = {"idempotency_key": f"{KEY}-{row.id}"}
        assert sign_in(who).post(f"/tasks/{row.id}/approval", data=form).status_code in codes
    assert Document.get_by_id(paper.id).state == before and decisions(paper) == 0


@pytest.mark.parametrize(
    "case",
    ["own", "edited", "taken back", "stand-in ended", "stand-in switched off", "stand-in own"],
)
def test_purgatory_10_who_may_not_approve_any_more_does_not(office, sign_in, case):
    """Who had asked for a refund approved it: nobody compared the two.

    Nor after the paper was changed or taken back, nor by who stood in and does no longer: what was
    handed over stays with the stand-in, what comes after the end does not."""
    paper, who = submitted(office), office.wang
    if case == "own":
        Document.update(owner=office.wang).where(Document.id == paper.id).execute()
    elif case in ("edited", "taken back"):
        sign_in(office.li).post(f"/documents/{paper.id}/recall", data={"idempotency_key": KEY})
        if case == "edited":
            fresh = Document.get_by_id(paper.id)
            fresh.revise(office.li, fresh.version, [office.line("999")])
    elif case == "stand-in ended":
        row = Delegation.arrange(office.wang, office.wang, office.ma, today(), today())
        row.end(office.wang)
        paper, who = submitted(office), office.ma
    elif case == "stand-in switched off":
        Delegation.arrange(office.wang, office.wang, office.ma, today(), today())
        office.ma.disable(by=office.ada)
        who = office.ma
    else:
        Delegation.arrange(office.wang, office.wang, office.li, today(), today())
        who = office.li
    nobody_approves(office, paper, who, sign_in)


# Money
# ------------------------------------------------------------------------------------------------


def test_hmis_23833_the_same_form_sixteen_times_is_one_payment(app, firm, sign_in):
    """Three real payments were booked twice by a second press of the button."""
    invoice = firm.issued(price="100")
    form = {
        "customer": firm.a.id,
        "currency": "CNY",
        "amount": "50",
        f"part-{invoice.id}": "50",
        "idempotency_key": KEY,
    }
    browsers = [sign_in(firm.fang) for _ in range(MANY)]
    found = at_once(app, lambda i: browsers[i].post("/payments/", data=form))
    assert [(answer.status_code, answer.location) for answer in found] == [
        (303, f"/payments/{Payment.get().id}")
    ] * MANY
    assert Payment.select().count() == 1 and paid(invoice) == money("50")
    assert IdempotencyKey.select().count() == 1 and checks.faults() == []


@pytest.mark.asvs("2.2.3", "2.3.4", "15.4.2")
def test_hmis_23833_two_forms_that_pay_the_same_invoice_never_overpay_it(app, firm, sign_in):
    """A lock on the row, held in two short transactions, did not close it."""
    invoice = firm.issued(price="100")
    form = {"customer": firm.a.id, "currency": "CNY", "amount": "100", f"part-{invoice.id}": "100"}
    browsers = [sign_in(firm.fang) for _ in range(MANY)]
    found = at_once(
        app,
        lambda i: browsers[i].post("/payments/", data={**form, "idempotency_key": f"{KEY}-{i}"}),
    )
    assert sorted(answer.status_code for answer in found) == [303] + [409] * (MANY - 1)
    assert paid(invoice) == money("100") and Payment.select().count() == 1


def test_chainvoice_202_the_same_invoice_twice_in_a_payment_is_paid_once(firm, sign_in):
    """A list `[N, N]` was looked through before any of it was marked as paid: it was paid twice."""
    paper = firm.issued(price="100")
    form = {"customer": str(firm.a.id), "currency": "CNY", "amount": "226.00", "keep": "1"}
    form |= {f"part-{paper.id}": ["113.00", "113.00"], "idempotency_key": KEY}
    sign_in(firm.fang).post("/payments/", data=form)
    assert paid(paper) <= money("113") and checks.faults() == []


@pytest.mark.parametrize("endpoint", ["bank_lines.book_certain", "statements.remind"])
def test_chainvoice_202_an_id_twice_in_a_list_is_one_deed(app, firm, sign_in, endpoint):
    """Lists of bank lines and of statements, each id three times over."""
    who, path, fields, _strangers = CASES[endpoint](firm)
    queued = Mail.select().count()
    form = filled({**fields, "ids": fields["ids"] * 3})
    assert sign_in(getattr(firm, who)).post(path, data=form).status_code == 303
    if endpoint == "bank_lines.book_certain":
        assert Payment.select().count() == 1 and BankLine.get().state == "booked"
    else:
        assert Mail.select().count() - queued == 1
    assert checks.faults() == []


def test_chainvoice_202_papers_twice_in_a_list_are_issued_once(firm, sign_in, quick_paper):
    """And invoices to issue."""
    papers = [firm.approved(price="10") for _ in range(2)]
    ids = [str(paper.id) for paper in papers] * 2
    form = {"act": "issue", "ids": ids, "idempotency_key": KEY}
    assert sign_in(firm.li).post("/documents/bulk", data=form).status_code == 303
    assert sorted(Document.get_by_id(p.id).series_position for p in papers) == [1, 2]
    assert Event.select().where(Event.action == "issued").count() == 2
