"""The drop box: read, matched, each number once."""

import datetime as dt

import pytest

from models.archive import (
    DestructionList,
    EInvoice,
    Filing,
    LegalHold,
    retention,
    tax_invoice,
    tax_invoice_reading,
)
from models.company import Company
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.customers import Customer
from models.documents import Document
from models.operations import checks
from models.payments import Payment
from tests import einvoices as box

UNKNOWN = "91330000MA0000001X"


@pytest.fixture
def ours(firm):
    Company.current().revise(firm.ada, tax_id=box.OURS)
    return firm


@pytest.mark.parametrize(
    "data",
    [
        box.xml(),
        box.ofd(),
        box.ofd(head=False, attached=box.xml()),
        box.ofd(head=False, attached=box.older()),
        box.xml(day="2026-02-28 10:00:00"),
        b"\xef\xbb\xbf" + box.xml(),
        box.pdf(),
        box.pdf(values_last=False),
        box.pdf(title="电子发票（普通发票）", day="2026 年 02 月 28 日"),
    ],
)
def test_number_tax_ids_date_and_total_are_read(firm, data):
    said = tax_invoice_reading.read(data).content
    assert (said["number"], said["seller_tax_id"], said["buyer_tax_id"]) == (
        box.NUMBER,
        box.OURS,
        box.THEIRS,
    )
    assert (said["issued_on"], said["total"]) == (dt.date(2026, 2, 28), 11300)


