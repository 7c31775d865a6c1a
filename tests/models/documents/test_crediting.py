"""A credit note gives back at most what remains of its invoice."""

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.core.errors import Refused
from models.documents import Document

WAYS_ABOVE = {
    "price": lambda firm, line: ([firm.line("100.01", source=line)], {}),
    "quantity without source": lambda firm, line: ([firm.line("100", "1.5")], {}),
    "added line": lambda firm, line: ([firm.line("100", source=line), firm.line("0.01")], {}),
    "higher tax": lambda firm, line: ([firm.line("100", source=line, rate=1400)], {}),
    "document discount taken off": lambda firm, line: ([firm.line("112", source=line)], {}),
    "tax tick": lambda firm, line: (
        [firm.line("113.01", source=line)],
        {"prices_include_tax": True},
    ),
}


def credit(firm, invoice, lines, **head):
    note = invoice.convert(firm.li, "credit_note")
    note.revise(firm.li, note.version, lines, **head)
    return Document.get_by_id(note.id)


def part(firm, invoice, price):
    """A credit note of one line over the price, which takes nothing of the invoice's quantity."""
    return Document.draft(
        firm.li, "credit_note", firm.a, [firm.line(price)], source=invoice, owner=firm.li
    )


def issue(firm, note):
    note.submit(by=firm.li)
    firm.approve_all(note)
    note = Document.get_by_id(note.id)
    note.issue(by=firm.li)
    return Document.get_by_id(note.id)


@pytest.mark.parametrize("way", WAYS_ABOVE)
def test_no_way_leads_above_the_invoice(firm, way):
    invoice = firm.issued(price="100")
    lines, head = WAYS_ABOVE[way](firm, invoice.ordered_lines()[0].id)
    note = credit(firm, invoice, lines, **head)
    with pytest.raises(Refused, match="credit_over_invoice") as refused:
        note.submit(by=firm.li)
    assert refused.value.facts == {"number": invoice.number, "left": "113.00 CNY"}
    assert Document.get_by_id(note.id).state == "draft"


def test_the_sum_of_all_credit_notes_stays_within_the_invoice(firm):
    invoice = firm.issued(price="100")
    issue(firm, part(firm, invoice, "60"))
    with pytest.raises(Refused) as refused:
        part(firm, invoice, "50").submit(by=firm.li)
    assert refused.value.facts["left"] == "45.20 CNY"
    second = part(firm, invoice, "40")
    second.submit(by=firm.li)  # as good as given out
    with pytest.raises(Refused, match="credit_over_invoice"):
        part(firm, invoice, "0.01").submit(by=firm.li)
    firm.approve_all(second)
    Document.get_by_id(second.id).issue(by=firm.li)
    assert Document.get_by_id(invoice.id).left_to_credit() == 0


@pytest.mark.asvs("2.2.3", "2.3.4")
def test_of_two_approved_at_once_only_what_remains_is_issued(firm, monkeypatch):
    invoice = firm.issued(price="100")
    with monkeypatch.context() as patched:  # both were submitted by an earlier version
        patched.setattr(Document, "check_credit_to_submit", lambda self: None)
        first, second = [part(firm, invoice, "60") for _ in range(2)]
        for note in (first, second):
            note.submit(by=firm.li)
            firm.approve_all(note)
    Document.get_by_id(first.id).issue(by=firm.li)
    with pytest.raises(Refused, match="credit_over_invoice"):
        Document.get_by_id(second.id).issue(by=firm.li)
    assert Document.get_by_id(second.id).number is None


def test_a_voided_credit_note_gives_its_amount_back(firm):
    invoice = firm.issued(price="100")
    note = issue(firm, part(firm, invoice, "100"))
    assert invoice.left_to_credit() == 0
    note.carry_out_void(firm.fang, "typed wrongly")
    assert invoice.left_to_credit() == 11300


def test_a_credit_note_keeps_the_currency_of_its_invoice(firm):
    invoice = firm.issued(price="100")
    note = credit(firm, invoice, None, currency="EUR")
    with pytest.raises(Refused, match="other_currency"):
        note.submit(by=firm.li)


def test_a_copied_credit_note_stays_with_its_invoice(firm):
    note = issue(firm, part(firm, firm.issued(price="100"), "100"))
    with pytest.raises(Refused, match="credit_over_invoice"):
        note.copy(firm.li).submit(by=firm.li)


def test_a_credit_note_is_not_negative(firm):
    invoice = firm.issued(price="100")
    with pytest.raises(Refused, match="negative_total"):
        part(firm, invoice, "-1").submit(by=firm.li)


def test_credit_above_its_invoice_has_an_approval_of_its_own_and_says_so(firm, sign_in):
    ApprovalFlow.define(
        firm.ada, "credit_note", steps=["manager"], conditions={"beyond_invoice": True}, name="G"
    )
    invoice = firm.issued(price="1")
    note = part(firm, invoice, "2")
    page = sign_in(firm.li).get(f"/documents/{note.id}").text
    assert "credit above its invoice" in page
    note.submit(by=firm.li)
    request = ApprovalRequest.current(note)
    assert request.flow.name == "G"
    assert [t.user for t in request.tasks.where(Task.state == "open")] == [firm.wang]
    firm.approve_all(note)
    Document.get_by_id(note.id).issue(by=firm.li)
    within = part(firm, firm.issued(price="1"), "1")
    within.submit(by=firm.li)
    assert ApprovalRequest.current(within).flow.name != "G"


def test_a_flow_that_asks_nobody_does_not_let_credit_exceed(firm):
    ApprovalFlow.define(firm.ada, "credit_note", conditions={"beyond_invoice": True})
    with pytest.raises(Refused, match="credit_over_invoice"):
        part(firm, firm.issued(price="1"), "2").submit(by=firm.li)
