"""The customer's first page says what is owed and what to do, with the act on the row."""

import datetime as dt
import re

from models.core.clock import at, now
from models.disputes import Dispute
from models.documents import Document
from models.payments import Payment
from tests.firm import KEY


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_each_currency_tells_what_is_owed_and_overdue(firm, sign_in):
    firm.issued(price="10", terms_days=0)
    firm.issued(price="100", terms_days=60)
    firm.issued(price="7", currency="EUR", terms_days=60)
    with at(now() + dt.timedelta(days=3)):
        page = sign_in(firm.anna).get("/portal/")
    assert "124.30 CNY" in words(page) and "of which overdue 11.30" in words(page)
    assert "7.91 EUR" in words(page) and "132.21" not in page.text


def test_the_one_overdue_invoice_is_paid_from_the_head(firm, sign_in):
    late = firm.issued(price="10", terms_days=0)
    with at(now() + dt.timedelta(days=3)):
        page = sign_in(firm.anna).get("/portal/")
    button = f'href="/portal/documents/{late.id}#document-paying"'
    assert "Pay 11.30 CNY overdue" in words(page) and page.text.count(button) == 2


def test_what_was_reported_as_paid_is_not_asked_for_again(firm, sign_in):
    invoice = firm.issued(price="10")
    Payment.report(firm.anna, "CNY", 1130, invoice.issued_on)
    page = sign_in(firm.anna).get("/portal/")
    assert "To be checked" in words(page) and "#document-paying" not in page.text


def test_an_order_is_confirmed_on_its_row(firm, sign_in):
    order, browser = firm.issued("order", price="10"), sign_in(firm.anna)
    form = f'action="/portal/documents/{order.id}/confirmation"'
    page = browser.get("/portal/").text
    assert form in page and 'name="name" value="Anna"' in page
    browser.post(
        f"/portal/documents/{order.id}/confirmation", data={"idempotency_key": KEY, "name": "Anna"}
    )
    assert Document.get_by_id(order.id).confirmed_by == "Anna"
    assert form not in browser.get("/portal/").text


def test_an_answer_to_a_dispute_waits_on_the_first_page(firm, sign_in):
    paper, browser = firm.issued(price="10"), sign_in(firm.anna)
    dispute = Dispute.raise_(
        firm.anna, customer=firm.a, document=paper, reason="price", text="too dear"
    )
    address = f'href="/portal/disputes/{dispute.id}"'
    assert address not in browser.get("/portal/").text
    dispute.explain(firm.li, "It is as agreed")
    assert address in browser.get("/portal/").text
    dispute.agree(firm.anna)
    assert address not in browser.get("/portal/").text


def test_a_customer_who_owes_nothing_is_told_so(firm, sign_in):
    assert "Nothing owed" in words(sign_in(firm.bob).get("/portal/"))


def test_the_head_asks_only_for_what_nobody_has_reported_as_paid(firm, sign_in):
    paid, late = (firm.issued(price=price, terms_days=0) for price in ("10", "20"))
    with at(now() + dt.timedelta(days=3)):
        anna = sign_in(firm.anna)
        Payment.report(firm.anna, "CNY", 1130, paid.issued_on, "", [(paid, 1130)])
        assert "Pay 22.60 CNY overdue" in words(anna.get("/portal/"))
        Payment.report(firm.anna, "CNY", 2260, late.issued_on, "", [(late, 2260)])
        assert "CNY overdue" not in words(anna.get("/portal/"))
