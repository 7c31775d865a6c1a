"""Sheets of one workbook that belong together: documents, their lines, their payments."""

import io

import pytest
from openpyxl import Workbook

from models.documents import Document
from models.imports import Import
from models.operations import checks
from models.payments import Payment, open_balance
from tests.models.test_import_shapes import warned
from tests.models.test_imports import faults, run

HEADS = ["Invoice No", "Date", "Customer", "Amount"]
INVOICES = [HEADS, ["A-1", "2025-03-01", "Old Ltd", 40], ["A-2", "2025-03-02", "Old Ltd", 10]]
PAYMENTS = [
    ["Date", "Invoice", "Amount", "Reference"],
    ["2025-03-05", "A-1", 15, "TR-1"],
    ["2025-03-09", "A-1", 20.5, "TR-2"],
    ["2025-03-10", "A-2", 10, "TR-3"],
]
ITEMS = [
    ["invoice no", "Item", "Qty", "Price", "Total"],
    ["A-1", "Pen", 2, 10, 20],
    ["A-1", "Ink", 1, 20, 20],
    ["A-2", "Pen", 1, 10, 10],
]


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name if name.islower() else name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(firm, data, filename="book.xlsx"):
    return Import.upload(firm.fang, "documents", filename, data)


def offered(row):
    (asked,) = [q for q in row.outline["questions"] if q["name"] == "sheet"]
    return [value for value, _ in asked["alternatives"]]


def chosen(firm, row, sheet, **options):
    row.read_again(firm.fang, {"sheet": sheet})
    row.check(firm.fang, row.mapping, options)
    Import.run_waiting()
    return Import.get_by_id(row.id)


def paid():
    rows = Payment.select().order_by(Payment.id)
    return [(str(p.received_on), p.amount, p.reference, p.number) for p in rows]


def test_payments_in_a_second_sheet_settle_the_invoices(firm):
    row = upload(firm, workbook(Invoices=INVOICES, Payments=PAYMENTS))
    assert offered(row) == ["Invoices:payments:Payments", "Invoices", "Payments"]
    row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    assert (1, None, "sheet_unclear") in faults(Import.get())  # nothing is taken unasked
    row = run(firm, chosen(firm, Import.get(), "Invoices:payments:Payments"))
    assert row.state == "done" and paid() == [
        ("2025-03-05", 1500, "TR-1", "IMP-A-1"),
        ("2025-03-09", 2050, "TR-2", "IMP-A-1 (2)"),
        ("2025-03-10", 1000, "TR-3", "IMP-A-2"),
    ]
    assert [open_balance(d) for d in Document.select().order_by(Document.id)] == [450, 0]
    assert checks.faults() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert not Payment.select().exists() and not Document.select().exists()


def test_lines_in_a_second_sheet_are_the_lines_of_the_documents(firm):
    row = upload(firm, workbook(Invoices=INVOICES, Invoice_Items=ITEMS, Payments=PAYMENTS))
    assert offered(row)[0] == "Invoices:lines:Invoice Items:payments:Payments"
    row = run(firm, chosen(firm, row, offered(row)[0]))
    assert row.state == "done", row.findings["faults"]
    documents = Document.select().order_by(Document.number)
    lines = [[x.name for x in d.ordered_lines()] for d in documents]
    assert lines == [["Pen", "Ink"], ["Pen"]]
    assert [open_balance(d) for d in documents] == [450, 0] and len(paid()) == 3


def test_a_line_without_document_and_a_document_without_lines_are_faults(firm):
    items = [*ITEMS[:3], ["A-9", "Cap", 1, 1, 1], *([["A-1", "Pen", 1, 1, 1]] * 8)]
    row = chosen(firm, upload(firm, workbook(I=INVOICES, L=items)), "I:lines:L")
    found = faults(row)
    assert (4, "Date", "cell_needed") in found
    assert any(code == "cell_needed" and head == "Qty" for _, head, code in found)


def test_a_payment_of_nothing_is_told(firm):
    lost = [*PAYMENTS, ["2025-03-10", "A-7", 10, ""]]
    lost += [["2025-03-11", "A-2", 0.01, ""]]
    row = chosen(firm, upload(firm, workbook(I=INVOICES, Payments=lost)), "I:payments:Payments")
    assert "payments_of_nothing" in warned(row)
    assert [code for *_, code in faults(row)] == ["paid_more"]


