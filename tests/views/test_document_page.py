"""The page of a document: one act for its state, at most three cards, the rest in tabs."""

import re

import pytest

from models.documents import Document
from models.payments import Payment
from tests.firm import KEY
from views.staff.document_page import TABS, DocumentPage


def next_act(document, person):
    return DocumentPage(Document.get_by_id(document.id), person).next_act


def submitted(firm):
    draft = firm.draft(price="20000")
    draft.submit(by=firm.li)
    return draft


def test_each_state_asks_each_person_for_one_act(firm, app):
    with app.test_request_context():
        small, large = firm.draft(price="1"), submitted(firm)
        assert next_act(firm.draft(price="20000"), firm.li) == "submit"
        assert next_act(large, firm.li) == "" and next_act(large, firm.wang) == "approve"
        invoice, order = firm.issued(), firm.issued("order")
        assert next_act(invoice, firm.fang) == "record"
        assert next_act(order, firm.li) == "make"
        quote = firm.issued("quote")
        assert next_act(quote, firm.li) == "offer"
        assert next_act(small, firm.li) == "issue" and next_act(small, firm.zhao) == ""


def buttons(page):
    """The buttons of the head that are neither white nor quiet."""
    acts = page.split('<div class="actions">')[1].split("</header>")[0]
    acts = acts.split('id="document-more"')[0] + acts.split("</details>")[-1]
    tags = re.findall(r"<(?:button|a role=\"button\")[^>]*>", acts)
    return [tag for tag in tags if not re.search(r"secondary|quiet|soft|danger", tag)]


@pytest.mark.parametrize("who", ["li", "wang", "fang"])
def test_no_page_has_two_petrol_buttons_or_four_cards(firm, sign_in, who):
    browser = sign_in(getattr(firm, who))
    papers = [firm.draft(price="9"), submitted(firm), *map(firm.issued, ("invoice", "order"))]
    for paper in papers:
        page = browser.get(f"/documents/{paper.id}").text
        assert len(buttons(page)) <= 1
        assert page.split("<aside>")[1].count('<section class="panel') <= 3


def test_who_approves_on_the_page_comes_back_to_it(firm, sign_in):
    draft, browser = submitted(firm), sign_in(firm.wang)
    page = browser.get(f"/documents/{draft.id}").text
    (address,) = re.findall(r'action="(/tasks/\d+/approval)"', page)
    answer = browser.post(address, data={"idempotency_key": KEY, "next": f"/documents/{draft.id}"})
    assert answer.status_code == 303 and answer.location == f"/documents/{draft.id}"


def test_each_tab_shows_its_own(firm, sign_in):
    browser, invoice = sign_in(firm.li), firm.issued()
    roots = {
        "document": "document-look",
        "related": "document-related",
        "messages": "document-messages",
        "files": "document-files",
        "history": "document-journal",
    }
    assert list(roots) == list(TABS)
    for tab in (*TABS, "made-up"):
        page = browser.get(f"/documents/{invoice.id}?tab={tab}").text
        shown = [name for name, root in roots.items() if f'id="{root}"' in page]
        assert shown == [tab if tab in roots else "document"]


def test_voiding_asks_for_its_reason_also_without_a_script(firm, sign_in):
    browser, invoice = sign_in(firm.wang), firm.issued()
    dialog = '<dialog id="document-voiding" aria-labelledby="voiding-title"'
    assert f"{dialog}>" in browser.get(f"/documents/{invoice.id}").text
    assert f"{dialog} open>" in browser.get(f"/documents/{invoice.id}?asks=void").text
    assert dialog not in sign_in(firm.zhao).get(f"/documents/{invoice.id}").text


def test_what_a_customer_paid_is_told_at_their_invoice(firm, sign_in):
    invoice = firm.issued()
    paid = Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(invoice, 900)])
    staff = sign_in(firm.li)
    for tab, root in (("document", "document-latest"), ("history", "timeline")):
        page = staff.get(f"/documents/{invoice.id}?tab={tab}").text
        assert paid.number in page.split(f'id="{root}"')[1].split("</section>")[0]
    portal = sign_in(firm.anna).get(f"/portal/documents/{invoice.id}").text
    settled = portal.split('id="document-settled"')[1].split("</dl>")[0]
    assert paid.number in settled and "9.00" in settled
