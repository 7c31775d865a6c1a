"""A draft begun for the wrong customer is made over to another, with that one's terms."""

import datetime as dt

import pytest

from models.core.clock import today
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.products.price_list import PriceList
from tests.firm import KEY


@pytest.fixture
def beta(firm):
    """A customer of Li's abroad, with a price list."""
    beta = Customer.enter(firm.li, name="Beta GmbH", code="BG", language="en", terms_days=60)
    beta.revise(firm.fang, currency="EUR")
    days = today() - dt.timedelta(days=1), today() + dt.timedelta(days=9)
    PriceList.make(firm.wang, "Export", [beta], 500, *days)
    return Customer.get_by_id(beta.id)


def of_pens(firm, **more):
    return firm.line("12.5", product=firm.pen.id, **more)


def test_its_terms_follow_and_what_was_typed_stays(firm, beta):
    lines = [of_pens(firm), of_pens(firm, discount=700), firm.line("99")]
    draft = Document.draft(firm.li, "invoice", firm.a, lines, contact=firm.anna, reference="PO 7")
    draft.revise(firm.li, draft.version, customer=beta)
    draft = Document.get_by_id(draft.id)
    assert (draft.customer, draft.contact, draft.reference) == (beta, None, "PO 7")
    assert (draft.currency, draft.language, draft.terms_days) == ("EUR", "en", 60)
    rows = draft.ordered_lines()
    assert [line.discount for line in rows] == [500, 700, 0]
    assert [line.price for line in rows] == [125000, 125000, 990000]
    changed = draft.events[-1].facts["changed"]
    assert {"customer", "contact", "currency", "language", "terms_days", "lines"} <= set(changed)


def test_an_approval_ends_with_the_customer(firm, beta):
    approved = firm.approved()
    approved.revise(firm.li, approved.version, customer=beta)
    assert Document.get_by_id(approved.id).state == "draft"


def test_what_was_made_from_another_document_stays_with_its_customer(firm, beta):
    invoice = firm.issued("order").convert(firm.li, "invoice")
    with pytest.raises(Refused, match="customer_of_source"):
        invoice.revise(firm.li, invoice.version, customer=beta)
    assert Document.get_by_id(invoice.id).customer == firm.a


def test_nobody_makes_it_over_to_a_customer_of_others(firm, sign_in):
    draft = firm.draft()
    sent = saved(sign_in(firm.li), draft, customer=firm.b.id)
    assert sent.status_code == 404 and Document.get_by_id(draft.id).customer == firm.a


def saved(browser, draft, **more):
    data = {
        "idempotency_key": f"{KEY}-{draft.id}",
        "version": draft.version,
        "terms_days": draft.terms_days,
        "currency": draft.currency,
        "language": draft.language,
        "discount": "0",
        **more,
    }
    return browser.post(f"/documents/{draft.id}/edit", data=data)


def test_the_page_offers_it_and_says_what_changed(firm, beta, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    page = browser.get(f"/documents/{draft.id}/edit").text
    assert "asks=customer" in page and 'name="customer"' not in page
    assert "Beta GmbH" in browser.get(f"/documents/{draft.id}/edit?asks=customer").text
    answer = saved(browser, draft, customer=beta.id)
    assert answer.location == f"/documents/{draft.id}/edit"
    page = browser.get(answer.location).text
    assert "Beta GmbH" in page and "CNY → EUR" in page and "30 → 60" in page
    made = firm.issued("order").convert(firm.li, "invoice")
    assert "asks=customer" not in browser.get(f"/documents/{made.id}/edit").text
    refused = saved(browser, made, customer=beta.id)
    assert refused.status_code == 409 and "stays with its customer" in refused.text
