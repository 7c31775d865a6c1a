"""A file that comes again updates the documents that it brought, as long as nobody has touched
them, and undo gives them back as they were."""

import pytest

from models.adapters import search
from models.core.errors import Refused
from models.documents import Document, Line, sales
from models.imports import Import
from models.operations import checks
from models.payments import Payment, open_balance
from models.products import Product
from tests.models.test_imports import faults, put, run

FIRST = """Invoice No,Date,Customer,Item code,Item,Qty,Unit price,Due date,Reference
A-1,2025-03-01,Old Ltd,P1,Pen,2,10,2025-04-01,R1
A-1,2025-03-01,Old Ltd,P2,Ink,1,20,2025-04-01,R1
A-2,2025-03-02,Old Ltd,P1,Pen,1,10,2025-04-02,R2
"""
PAID = FIRST.replace("Reference\n", "Reference,Paid\n").replace("R1\n", "R1,{}\n")
PAID = PAID.replace("R2\n", "R2,0\n")


def paper(number="A-1"):
    return Document.get(Document.number == number)


def content(document):
    lines = [(x.code, x.name, x.quantity, x.price, x.gross) for x in document.ordered_lines()]
    head = [document.date, document.due_on, document.reference, document.owner_id, document.total]
    return head, lines, document.snapshot, open_balance(document)


def updated(firm, text, existing="update", **options):
    return run(firm, put(firm, "documents", text, existing=existing, **options))


@pytest.fixture
def history(firm):
    return run(firm, put(firm, "documents", FIRST))


@pytest.mark.parametrize(
    "before, after",
    [
        ("R1", "R9"),
        ("2025-04-01", "2025-05-01"),
        ("P2,Ink,1,20", "P2,Ink,3,25"),
        ("A-1,2025-03-01,Old Ltd,P2,Ink,1,20,2025-04-01,R1\n", ""),
        ("A-2,", "A-1,2025-03-01,Old Ltd,P3,Cap,4,1,2025-04-01,R1\nA-2,"),
        ("2025-03-01", "2025-03-03"),
    ],
)
def test_an_update_gives_the_document_what_the_file_says_and_undo_gives_it_back(
    firm, history, before, after
):
    kept = content(paper())
    row = updated(firm, FIRST.replace(before, after))
    assert row.state == "done" and row.findings["counts"]["update"] == 1
    assert content(paper()) != kept and open_balance(paper()) == 0
    assert paper().snapshot["total"] == paper().total == sum(x.gross for x in paper().lines)
    assert put(firm, "documents", FIRST.replace(before, after)).findings["counts"]["same"] == 2
    assert checks.faults() == [] and sales.differences() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone" and content(paper()) == kept
    assert checks.faults() == [] and sales.differences() == []
    history.undo(firm.fang)
    Import.run_waiting()
    assert not Document.select().exists() and not Line.select().exists()


def test_the_journal_and_the_page_tell_before_and_after(firm, history):
    text = FIRST.replace("R1", "PO-999").replace("P2,Ink,1,20", "P2,Ink,3,25")
    row = put(firm, "documents", text, existing="update")
    shown = [(field, before, after) for *_, field, before, after in row.check_file.changes()]
    assert ("reference", "R1", "PO-999") in shown and ("total", "40.00", "95.00") in shown
    (line,) = [found for found in shown if found[0] == "line-2"]
    assert "20" in line[1] and "25" in line[2]
    run(firm, row)
    event = paper().events[-1]
    assert event.action == "rewritten" and event.actor_name == firm.fang.name
    assert event.facts["was"]["total"] == "40.00 CNY" and event.facts["now"]["total"] == "95.00 CNY"
    assert {"lines", "reference", "total"} <= set(event.facts["changed"])
    assert [
        d.id for d in Document.select().where(Document.id.in_(search.find("PO-999", "documents")))
    ]


def test_an_owner_that_the_file_names_is_taken(firm, history):
    text = FIRST.replace("Reference\n", "Reference,Salesperson\n")
    text = text.replace("R1\n", f"R1,{firm.li.name}\n").replace("R2\n", "R2,\n")
    updated(firm, text)
    assert (paper().owner_id, paper("A-2").owner_id) == (firm.li.id, None)


def test_what_the_file_does_not_have_stays(firm, history):
    text = "Invoice No,Date,Customer,Item code,Qty,Unit price\nA-1,2025-03-01,Old Ltd,P1,2,11\n"
    row = updated(firm, text + "A-1,2025-03-01,Old Ltd,P2,1,20\n")
    assert row.findings["counts"]["update"] == 1
    assert (paper().reference, [x.name for x in paper().ordered_lines()]) == ("R1", ["Pen", "Ink"])


def touched_by_void(firm, document):
    Payment.get(Payment.reference == document.number).reverse(firm.fang, "wrong")
    document.void(firm.fang, "wrong")


def touched_by_pdf(firm, document):
    document.keep_pdf()


