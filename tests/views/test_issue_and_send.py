"""Issue and send is one act on one page; what equals its approved source comes there at once."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow
from models.documents import Document
from tests.firm import KEY
from tests.support.forms import Forms


def fields(paper, *contacts, **more):
    return {
        "contacts": [contact.id for contact in contacts],
        "seen": paper.day_to_print().isoformat(),
        "shown_number": paper.number_to_come(),
        "and_send": "1",
        "idempotency_key": KEY,
        **more,
    }


def test_one_look_shows_number_receivers_sender_subject_and_text(firm, sign_in):
    firm.anna.revise(firm.li, language="en")
    paper = firm.approved(price="1000", contact=firm.anna)
    page = sign_in(firm.li).get(f"/documents/{paper.id}/issue").text
    number = paper.number_to_come()
    for words in (
        number,
        "anna@a.test",
        "(李销售)",
        "li@firm.test",
        "1,130.00 CNY due",
        "Kind regards",
    ):
        assert words in page
    assert not Mail.about(paper).exists() and Document.get_fresh(paper).state == "approved"


def test_one_press_issues_and_sends(firm, sign_in):
    paper = firm.approved(price="1000")
    path = f"/documents/{paper.id}/issue"
    answer = sign_in(firm.li).post(path, data=fields(paper, firm.anna, subject="", message=""))
    assert answer.status_code == 303
    paper = Document.get_fresh(paper)
    assert paper.state == "issued" and [m.recipient for m in Mail.about(paper)] == ["anna@a.test"]
    assert [e.action for e in paper.events][-2:] == ["issued", "sent"]


def test_issue_only_stays(firm, sign_in):
    paper = firm.approved(price="1000")
    data = fields(paper, firm.anna)
    del data["and_send"]
    assert sign_in(firm.li).post(f"/documents/{paper.id}/issue", data=data).status_code == 303
    assert Document.get_fresh(paper).state == "issued" and not Mail.about(paper).exists()


def test_without_a_receiver_nothing_is_issued_and_what_was_typed_stays(firm, sign_in):
    paper = firm.approved(price="1000")
    data = fields(paper, subject="Mit Gruß", message="Bald mehr")
    answer = sign_in(firm.li).post(f"/documents/{paper.id}/issue", data=data)
    assert answer.status_code == 409 and Document.get_fresh(paper).state == "approved"
    assert "Mit Gruß" in answer.text and "Bald mehr" in answer.text


def test_a_corrected_text_goes_to_all_and_names_the_number_that_was_drawn(firm, sign_in):
    paper, other = firm.approved(price="1000"), firm.approved(price="5")
    shown = paper.number_to_come()
    data = fields(paper, firm.anna, subject=f"{shown} for you", message=f"Here is {shown}.")
    other.issue(by=firm.li)
    sign_in(firm.li).post(f"/documents/{paper.id}/issue", data=data)
    context = Mail.about(paper).get().context
    assert Document.get_fresh(paper).number != shown
    assert context["subject"] == f"{Document.get_fresh(paper).number} for you"
    assert context["message"] == f"Here is {Document.get_fresh(paper).number}."


def test_the_text_left_as_it_came_goes_in_the_language_of_each(firm, sign_in):
    firm.amin.revise(firm.li, sees_company=True, language="en")
    paper = firm.approved(price="1000", contact=firm.anna)
    browser = sign_in(firm.li)
    path = f"/documents/{paper.id}/issue"
    controls = dict(Forms(path, browser.get(path).text).found)[path]
    words = {c.name: c.value for c in controls if c.name in ("subject", "message")}
    assert "INV-" in words["subject"] and "李销售" in words["message"]
    browser.post(path, data=fields(paper, firm.anna, firm.amin, **words))
    texts = {m.recipient: m.compose() for m in Mail.about(paper)}
    assert (
        "发票" in texts["anna@a.test"]["Subject"] and "Invoice" in texts["amin@a.test"]["Subject"]
    )


@pytest.fixture
def order(firm):
    """An issued order that the manager approved, in a firm that asks nobody about its equals."""
    for kind in ("order", "invoice"):
        ApprovalFlow.define(firm.ada, kind, 0, ["manager"], priority=10)
    ApprovalFlow.define(firm.ada, "invoice", 0, [], priority=90, conditions={"equals_source": True})
    return firm.issued("order", price="9000", contact=firm.anna)


def test_an_invoice_that_equals_its_order_is_two_presses_away(firm, sign_in, order):
    browser = sign_in(firm.li)
    answer = browser.post(
        f"/documents/{order.id}/conversion", data={"kind": "invoice", "idempotency_key": KEY}
    )
    invoice = Document.select().where(Document.kind == "invoice").get()
    assert answer.headers["Location"] == f"/documents/{invoice.id}/issue"
    assert order.number in browser.get(answer.headers["Location"]).text
    browser.post(
        answer.headers["Location"], data=fields(invoice, firm.anna, idempotency_key=KEY + "2")
    )
    assert Document.get_fresh(invoice).state == "issued" and Mail.about(invoice).exists()
    (approved,) = [e for e in invoice.events if e.action == "approved"]
    assert approved.facts["reason"] == "equals_source"


def test_a_draft_that_somebody_must_approve_is_not_issued_so(firm, sign_in):
    ApprovalFlow.define(firm.ada, "invoice", 0, ["manager"], priority=10)
    paper = firm.draft(price="9000")
    browser = sign_in(firm.li)
    assert browser.get(f"/documents/{paper.id}/issue").status_code == 303
    answer = browser.post(f"/documents/{paper.id}/issue", data=fields(paper, firm.anna))
    assert answer.status_code == 409 and Document.get_fresh(paper).state == "draft"
