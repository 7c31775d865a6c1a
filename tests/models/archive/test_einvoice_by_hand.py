"""A tax invoice is assigned by hand: to another total, to several invoices, several to one."""

import pytest

from models.archive import EInvoice, Filing, LegalHold, retention, tax_invoice
from models.company import Company
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.operations import checks
from tests import einvoices as box
from tests.support.forms import post


@pytest.fixture
def ours(firm):
    Company.current().revise(firm.ada, tax_id=box.OURS)
    return firm


def drop(firm, total, number=box.NUMBER, **more):
    net = f"{float(total) - 13:.2f}"
    data = box.xml(number=number, net=net, tax="13.00", total=total, **more)
    return EInvoice.drop(firm.fang, data, "a.xml")


def refused(code, row, *papers, by, **more):
    with pytest.raises(Refused, match=code):
        row.assign(by, *papers, **more)


def test_a_cent_is_offered_first_and_taken_only_when_a_person_says_so(ours):
    far, near = ours.issued(price="70"), ours.issued(price="100")
    row = drop(ours, "113.01")
    assert row.invoice is None
    assert list(tax_invoice.near(row.total, row.buyer_tax_id)) == [near]
    assert list(tax_invoice.choices(row.total, row.buyer_tax_id)) == [near, far]
    assert list(tax_invoice.choices(row.total, row.buyer_tax_id, far.number)) == [far]
    refused("einvoice_differs", row, near, by=ours.fang)
    with pytest.raises(Forbidden):
        row.assign(ours.li, near, differing=True)
    row.assign(ours.fang, near, differing=True)
    event = list(row.events)[-1]
    assert (event.action, event.facts["difference"]) == ("assigned", 1)
    assert list(tax_invoice.without_original()) == [far] and checks.faults() == []


def test_one_for_several_invoices_covers_all_and_is_taken_back_from_all(ours):
    papers = [ours.issued(price="100"), ours.issued(price="70")]
    row = drop(ours, "192.10")
    row.assign(ours.fang, *papers)
    row = EInvoice.get_by_id(row.id)
    assert row.documents == papers and tax_invoice.without_original().count() == 0
    hold = LegalHold.place(ours.fang, "诉讼", "案号", document=papers[1])
    assert row.file.filing in list(hold.filings())
    assert {p.number for p in papers} == {
        facts["number"]
        for code, facts in retention.blockers(row.file.filing)
        if code == "open_balance"
    }
    hold.lift(ours.fang, "了结")
    assert checks.faults() == []
    row.release(ours.fang, "点错了")
    row = EInvoice.get_by_id(row.id)
    assert row.documents == [] and not row.further.exists()
    assert list(row.events)[-1].facts["invoice"] == ", ".join(p.number for p in papers)
    assert tax_invoice.without_original().count() == 2 and checks.faults() == []


def test_several_for_one_invoice_add_up(ours):
    paper = ours.issued(price="100")
    first, second = drop(ours, "50.00"), drop(ours, "63.00", number="2" * 20)
    refused("einvoice_differs", first, paper, by=ours.fang)
    first.assign(ours.fang, paper, differing=True)
    assert second.difference([paper]) == 0
    second.assign(ours.fang, paper)
    assert {e.invoice for e in EInvoice.select()} == {paper} and checks.faults() == []


def test_others_invoices_currencies_and_kinds_are_refused(ours):
    paper = ours.issued(price="100", customer=ours.b, by=ours.chen)
    mine = ours.issued(price="70")
    row = drop(ours, "300.00")
    refused("other_customer", row, mine, paper, by=ours.fang, differing=True)
    refused("nothing_chosen", row, by=ours.fang)
    refused("not_an_open_invoice", row, ours.issued("order"), by=ours.fang, differing=True)
    ours.b.tax_id = "91330000MA0000001X"
    ours.b.save()
    refused("einvoice_other_buyer", row, Document.get_by_id(paper.id), by=ours.fang, differing=True)
    row.assign(ours.fang, mine, differing=True)
    refused("einvoice_has_one", row, mine, by=ours.fang, differing=True)
    assert Filing.get().customer == ours.a


def test_the_page_shows_the_difference_and_asks_for_a_tick(ours, sign_in):
    paper = ours.issued(price="100")
    row = drop(ours, "113.02")
    browser, address = sign_in(ours.fang), f"/archive/einvoices/{row.id}/assignment"
    assert address in browser.get("/archive/einvoices/").text
    assert paper.number in browser.get(address + "?q=" + paper.number).text
    answer = post(browser, address, document=str(paper.id))
    assert answer.status_code == 409 and "differ by CNY 0.02" in answer.text
    assert 'name="differing"' in answer.text and "checked" in answer.text
    assert post(browser, address, document=str(paper.id), differing="on").status_code == 303
    assert paper.number in browser.get("/archive/einvoices/").text
    assert browser.get(address).status_code == 404