@pytest.mark.asvs("1.5.1")
@pytest.mark.parametrize(
    "data, code",
    [
        (box.xml(number="123"), "einvoice_number"),
        (box.xml(total="x"), "einvoice_total"),
        (box.xml(day="gestern"), "einvoice_day"),
        (box.xml(seller=""), "einvoice_seller_missing"),
        (b"<a/>", "einvoice_number"),
        (b"<a", "file_damaged"),
        (b"%PDF-1.4 x", "file_damaged"),
        (box.ofd(head=True, attached=box.xml(number="1" * 20)), "einvoice_two_numbers"),
        (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", "file_damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(ours, data, code):
    with pytest.raises(Refused) as no:
        EInvoice.drop(ours.fang, data, "x.xml")
    assert no.value.code == code and not Filing.select().exists()


def test_it_is_filed_and_matched_by_buyer_and_total(ours):
    invoice, other = ours.issued(price="100"), ours.issued(price="200")
    row = EInvoice.drop(ours.fang, box.xml(), "dzfp.xml")
    assert row.invoice == invoice and row.found_by == "amount" and row.file.document == invoice
    assert (
        row.file.filing.kind == "einvoice"
        and row.file.filing.folder.year == 2026
        and box.NUMBER in row.file.filing.name
    )
    assert list(tax_invoice.without_original()) == [other] and checks.faults() == []


def test_of_two_alike_the_one_named_in_the_remark_is_taken_else_none(ours):
    first, second = ours.issued(price="100"), ours.issued(price="100")
    unclear = EInvoice.drop(ours.fang, box.xml(), "a.xml")
    named = EInvoice.drop(
        ours.fang, box.xml(number="2" * 20, remark=f"对应 {second.number}"), "b.xml"
    )
    assert unclear.invoice is None and (named.invoice, named.found_by) == (second, "number")
    unclear.assign(ours.fang, first)
    row = EInvoice.get_by_id(unclear.id)
    assert (
        (row.invoice, row.found_by) == (first, "person")
        and tax_invoice.without_original().count() == 0
        and checks.faults() == []
    )


def test_the_same_number_is_not_taken_twice_whatever_the_file(ours):
    EInvoice.drop(ours.fang, box.xml(), "a.xml")
    for data in (box.xml(), box.xml(total="9.00"), box.ofd()):
        with pytest.raises(Refused) as no:
            EInvoice.drop(ours.fang, data, "again")
        assert no.value.code == "einvoice_twice"
    assert EInvoice.select().count() == Filing.select().count() == 1


def test_an_invoice_lacks_its_xml_until_that_follows_the_pdf(ours):
    first, second = ours.issued(price="100"), ours.issued(price="200")
    row = EInvoice.drop(ours.fang, box.pdf(remark=first.number), "a.pdf")
    assert (
        row.invoice == first
        and set(tax_invoice.without_original()) == {first, second}
        and list(tax_invoice.as_pdf()) == [first]
    )
    with pytest.raises(Refused, match="einvoice_twice"):  # it says something else
        EInvoice.drop(ours.fang, box.xml(net="99.00", total="112.00"), "other.xml")
    assert EInvoice.drop(ours.fang, box.xml(), "a.xml") == row
    filing = Filing.get()
    assert (
        filing.extension == "xml"
        and sorted(v.filename for v in filing.file.versions) == ["a.pdf", "a.xml"]
        and filing.bytes() == box.xml()
    )
    assert (
        set(tax_invoice.without_original()) == {second}
        and list(tax_invoice.as_pdf()) == []
        and checks.faults() == []
    )
    for again in (box.xml(), box.ofd(), box.pdf()):
        with pytest.raises(Refused, match="einvoice_twice"):
            EInvoice.drop(ours.fang, again, "again")


def test_another_sellers_invoice_is_not_ours(ours):
    with pytest.raises(Refused) as no:
        EInvoice.drop(ours.fang, box.xml(seller="91999999999999999X"), "a.xml")
    assert no.value.code == "einvoice_not_ours"


def test_a_red_one_is_for_a_credit_note(ours):
    from tests.models.documents.test_life import firm_issue

    invoice = ours.issued(price="100")
    credit = firm_issue(ours, invoice.convert(ours.li, "credit_note"))
    row = EInvoice.drop(ours.fang, box.xml(net="-100.00", tax="-13.00", total="-113.00"), "red.xml")
    assert row.invoice == credit


def test_salespeople_do_not_drop_tax_invoices(ours):
    with pytest.raises(Forbidden):
        EInvoice.drop(ours.li, box.xml(), "a.xml")


def test_a_pdf_is_read_and_matched_like_an_xml(ours):
    invoice = ours.issued(price="100")
    row = EInvoice.drop(ours.fang, box.pdf(), "a.pdf")
    assert (row.invoice, row.found_by, row.total) == (
        invoice,
        "amount",
        11300,
    ) and row.file.filing.extension == "pdf"
    with pytest.raises(Refused) as no:
        EInvoice.drop(ours.fang, box.pdf(remark="again"), "b.pdf")
    assert no.value.code == "einvoice_twice"


@pytest.mark.parametrize(
    "made",
    [
        {"seller": "", "buyer": ""},
        {"number": ""},
        {"day": ""},
        {"number": f"{box.NUMBER} {'1' * 20}"},
    ],
)
def test_a_pdf_that_does_not_say_all_is_never_guessed_at(ours, made):
    assert (
        EInvoice.drop(ours.fang, box.pdf(**made), "a.pdf") is None
        and EInvoice.select().count() == 0
    )
    assert [f.filing.state for f in tax_invoice.waiting()] == ["kept"]


def test_a_red_one_and_a_buyer_without_a_number_are_read_from_a_pdf(ours):
    red = tax_invoice_reading.read(box.pdf(net="-100.00", tax="-13.00", total="-113.00")).content
    assert red["total"] == -11300 and red["seller_tax_id"] == box.OURS
    person = tax_invoice_reading.read(box.pdf(buyer="")).content
    assert (person["seller_tax_id"], person["buyer_tax_id"]) == (box.OURS, "")


def test_one_bought_from_another_is_not_taken_for_ours(ours):
    with pytest.raises(Refused) as no:
        EInvoice.drop(ours.fang, box.pdf(seller=box.THEIRS, buyer=box.OURS), "a.pdf")
    assert no.value.code == "einvoice_not_ours" and EInvoice.select().count() == 0


def test_what_a_scanned_pdf_does_not_say_is_typed_and_matched(ours):
    invoice = ours.issued(price="100")
    assert EInvoice.drop(ours.fang, box.scanned(), "scan 7.pdf") is None
    file = tax_invoice.waiting().get()
    assert file.filing.title == "scan 7" and tax_invoice.without_original().count() == 1
    typed = {
        "number": box.NUMBER,
        "seller": box.OURS,
        "buyer": box.THEIRS,
        "day": "2026-02-28",
        "total": "113.00",
    }
    for wrong, code in (
        ({"number": "12"}, "einvoice_number"),
        ({"total": ""}, "einvoice_total"),
        ({"seller": box.THEIRS}, "einvoice_not_ours"),
    ):
        with pytest.raises(Refused) as no:
            EInvoice.describe(ours.fang, file, **{**typed, **wrong})
        assert no.value.code == code
    with pytest.raises(Forbidden):
        EInvoice.describe(ours.li, file, **typed)
    row = EInvoice.describe(ours.fang, file, **typed)
    assert (
        (row.invoice, row.found_by) == (invoice, "amount")
        and box.NUMBER in row.file.filing.name
        and row.file.filing.customer == ours.a
    )
    assert (
        tax_invoice.waiting().count() == 0
        and list(tax_invoice.as_pdf()) == [invoice]
        and checks.faults() == []
    )
    with pytest.raises(Refused):
        EInvoice.describe(ours.fang, file, **typed)


@pytest.mark.parametrize("kind, signs", [("invoice", ""), ("credit_note", "-")])
def test_a_customer_without_a_tax_id_is_matched_by_our_number_in_the_remark(ours, kind, signs):
    from tests.models.documents.test_life import firm_issue

    paper = ours.issued(price="100", customer=ours.b, by=ours.chen)
    paper = paper if kind == "invoice" else firm_issue(ours, paper.convert(ours.chen, kind))
    said = {"net": f"{signs}100.00", "tax": f"{signs}13.00", "total": f"{signs}113.00"}
    row = EInvoice.drop(
        ours.fang, box.xml(**said, buyer=UNKNOWN, remark=f"对应{paper.number}号单据"), "a.xml"
    )
    assert (row.invoice, row.found_by, row.file.filing.customer) == (
        paper,
        "number",
        ours.b,
    ) and checks.faults() == []


def test_a_customer_without_a_tax_id_is_offered_behind_the_buyer_but_never_taken_by_the_total(ours):
    blank = ours.issued(price="100", customer=ours.b, by=ours.chen)
    assert EInvoice.drop(ours.fang, box.xml(), "a.xml").invoice is None and list(
        tax_invoice.candidates(11300, box.THEIRS)
    ) == [blank]
    theirs, again = ours.issued(price="100"), ours.issued(price="100")
    assert list(tax_invoice.candidates(11300, box.THEIRS)) == [theirs, again, blank]


@pytest.mark.parametrize("remark", ["{}", "{}7", "A{}"])
def test_a_customer_with_another_tax_id_or_a_longer_number_is_not_matched(ours, remark):
    blank = remark != "{}"
    Customer.update(tax_id="" if blank else "91999999999999999X").where(
        Customer.id == ours.b.id
    ).execute()
    paper = ours.issued(price="100", customer=ours.b, by=ours.chen)
    row = EInvoice.drop(
        ours.fang, box.xml(buyer=UNKNOWN, remark=remark.format(paper.number)), "a.xml"
    )
    assert (
        row.invoice is None
        and list(tax_invoice.candidates(row.total, row.buyer_tax_id)) == [paper] * blank
    )


def test_our_number_is_found_among_many_of_the_same_total(ours, monkeypatch):
    papers = [ours.issued(price="100", customer=ours.b, by=ours.chen) for _ in range(2)]
    monkeypatch.setattr(tax_invoice, "MOST_ALIKE", 1)
    assert (
        EInvoice.drop(ours.fang, box.xml(buyer=UNKNOWN, remark=papers[1].number), "a.xml").invoice
        == papers[1]
    )


def test_our_number_is_no_match_where_the_buyer_is_known_to_be_another(ours):
    theirs, paper = (
        ours.issued(price="100"),
        ours.issued(price="100", customer=ours.b, by=ours.chen),
    )
    row = EInvoice.drop(ours.fang, box.xml(remark=paper.number), "a.xml")
    assert row.invoice is None and list(tax_invoice.candidates(row.total, row.buyer_tax_id)) == [
        theirs,
        paper,
    ]


def test_an_assignment_is_taken_back_with_its_reason_and_the_tax_invoice_waits_again(ours):
    wrong, right = (
        ours.issued(price="100", customer=ours.b, by=ours.chen),
        ours.issued(price="100", customer=ours.b, by=ours.chen),
    )
    row = EInvoice.drop(ours.fang, box.xml(buyer=UNKNOWN), "a.xml")
    row.assign(ours.fang, wrong)
    assert "Beta" in Filing.get().name
    EInvoice.get_by_id(row.id).release(ours.zhao, "点错了")
    row = EInvoice.get_by_id(row.id)
    assert (row.invoice, row.found_by, row.file.document, row.file.filing.customer) == (
        None,
        "",
        None,
        None,
    ) and "Beta" not in row.file.filing.name
    assert [(e.action, e.facts.get("reason")) for e in row.events][-1] == ("released", "点错了")
    row.assign(ours.fang, right)
    assert (
        EInvoice.get_by_id(row.id).invoice == right
        and Filing.get().customer == ours.b
        and checks.faults() == []
    )


def test_one_matched_by_the_rule_is_taken_back_too_and_stays_with_its_buyer(ours):
    ours.issued(price="100")
    row = EInvoice.drop(ours.fang, box.xml(), "a.xml")
    row.release(ours.fang, "是另一张")
    assert (
        EInvoice.get_by_id(row.id).invoice is None
        and Filing.get().customer == ours.a
        and checks.faults() == []
    )


def test_what_is_held_listed_gone_or_not_assigned_is_not_taken_back(ours):
    paper = ours.issued(price="100")
    row = EInvoice.drop(ours.fang, box.xml(), "a.xml")

    def refused(code, by=ours.fang, reason="x"):
        with pytest.raises(Refused, match=code):
            EInvoice.get_by_id(row.id).release(by, reason)

    refused("reason_needed", reason=" ")
    with pytest.raises(Forbidden):
        row.release(ours.li, "x")
    hold = LegalHold.place(ours.fang, "诉讼", "案号", document=paper)
    refused("blocked_hold")
    hold.lift(ours.fang, "了结")
    Payment.receive(ours.fang, ours.a, "CNY", paper.total, allocations=[(paper, paper.total)])
    Filing.file_document(ours.zhao, paper)
    with at(now() + dt.timedelta(days=366 * 31)):
        listed = DestructionList.propose(ours.zhao, list(retention.due()), "期满")
        refused("blocked_listed")
        listed.approve(ours.wang)
        listed.name_witnesses(ours.zhao, ours.fang, ours.ada)
        for one in (ours.fang, ours.ada):
            DestructionList.get_by_id(listed.id).check(one)
        DestructionList.get_by_id(listed.id).carry_out(ours.zhao)
        refused("state_changed")
    other = EInvoice.drop(ours.fang, box.xml(number="4" * 20, buyer=UNKNOWN), "b.xml")
    with pytest.raises(Refused, match="einvoice_has_none"):
        other.release(ours.fang, "x")


@pytest.mark.on_sqlite
def test_what_lacks_a_tax_invoice_is_found_without_reading_imported_documents(ours):
    first, imported = ours.issued(price="100"), ours.issued(price="200")
    ours.draft()
    Document.update(imported=True).where(Document.id == imported.id).execute()
    lacking = tax_invoice.without_original()
    assert list(lacking) == [first]
    for query in (lacking, lacking.order_by(Document.issued_on).limit(100), tax_invoice.as_pdf()):
        sql, params = query.sql()
        plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
        assert "document_own" in plan[0], plan