@pytest.mark.parametrize(
    "other",
    [
        [["Customer", "Phone"], ["Old Ltd", "1"], ["New Ltd", "2"]],
        [["Code", "Name", "Price"], ["1", "Pen", 3], ["2", "Ink", 4]],
        [["Invoice No", "Date", "Customer", "Amount"], ["A-7", "2025-03-01", "Old Ltd", 1]],
        [["No", "Note"], [1, "x"], [2, "y"]],
    ],
)
def test_sheets_that_have_nothing_to_do_with_each_other_are_not_joined(firm, other):
    assert offered(upload(firm, workbook(I=INVOICES, O=other))) == ["I", "O"]


def test_payments_in_plain_words_are_found_and_are_no_documents(firm):
    paid_in = [["Doc", "When", "Paid"], ["A-1", "2025-03-05", 15], ["A-2", "2025-03-06", 10]]
    assert offered(upload(firm, workbook(I=INVOICES, Receipts=paid_in)))[0] == "I:payments:Receipts"
    lines = [[*HEADS, "Qty"], ["A-1", "2025-03-01", "Old Ltd", 40, 1]]
    book = workbook(I=lines, Payments=PAYMENTS[:2])
    assert offered(upload(firm, book)) == ["I:payments:Payments", "I", "Payments"]


CHINESE = {
    "销售单": [
        ["单据编号", "单据日期", "客户名称"],
        ["X001", "2025-03-01", "甲"],
        ["X002", "2025-03-02", "乙"],
    ],
    "明细": [
        ["单据编号", "商品名称", "数量", "单价", "金额"],
        ["X001", "笔", 2, 10, 20],
        ["X002", "墨", 1, 5, 5],
    ],
    "收款": [["收款日期", "单据编号", "收款金额", "备注"], ["2025-03-05", "X001", 20, "网银"]],
}


def test_chinese_sheets_are_joined_by_their_numbers(firm):
    row = upload(firm, workbook(**CHINESE))
    row = run(firm, chosen(firm, row, "销售单:lines:明细:payments:收款"))
    assert row.state == "done", row.findings["faults"]
    assert paid() == [("2025-03-05", 2000, "网银", "IMP-X001")]
    assert sum(open_balance(d) for d in Document.select()) == 500


AKAUNTING = {
    "invoices": [
        "invoice_number order_number status invoiced_at due_at amount discount_rate currency_code "
        "contact_name contact_email notes".split(),
        ["INV-1", "", "sent", "2025-03-01", "2025-03-31", 40, 0, "USD", "Old Ltd", "", ""],
        ["INV-2", "", "paid", "2025-03-02", "2025-04-01", 10, 0, "USD", "Old Ltd", "", ""],
    ],
    "invoice_items": [
        "invoice_number item_name item_description item_type quantity price total tax".split(),
        ["INV-1", "Pen", "", "product", 2, 10, 20, 0],
        ["INV-1", "Ink", "", "product", 1, 20, 20, 0],
        ["INV-2", "Pen", "", "product", 1, 10, 10, 0],
    ],
    "invoice_totals": [
        "invoice_number code name amount sort_order".split(),
        ["INV-1", "total", "Total", 40, 1],
        ["INV-2", "total", "Total", 10, 1],
    ],
    "invoice_transactions": [
        "invoice_number paid_at amount currency_code payment_method reference".split(),
        ["INV-2", "2025-03-02", 10, "USD", "cash", "R-1"],
    ],
}


def test_an_export_of_akaunting_is_read_whole(firm):
    row = upload(firm, workbook(**{name: rows for name, rows in AKAUNTING.items()}))
    (first, *_) = offered(row)
    assert "lines" in first and "payments" in first
    row = chosen(firm, row, first)
    assert row.outline["recognised"] == {"program": "Akaunting"}
    row = run(firm, row)
    assert row.state == "done", row.findings["faults"]
    assert sorted((d.number, d.total, open_balance(d)) for d in Document.select()) == [
        ("INV-1", 4000, 4000),
        ("INV-2", 1000, 0),
    ]