@pytest.mark.parametrize("touch", [touched_by_pdf, touched_by_void])
def test_what_somebody_has_touched_is_named_and_stays(firm, history, touch):
    touch(firm, paper())
    kept = content(paper())
    text = FIRST.replace("P2,Ink,1,20", "P2,Ink,3,25").replace("R2", "R8")
    row = put(firm, "documents", text, existing="update")
    assert [(n, code) for n, _, code in faults(row)] == [(2, "imported_touched")]
    row = updated(firm, text, existing="update_or_leave")
    assert row.findings["counts"]["left"] == 1 and row.findings["counts"]["update"] == 1
    assert content(paper()) == kept and paper("A-2").reference == "R8"


def test_what_was_booked_here_is_not_changed(firm):
    run(firm, put(firm, "documents", FIRST, settled=False))
    Payment.receive(firm.fang, paper().customer, "CNY", 1000, allocations=[(paper(), 1000)])
    row = put(firm, "documents", FIRST.replace("R1", "R9"), existing="update", settled=False)
    assert [code for *_, code in faults(row)] == ["imported_touched"]
    with pytest.raises(Refused):
        paper().rewrite(firm.fang, [], reference="R9")


@pytest.mark.parametrize("was, now", [("0", "40"), ("40", "0"), ("10", "30"), ("0", "")])
def test_what_is_paid_follows_the_file_and_undo_takes_it_back(firm, was, now):
    first = run(firm, put(firm, "documents", PAID.replace("{}", was)))
    left = open_balance(paper())
    row = updated(firm, PAID.replace("{}", now))
    assert open_balance(paper()) == 4000 - int(now or was) * 100
    assert checks.faults() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert open_balance(paper()) == left and checks.faults() == []
    first.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(first.id).state == "undone" and not Payment.select().exists()


def test_a_number_of_ours_is_left_where_one_chose_so(firm):
    mine = firm.approved("invoice")
    mine.issue(by=firm.li)
    text = f"Invoice No,Date,Customer,Qty,Unit price\n{mine.number},2025-03-01,{firm.a.name},1,5\n"
    for existing, found in (
        ("refuse", ["issued_here"]),
        ("update", ["issued_here"]),
        ("leave", []),
    ):
        row = put(firm, "documents", text, existing=existing)
        assert [code for *_, code in faults(row)] == found
    assert row.findings["counts"]["left"] == 1


def test_an_updated_document_makes_no_product(firm, history):
    updated(firm, FIRST.replace("P2,Ink", "P7,Ink"))
    assert not Product.select().where(Product.code == "P7").exists()


def test_a_kept_import_keeps_no_text_of_what_it_changed(firm, history):
    row = updated(firm, FIRST.replace("R1", "R9"))
    row.keep(firm.fang)
    assert [(x.before, x.after) for x in row.rows] == [(None, None)]


def test_blank_cells_keep_language_and_currency_of_a_customer(firm):
    put_ = "客户编号,客户名称,语言,币种\nK1,苏州,{},{}\n"
    run(firm, put(firm, "customers", put_.format("en", "EUR")))
    row = put(firm, "customers", put_.format("", ""))
    assert row.findings["counts"]["same"] == 1


CREDITED = """Invoice No,Date,Customer,Item,Unit price,Corrects
A-1,2025-03-01,Old Ltd,Pen,10,
A-2,2025-03-01,Old Ltd,Pen,10,
C-1,2025-03-09,Old Ltd,Pen,-4,A-1
"""


def test_a_credit_note_of_another_invoice_is_not_the_same(firm):
    options = {"credit_prefix": "C-", "existing": "update"}
    run(firm, put(firm, "documents", CREDITED, **options))
    assert put(firm, "documents", CREDITED, **options).findings["counts"]["same"] == 3
    row = put(firm, "documents", CREDITED.replace("-4,A-1", "-4,A-2"), **options)
    assert [(head, code) for _, head, code in faults(row)] == [("Corrects", "corrects_other")]


def test_an_invoice_that_was_credited_keeps_its_sum(firm):
    options = {"credit_prefix": "C-", "existing": "update", "settled": False}
    run(firm, put(firm, "documents", CREDITED, **options))
    row = put(firm, "documents", CREDITED.replace("Pen,10", "Pen,12"), **options)
    assert [(n, code) for n, _, code in faults(row)] == [(2, "imported_touched")]
    row = put(firm, "documents", CREDITED.replace("Pen,10", "Ink,10"), **options)
    assert row.findings["counts"]["update"] == 2


def test_a_price_without_currency_keeps_that_of_the_product(firm):
    run(firm, put(firm, "products", "code,name,price,currency\nP7,Pen,1,EUR\n"))
    row = run(firm, put(firm, "products", "code,name,price\nP7,Pen,2\n"))
    product = Product.get(Product.code == "P7")
    assert row.findings["counts"]["update"] == 1
    assert (product.currency, product.price) == ("EUR", 20000)
