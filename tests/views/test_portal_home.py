"""The customer's first page says what is owed and what to do, with the act on the row."""

import datetime as dt
import re

from models.company import Company
from models.core.clock import at, now
from models.disputes import Dispute
from models.documents import Document
from models.payments import Payment
from models.receivables.statement import Statement
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


def test_how_to_pay_stands_wherever_the_owed_sum_does(firm, sign_in):
    Company.current().revise(firm.ada, settings={"iban": "DE89370400440532013000"})
    first = firm.issued(price="100", currency="EUR")
    second = firm.issued(price="50", currency="EUR")
    firm.issued(price="7")
    Payment.report(firm.anna, "EUR", 1300, second.issued_on, wanted=[(second, 1300)])
    row = Statement.make(firm.fang, firm.a, "EUR", second.issued_on, second.issued_on)
    row.send(firm.fang, [firm.anna])
    anna = sign_in(firm.anna)
    for path in ("/portal/", "/portal/payments/", f"/portal/statements/{row.id}"):
        page = anna.get(path)
        way = page.text.split('id="transfer-EUR"')[1].split("</details>")[0]
        assert "156.50" in way and f"{first.number} {second.number}" in way, path
        code = re.search(r'src="(/portal/.*code\.png)"', way)[1]
        assert "DE89370400440532013000" in way and anna.get(code).data[:4] == b"\x89PNG"
        assert ('id="transfer-CNY"' in page.text) == ("statements" not in path)
    bob = sign_in(firm.bob)
    assert "Pay by transfer" not in bob.get("/portal/").text
    assert bob.get("/portal/payments/code.png").status_code == 404


def test_a_reference_names_no_more_invoices_than_a_transfer_carries(firm, sign_in):
    Company.current().revise(firm.ada, bank_name="ICBC", bank_account="6222 0200")
    for _n in range(14):
        firm.issued(price="7")
    page = sign_in(firm.anna).get("/portal/").text
    reference = page.split('id="pay-CNY-reference">')[1].split("<")[0]
    assert 100 < len(reference) <= 140 and not reference.endswith("-")


def test_of_many_unpaid_invoices_the_first_are_shown_and_all_are_linked(firm, sign_in, monkeypatch):
    monkeypatch.setattr("views.portal.home.MOST_UNPAID", 1)
    first, second = firm.issued(price="10", terms_days=1), firm.issued(price="20", terms_days=9)
    order, anna = firm.issued("order", price="10"), sign_in(firm.anna)
    page = anna.get("/portal/").text
    unpaid = page.split('id="home-unpaid"')[1].split("</section>")[0]
    assert first.number in unpaid and second.number not in unpaid and "33.90" in page
    assert "All 2 unpaid" in unpaid
    listed = anna.get(re.search(r'href="(/portal/documents/\?state=open)"', unpaid)[1]).text
    assert first.number in listed and second.number in listed and order.number not in listed
