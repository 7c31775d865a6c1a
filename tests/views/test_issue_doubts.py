"""What cannot be mended afterwards is asked before a document is issued."""

import pytest

from models.company import Company
from models.core.errors import Refused
from models.core.journal import Event
from models.documents import Document


def approved(firm, name):
    draft = Document.draft(firm.li, "invoice", firm.a, [firm.line("10", name=name)])
    draft.submit(by=firm.li)
    firm.approve_all(draft)
    return Document.get_by_id(draft.id)


def issued(document):
    return Document.get_by_id(document.id).state == "issued"


def test_characters_that_no_font_has_are_named_and_confirmed(firm, sign_in):
    document, browser = approved(firm, "አማርኛ tea"), sign_in(firm.li)
    page = browser.get(f"/documents/{document.id}/issue").text
    assert 'value="not_printable"' in page and "ማ" in page
    path, key = f"/documents/{document.id}/issue", {"idempotency_key": "k" * 20}
    refused = browser.post(path, data=key)
    assert refused.status_code == 409 and "be printed" in refused.text
    assert not issued(document)
    key = {"idempotency_key": "l" * 20}
    assert browser.post(path, data={**key, "confirmed": "rate_ended"}).status_code == 409
    browser.post(path, data={"idempotency_key": "m" * 20, "confirmed": "not_printable"})
    assert issued(document)
    told = Event.of(document).where(Event.action == "issued").get()
    assert set(told.facts["confirmed"]["not_printable"]) == set("አማርኛ")


@pytest.mark.parametrize("name", ["Łódź śruba", "한국 차", "𠮷野 🙂", "شاي"])
def test_what_can_be_printed_is_not_asked(firm, sign_in, name):
    document = approved(firm, name)
    assert 'name="confirmed"' not in sign_in(firm.li).get(f"/documents/{document.id}").text
    document.issue(by=firm.li)
    assert issued(document)


def test_nothing_is_confirmed_in_bulk(firm):
    document = approved(firm, "አ")
    with pytest.raises(Refused, match="not_printable"):
        document.issue(by=firm.li)


def test_an_invoice_without_an_account_is_told_before_and_prints_no_apology(firm, sign_in):
    document, browser = approved(firm, "Tea"), sign_in(firm.li)
    Company.current().revise(firm.ada, bank_account="")
    assert "will not say where to pay" in browser.get(f"/documents/{document.id}/issue").text
    Company.current().revise(firm.ada, bank_account="6222 0000")
    assert "will not say where to pay" not in browser.get(f"/documents/{document.id}").text
