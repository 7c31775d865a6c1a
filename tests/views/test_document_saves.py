"""Saving a draft: its taxes stay, a late autosave is dropped, what is sent twice is done once."""

import datetime as dt

import pytest

from models.core.errors import Refused
from models.core.journal import Event
from models.documents import Document
from models.documents.draft import Autosave
from models.products import TaxRate
from tests.support.forms import Forms


def editor(browser, document):
    """What the editor sends of the draft."""
    path, data = f"/documents/{document.id}/edit", {}
    for address, controls in Forms(path, browser.get(path).text).found:
        if address == path:
            for control in controls:
                data.setdefault(control.name, []).extend(control.sent())
    return path, {name: values for name, values in data.items() if name and values}


def fresh(document):
    return Document.get_by_id(document.id)


@pytest.fixture
def ended(firm):
    """A rate that was in force when the order was issued, and has ended."""
    rate = TaxRate.enter(firm.ada, name="Old 17%", kind="taxed", rate=1700)
    order = firm.draft("order")
    line = firm.line("10", "10", tax_rate=rate.id, rate=1700, tax_label="Old 17%")
    order.revise(firm.li, order.version, [line])
    order.submit(by=firm.li)
    firm.approve_all(order)
    fresh(order).issue(by=firm.li)
    rate.revise(firm.ada, valid_to=dt.date(2020, 1, 1))
    return fresh(order)


def test_a_converted_line_keeps_its_ended_rate(firm, sign_in, ended):
    invoice, browser = ended.convert(firm.li, "invoice"), sign_in(firm.li)
    path, data = editor(browser, invoice)
    assert "Old 17% (ended)" in browser.get(path).text
    assert browser.post(path, data={**data, "reference": "PO-7"}).status_code == 303
    assert (fresh(invoice).tax, fresh(invoice).reference) == (1700, "PO-7")
    assert fresh(invoice).ordered_lines()[0].tax_label == "Old 17%"


def test_a_renamed_rate_keeps_its_name_on_the_line_and_has_not_ended(firm, sign_in, ended):
    draft = ended.convert(firm.li, "invoice")
    TaxRate.get(TaxRate.rate == 1700).revise(firm.ada, name="Seventeen", valid_to=None)
    page = sign_in(firm.li).get(f"/documents/{draft.id}/edit").text
    assert ">Old 17%<" in page and "(ended)" not in page


def test_issuing_at_an_ended_rate_asks(firm, sign_in, ended):
    invoice, browser = ended.convert(firm.li, "invoice"), sign_in(firm.li)
    invoice.submit(by=firm.li)
    firm.approve_all(invoice)
    path = f"/documents/{invoice.id}/issue"
    assert "it applies here" in browser.get(path).text
    refused = browser.post(path, data={"idempotency_key": "k" * 20})
    assert refused.status_code == 409 and "Old 17% is no longer in use" in refused.text
    assert fresh(invoice).state == "approved"
    browser.post(path, data={"idempotency_key": "l" * 20, "confirmed": "rate_ended"})
    assert fresh(invoice).state == "issued"
    told = Event.of(invoice).where(Event.action == "issued").get()
    assert told.facts["confirmed"] == {"rate_ended": ["Old 17%"]}


def test_an_autosave_that_comes_after_the_save_is_dropped(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    data["line-quantity"] = ["7"]
    browser.post(f"/documents/{draft.id}/autosave", data=data)
    assert Autosave.of(draft, firm.li)
    browser.post(path, data=data)
    browser.post(f"/documents/{draft.id}/autosave", data=data)
    assert not Autosave.of(draft, firm.li) and fresh(draft).net == 70000
    assert "document-unsaved" not in browser.get(f"/documents/{draft.id}").text


def test_what_is_typed_while_a_colleague_saves_is_kept(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    _path, data = editor(browser, draft)
    draft.revise(firm.wang, draft.version, reference="theirs")
    browser.post(f"/documents/{draft.id}/autosave", data={**data, "reference": "mine"})
    assert Autosave.of(draft, firm.li).form["reference"] == ["mine"]


def test_a_save_sent_twice_is_done_once(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    data["reference"] = ["PO-7"]
    assert browser.post(path, data=data).status_code == 303
    fresh(draft).revise(firm.wang, fresh(draft).version, note="theirs")
    assert browser.post(path, data=data).status_code == 303
    assert [e.action for e in draft.events] == ["created", "revised", "revised"]
    assert fresh(draft).note == "theirs"


def test_a_page_found_again_by_back_loses_nothing(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    browser.post(path, data={**data, "reference": "first"})
    again = browser.post(path, data={**data, "reference": "second"})
    assert again.status_code == 409 and 'value="second"' in again.text


def test_over_a_conflict_the_rest_is_theirs(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    draft.revise(firm.wang, draft.version, note="theirs")
    answer = browser.post(path, data={**data, "reference": "mine"})
    assert answer.status_code == 409 and "theirs" in answer.text
    mine = {"reference": "mine", "note": "theirs", "version": fresh(draft).version}
    shown = Forms(path, answer.text).found[-1][1]
    sent = {c.name: c.sent() for c in shown if c.name in ("shown", "idempotency_key")}
    assert browser.post(path, data={**data, **mine, **sent}).status_code == 303
    assert (fresh(draft).reference, fresh(draft).note) == ("mine", "theirs")


def test_a_field_that_a_colleague_changed_meanwhile_stays(firm, sign_in):
    browser = sign_in(firm.li)
    path = f"/customers/{firm.a.id}/edit"
    controls = Forms(path, browser.get(path).text).found[-1][1]
    data = {c.name: c.sent() for c in controls if c.sent()}
    firm.a.revise(firm.ada, phone="theirs", bank_name="theirs", active=False)
    browser.post(path, data={**data, "bank_name": "mine"})
    row = type(firm.a).get_by_id(firm.a.id)
    assert (row.phone, row.bank_name, row.active) == ("theirs", "mine", False)


def test_a_line_of_no_known_tax_is_refused(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    answer = browser.post(path, data={**data, "line-tax": "99:1:taxed:x"})
    assert answer.status_code == 422 and fresh(draft).version == draft.version


def test_nothing_of_an_issued_document_is_saved(firm):
    paper = firm.issued()
    with pytest.raises(Refused):
        paper.revise(firm.li, paper.version, reference=paper.reference)


def test_the_editor_says_one_thing_about_what_is_saved(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    browser.post(f"/documents/{draft.id}/autosave", data={**data, "reference": "mine"})
    opened = browser.get(f"/documents/{draft.id}/edit").text
    assert "You have unsaved changes" in opened and "All changes saved" not in opened
    refused = browser.post(path, data={**data, "line-price": "much"})
    assert refused.status_code == 422 and "You have unsaved changes" not in refused.text
