"""Paying: the code on the paper and on the page is what a banking app reads; links and IBANs that
are wrong are refused."""

import datetime as dt
import io

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from models import dunning, payment_details
from models.company import Company
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.payments import Payment
from models.receivables.statement import Statement
from tests.firm import KEY
from tests.support.accounts import approve_waiting, change_accounts

IBAN = "DE89370400440532013000"


def read(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.fixture
def euro(firm):
    Company.current().revise(
        firm.ada,
        legal_name="华信商贸有限公司 Huaxin Ltd",
        settings={
            "iban": payment_details.checked_iban("DE89 3704 0044 0532 0130 00"),
            "bic": "COBADEFFXXX",
            "payment_link": "https://pay.test/{number}?a={amount}&c={currency}&k={customer}",
        },
    )
    return firm


def expected(amount, number):
    return [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "华信商贸有限公司 Huaxin Ltd",
        IBAN,
        f"EUR{amount}",
        "",
        "",
        number,
    ]


def test_the_invoice_carries_a_code_that_a_decoder_reads(euro):
    invoice = euro.issued(price="100", currency="EUR")
    with pypdfium2.PdfDocument(io.BytesIO(invoice.pdf_bytes())) as paper:
        found = read(paper[0].render(scale=3).to_pil())
    transfer = next(text for text in found if text.startswith("BCD")).splitlines()
    assert transfer == expected("113", invoice.number)


def test_the_page_asks_for_what_is_still_open(euro, sign_in):
    invoice = euro.issued(price="100", currency="EUR")
    Payment.receive(euro.fang, euro.a, "EUR", 1350, allocations=[(invoice, 1350)])
    browser = sign_in(euro.anna)
    picture = Image.open(io.BytesIO(browser.get(f"/portal/payments/code/{invoice.id}.png").data))
    assert read(picture)[0].splitlines() == expected("99.5", invoice.number)
    page = browser.get(f"/portal/documents/{invoice.id}").get_data(as_text=True)
    assert (
        f"https://pay.test/{invoice.number}?a=99.50&amp;c=EUR&amp;k=A" in page
        and IBAN in page
        and "data-copy-from" in page
    )


def test_only_open_invoices_in_euros_have_a_code(euro, sign_in):
    yuan, paid = euro.issued(price="100"), euro.issued(price="100", currency="EUR")
    Payment.receive(euro.fang, euro.a, "EUR", 11300, allocations=[(paid, 11300)])
    browser = sign_in(euro.anna)
    for paper in (yuan, paid):
        assert browser.get(f"/portal/payments/code/{paper.id}.png").status_code == 404
    assert "pay" not in yuan.snapshot and "EUR" not in [text[:3] for text in yuan.snapshot]
    assert sign_in(euro.bob).get(f"/portal/payments/code/{paid.id}.png").status_code == 404


def test_without_an_iban_nothing_pretends_to_be_a_transfer(firm):
    assert "pay" not in firm.issued(price="100", currency="EUR").snapshot


@pytest.mark.parametrize(
    "verb, text, code",
    [
        (payment_details.checked_iban, "DE89370400440532013001", "iban_wrong"),
        (payment_details.checked_bic, "COBA", "bic_wrong"),
        *(
            (payment_details.checked_link, text, "link_pattern")
            for text in (
                "http://pay.test/{number}",
                "javascript:alert(1)",
                "https://pay.test/{secret}",
                "https://pay.test/{number",
                "https://pay.test/ {number}",
                "https://",
            )
        ),
    ],
)
def test_wrong_bank_details_and_links_are_refused(verb, text, code):
    with pytest.raises(Refused) as error:
        verb(text)
    assert error.value.code == code


def test_a_link_holds_only_quoted_facts(euro):
    invoice = euro.issued(price="100")
    invoice.customer.code = "A&b=/?#"
    assert (
        payment_details.link_of(Company.current(), invoice, 5)
        == f"https://pay.test/{invoice.number}?a=0.05&c=CNY&k=A%26b%3D%2F%3F%23"
    )


def words(row):
    with pypdfium2.PdfDocument(io.BytesIO(row.pdf_bytes())) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper).replace("\r", "")


MAIN, DOLLARS = "1001 2345 0920", "8000-USD-77"


@pytest.fixture
def banked(euro):
    change_accounts(
        euro,
        bank_name="工商银行",
        bank_account=MAIN,
        settings={
            "accounts": {
                "USD": {
                    "bank_name": "Bank of Dollars",
                    "bank_branch": "",
                    "bank_account": DOLLARS,
                    "bank_code": "BODUUS33",
                }
            }
        },
    )
    return euro


@pytest.mark.parametrize(
    "currency, named",
    [("CNY", MAIN), ("EUR", "DE89 3704 0044 0532 0130 00"), ("USD", DOLLARS), ("GBP", None)],
)
def test_every_paper_names_the_account_of_its_own_currency_or_none(
    banked, sign_in, currency, named
):
    """Invoice, statement, reminder letter and the portal's page, in each currency."""
    invoice = banked.issued(price="100", currency=currency, customer=banked.b, by=banked.chen)
    made = Statement.make(banked.fang, banked.b, currency, today(), today())
    with at(now() + dt.timedelta(days=60)):
        letter = dunning.remind(banked.b.id, currency)
    page = sign_in(banked.bob).get(f"/portal/documents/{invoice.id}").get_data(as_text=True)
    for text in (words(invoice), words(made), words(letter), page):
        there = [
            account
            for account in (MAIN, IBAN, DOLLARS)
            if account in text or account in text.replace(" ", "")
        ]
        assert there == (
            [named.replace(" ", "") if named.startswith("DE") else named] if named else []
        ), text
        asks = f"To pay in {currency}, please contact us" in " ".join(text.split())
        assert asks == (named is None and text is page), "no document prints an apology"


def test_who_owes_nothing_is_not_told_where_to_pay(banked):
    Payment.receive(banked.fang, banked.b, "CNY", 100)
    assert MAIN not in words(Statement.make(banked.fang, banked.b, "CNY", today(), today()))


def test_the_administrator_sets_down_an_account_for_each_currency(banked, sign_in):
    browser = sign_in(banked.ada)
    row = {
        "bank_name-GBP": "Barclays",
        "bank_branch-GBP": "",
        "bank_account-GBP": "GB33BUKB20201555555555",
        "bank_code-GBP": "BUKBGB22",
    }
    assert (
        browser.post("/settings/accounts", data={**row, "idempotency_key": KEY}).status_code == 303
    )
    assert payment_details.details_of(Company.current(), "GBP", "en") == []
    approve_waiting(banked)
    assert payment_details.details_of(Company.current(), "GBP", "en")[2] == (
        "iban",
        "GB33BUKB20201555555555",
    )
    assert payment_details.details_of(Company.current(), "USD", "en") == []
    for n, wrong in enumerate(
        ({"bank_account-GBP": ""}, {"bank_account-GBP": "GB34BUKB20201555555555"})
    ):
        answer = browser.post(
            "/settings/accounts", data={**row, **wrong, "idempotency_key": f"{KEY}{n}"}
        )
        assert answer.status_code in (409, 422) and "Barclays" in answer.get_data(as_text=True)
    assert payment_details.details_of(Company.current(), "GBP", "en")[2] == (
        "iban",
        "GB33BUKB20201555555555",
    )
