"""A payment is typed in a browser: it stays with the invoice from which it was opened, and what
cannot be read is said at its field."""

import pytest

from models.payments import open_balance
from models.people import Session
from tests.firm import Firm


@pytest.fixture
def open_page(browser, portal):
    def at(person, path):
        context = browser.new_context(base_url=portal)
        context.add_cookies(
            [
                {"name": "danju_sid", "value": Session.start(person), "url": portal},
                {"name": "language", "value": "en", "url": portal},
            ]
        )
        page = context.new_page()
        page.goto(path)
        return page

    return at


def test_an_amount_typed_anew_still_settles_the_invoice_it_came_from(open_page):
    firm = Firm()
    older, invoice = firm.issued(price="1000", terms_days=1), firm.issued(price="1000")
    page = open_page(firm.fang, f"/payments/new?invoice={invoice.id}")
    page.fill("#amount", "")
    page.fill("#amount", "500")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{invoice.id}")
    assert (open_balance(older), open_balance(invoice)) == (113000, 63000)


def test_nonsense_stays_with_a_sentence_at_its_field(open_page):
    firm = Firm()
    invoice = firm.issued(price="1000")
    page = open_page(firm.fang, f"/payments/new?invoice={invoice.id}")
    page.fill("#charges", "little")
    page.keyboard.press("Enter")
    page.wait_for_selector("#charges[aria-invalid=true]")
    assert page.input_value("#charges") == "little"
    assert page.locator(".field:has(#charges) .error").inner_text() == "Enter a valid number."
    assert page.evaluate("document.activeElement.id") == "charges"


def test_the_picture_of_a_bank_slip_is_shown(open_page, tmp_path):
    firm = Firm()
    firm.issued(price="1000")
    troubles = []
    page = open_page(firm.anna, "/portal/payments/new")
    page.on("console", lambda said: troubles.append(said.text))
    slip = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    page.set_input_files(
        "[name=slip]", {"name": "slip.svg", "mimeType": "image/svg+xml", "buffer": slip.encode()}
    )
    page.wait_for_function("document.querySelector('.file .thumb img').naturalWidth > 0")
    assert not troubles


def test_an_invoice_is_left_out_by_its_tick(open_page):
    firm = Firm()
    older, invoice = firm.issued(price="1000", terms_days=1), firm.issued(price="1000")
    page = open_page(firm.fang, f"/payments/new?customer={firm.a.id}&currency=CNY")
    page.fill("#amount", "500")
    tick, other = (
        page.locator(f"tr:has([name=part-{each.id}]) [type=checkbox]") for each in (older, invoice)
    )
    tick.click()
    assert not tick.is_checked()
    other.click()
    page.keyboard.press("Enter")
    page.wait_for_selector("#payment-allocations")
    assert (open_balance(older), open_balance(invoice)) == (113000, 63000)
