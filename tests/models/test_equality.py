"""What equals its approved source needs nobody a second time; whatever differs does."""

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest
from models.core.journal import Event
from models.documents import Document


@pytest.fixture
def order(firm):
    """An issued order that the manager approved, and a flow for its equals."""
    for kind in ("order", "invoice"):
        ApprovalFlow.define(firm.ada, kind, 0, ["manager"], priority=10)
        ApprovalFlow.define(firm.ada, kind, 0, [], priority=90, conditions={"equals_source": True})
    return firm.issued("order", quantity="4")


def submitted(document, by):
    document.submit(by=by)
    return Document.get_by_id(document.id)


def line(document, **changed):
    data = {
        name: document.ordered_lines()[0].__data__[name]
        for name in ("name", "unit", "quantity", "price", "discount", "tax_rate", "source")
    }
    return {**data, **changed}


def test_an_equal_invoice_is_approved_at_once_and_the_journal_names_the_order(firm, order):
    invoice = submitted(order.convert(firm.li, "invoice"), firm.li)
    assert invoice.state == "approved"
    facts = [
        e.facts
        for e in Event.select().order_by(Event.id)
        if e.action == "approved" and e.subject_type == "Document"
    ]
    assert [(f["reason"], f.get("number")) for f in facts] == [
        ("approvers", None),
        ("equals_source", order.number),
    ]
    invoice.issue(by=firm.li)
    assert Document.get_by_id(invoice.id).state == "issued"


@pytest.mark.parametrize(
    "data, changed",
    [
        ({}, {"price": 9900}),
        ({}, {"quantity": 30000}),
        ({}, {"discount": 100}),
        ({}, {"name": "Another"}),
        ({}, {"unit": "box"}),
        ({}, {"source": None}),
        ({"terms_days": 90}, {}),
        ({"discount": 50}, {}),
        ({"prices_include_tax": True}, {}),
    ],
)
def test_what_differs_is_asked_again(firm, order, data, changed):
    invoice = order.convert(firm.li, "invoice")
    invoice.revise(firm.li, invoice.version, [line(invoice, **changed)], **data)
    assert submitted(Document.get_by_id(invoice.id), firm.li).state == "submitted"


def test_a_second_line_is_asked_again(firm, order):
    invoice = order.convert(firm.li, "invoice")
    more = line(invoice, source=None, price=1)
    invoice.revise(firm.li, invoice.version, [line(invoice), more])
    assert submitted(Document.get_by_id(invoice.id), firm.li).state == "submitted"


def test_what_nobody_approved_vouches_for_nothing(firm):
    ApprovalFlow.define(firm.ada, "order", 0, [], priority=50)
    ApprovalFlow.define(firm.ada, "invoice", 0, ["manager"], priority=10)
    ApprovalFlow.define(firm.ada, "invoice", 0, [], priority=90, conditions={"equals_source": True})
    order = firm.issued("order")
    assert submitted(order.convert(firm.li, "invoice"), firm.li).state == "submitted"


def test_a_changed_draft_loses_it_and_is_asked(firm, order):
    invoice = submitted(order.convert(firm.li, "invoice"), firm.li)
    invoice.revise(firm.li, invoice.version, [line(invoice, price=5000)])
    again = Document.get_by_id(invoice.id)
    assert again.state == "draft" and not ApprovalRequest.covers(again)
    assert submitted(again, firm.li).state == "submitted"


def test_equals_of_equals_need_nobody(firm, order):
    """quote → order → invoice: people saw the quote."""
    ApprovalFlow.define(firm.ada, "quote", 0, ["manager"], priority=10)
    quote = firm.issued("quote")
    made = submitted(quote.convert(firm.li, "order"), firm.li)
    assert made.state == "approved"
    made.issue(by=firm.li)
    invoice = Document.get_by_id(made.id).convert(firm.li, "invoice")
    assert submitted(invoice, firm.li).state == "approved"
