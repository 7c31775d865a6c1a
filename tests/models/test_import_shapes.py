"""Shapes that files of other programs have, told as short tables."""

import datetime as dt

import pytest

from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.imports.fields import guess
from models.operations import checks
from models.products import Product
from tests.models.test_imports import faults, put
from tests.models.test_workbooks import ROWS
from tests.support.workbooks import saved, xlsx


def lines(text):
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


def written(firm, target, text, **options):
    row = put(firm, target, lines(text) if isinstance(text, str) else text, **options)
    assert row.clean, row.findings["faults"]
    row.start(firm.fang)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (row.state, checks.faults()) == ("done", [])
    return row


def warned(row):
    """What is told, but for the customers that these files name for the first time."""
    return [w[2] for w in row.findings["warnings"] if w[2] != "customers_new"]


def totals():
    return {d.number: (d.kind, d.total) for d in Document.select()}


def test_codes_that_a_spreadsheet_rounded_are_a_fault(firm):
    text = "客户编号,客户名称,税号\n1930717650.0,甲,9.13E+17\n1.93E+09,乙,\n"
    assert faults(put(firm, "customers", text)) == [
        (2, "税号", "cell_digits_lost"),
        (3, "客户编号", "cell_digits_lost"),
    ]
    written(firm, "customers", "客户编号,客户名称\n1930717650.0,甲\n")
    assert Customer.get(Customer.name == "甲").code == "1930717650"


def test_a_long_number_in_a_workbook_is_a_fault(firm):
    data = saved(
        xlsx(("a", [["客户编号", "客户名称", "税号"], ["K1", "甲", 9.1310000012345678e17]]))
    )
    assert faults(put(firm, "customers", data)) == [(2, "税号", "cell_digits_lost")]


@pytest.mark.parametrize(
    "terms, days", [("月结30天", 30), ("30天", 30), ("net 45", 45), ("60 days", 60), ("现结", 0)]
)
def test_terms_in_words(firm, terms, days):
    written(firm, "customers", f"客户名称,账期\n甲乙,{terms}\n")
    assert Customer.get(Customer.name == "甲乙").terms_days == days


def test_what_nobody_sees_makes_no_second_customer(firm):
    written(firm, "customers", "客户名称,电话\n甲\u200b乙,1\n甲乙,1\n")
    assert Customer.select().where(Customer.name == "甲乙").count() == 1


@pytest.mark.parametrize(
    "discount, paid", [("8折", 8000), ("九五折", 9500), ("85折", 8500), ("无", 10000)]
)
def test_discounts_in_words(firm, discount, paid):
    written(firm, "documents", f"单号,日期,客户,单价,折扣\nN1,2024-03-05,甲,100,{discount}\n")
    assert totals() == {"N1": ("invoice", paid)}


@pytest.mark.parametrize(
    "discount, amount, total", [("85%", "85.00", 8500), ("0.15", "85", 8500), ("85", "15", 1500)]
)
def test_an_amount_proves_what_a_discount_says(firm, discount, amount, total):
    text = f"单号,日期,客户,数量,单价,折扣,金额\nN1,2024-03-05,甲,1,100,{discount},{amount}\n"
    written(firm, "documents", text)
    assert totals() == {"N1": ("invoice", total)}


def test_a_unit_behind_the_quantity_is_told(firm):
    row = written(firm, "documents", "单号,日期,客户,数量,单价\nN1,2024-03-05,甲,10箱,5万\n")
    line = Document.get().lines.get()
    assert (line.quantity, line.unit, line.price) == (100000, "箱", 500000000)
    assert "quantity_with_unit" in warned(row)


def test_a_price_of_five_decimals_is_kept_by_its_amount(firm):
    text = "单号,日期,客户,数量,单价,金额\nN1,2024-03-05,甲,100000,0.12345,12345.00\n"
    row = written(firm, "documents", text)
    assert totals() == {"N1": ("invoice", 1234500)}
    assert warned(row) == ["price_rounded"] and Document.get().lines.get().price == 1235


def test_an_amount_that_the_rounded_price_explains_is_kept_and_told(firm):
    text = "单号,日期,客户,数量,单价,金额\nN1,2024-03-05,甲,3,33.33,100.00\n"
    row = written(firm, "documents", text)
    assert totals() == {"N1": ("invoice", 10000)}
    assert [w[2:] for w in row.findings["warnings"]][-1][1] == {"sum": "0.01"}
    wrong = text.replace("100.00", "101.00").replace("N1", "N2")
    assert faults(put(firm, "documents", wrong)) == [(2, "金额", "amount_differs")]


def test_amounts_of_more_decimals_are_rounded_with_their_sum(firm):
    text = "单号,日期,客户,金额\nN1,2024-03-05,甲,10.004\nN2,2024-03-05,甲,10.0061\n"
    row = written(firm, "documents", text)
    assert totals() == {"N1": ("invoice", 1000), "N2": ("invoice", 1001)}
    told = [w[2:] for w in row.findings["warnings"]]
    assert ["amounts_rounded", {"sum": "-0.0001"}] in told


def test_detail_of_a_chinese_program_with_both_prices(firm):
    text = """单据编号,单据日期,客户,商品名称,数量,不含税单价,含税单价,税率,税额,价税合计
    S1,2024-03-05,甲,A,2,100,113,13%,26,226
    S1,2024-03-05,甲,B,1,50,56.5,13%,6.5,56.5"""
    written(firm, "documents", text)
    document = Document.get(Document.number == "S1")
    assert (document.net, document.tax, document.total) == (25000, 3250, 28250)


def test_tax_that_is_wrong_is_a_fault_and_the_last_digit_is_the_files(firm):
    text = "单号,日期,客户,金额,税率,税额\nN1,2024-03-05,甲,10.03,13%,{}\n"
    assert faults(put(firm, "documents", text.format("5"))) == [(2, "税额", "tax_differs")]
    row = written(firm, "documents", text.format("1.31"))
    assert Document.get().tax == 131 and "tax_kept" in warned(row)


def test_returns_by_a_column_of_types(firm):
    text = """单号,单据类型,日期,客户,数量,单价,原单号
    X1,销售出库,2024-03-05,甲,5,10,
    T1,销售退货,2024-03-06,甲,2,10,X1
    T2,退货单,2024-03-06,甲,-1,10,X1"""
    written(firm, "documents", text, settled=False)
    assert totals() == {
        "X1": ("invoice", 5000),
        "T1": ("credit_note", 2000),
        "T2": ("credit_note", 1000),
    }
    assert {d.source.number for d in Document.select().where(Document.kind == "credit_note")} == {
        "X1"
    }


def test_credit_notes_of_two_prefixes(firm):
    text = "number,date,customer,price\nCN1,2024-03-05,Old,10\nRMA1,2024-03-05,Old,10\n"
    written(firm, "documents", text, credit_prefix="CN, RMA")
    assert {kind for kind, _ in totals().values()} == {"credit_note"}


def test_a_report_by_customer_leaves_the_customer_blank_below(firm):
    text = """客户,单号,日期,金额
    甲,N1,2024-03-05,10
    ,N2,2024-03-06,20
    乙,N3,2024-03-06,30"""
    assert faults(put(firm, "documents", lines(text))) == [(3, "客户", "customer_missing")]
    written(firm, "documents", text, fill_down=True)
    assert Document.get(Document.number == "N2").customer.name == "甲"


def test_a_date_left_blank_below_the_first_line(firm):
    text = "单号,日期,客户,金额\nN1,2024-03-05,甲,10\nN1,,,20\n"
    written(firm, "documents", text)
    assert totals() == {"N1": ("invoice", 3000)}


def test_the_first_row_may_not_leave_its_number_blank(firm):
    text = "单号,日期,客户,金额\n,2024-03-05,甲,10\nN1,2024-03-05,甲,20\n"
    assert faults(put(firm, "documents", text)) == [(2, "单号", "cell_needed")]


def test_days_of_a_workbook_without_a_format(firm):
    rows = [["单号", "日期", "客户", "金额"], ["N1", 45356, "甲", 10], ["N2", 45357, "甲", 1.234]]
    row = written(firm, "documents", saved(xlsx(("a", rows))))
    assert Document.get(Document.number == "N1").date == dt.date(2024, 3, 5)
    assert "day_serial" in warned(row)


def test_the_habit_of_one_column_settles_another(firm):
    text = """invoice no;date;due date;customer;quantity;unit price
    T1;25.03.2024;05.04.2024;Alpha;1,5;1.234"""
    written(firm, "documents", text, settled=False)
    assert totals() == {"T1": ("invoice", 185100)}
    text = """invoice no,date,due date,customer,price
    T2,25/03/2024,05/04/2024,Alpha,12.50"""
    written(firm, "documents", text, settled=False)
    assert Document.get(Document.number == "T2").due_on == dt.date(2024, 4, 5)


def test_several_sheets_are_asked_before_anything_is_read(firm):
    row = put(firm, "documents", saved(xlsx(("a", ROWS), ("b", ROWS))))
    assert (1, None, "sheet_unclear") in faults(row)
    row.read_again(firm.fang, {"sheet": "b"})
    row = Import.get_by_id(row.id)
    assert row.outline["questions"] == [] and row.outline["choices"]["sheet"] == "b"
    assert [q["name"] for q in row.outline["offered"]] == ["sheet"]


def test_an_answered_state_is_left_out_and_others_come_in(firm):
    text = "单号,日期,客户,金额,状态\nN1,2024-03-05,甲,10,已审核\nN2,2024-03-05,甲,10,已审核\n"
    written(firm, "documents", text)
    assert len(totals()) == 2


AGAIN = """单号,日期,客户,参考号,产品编号,数量,单价,到期日
A1,2024-03-05,甲,R1,P1,2,10,2024-04-05
A1,2024-03-05,甲,R1,P2,1,20,2024-04-05
"""


@pytest.mark.parametrize(
    "before, after, column",
    [
        ("R1", "R2", "参考号"),
        ("2024-04-05", "2024-04-06", "到期日"),
        ("P2,1,20", "P3,1,20", "name"),
        ("P1,2,10", "P1,1,20", "name"),
        ("P2,1,20", "P2,1,21", "total"),
    ],
)
def test_a_document_is_the_same_only_where_everything_is(firm, before, after, column):
    written(firm, "documents", AGAIN, settled=False)
    assert put(firm, "documents", AGAIN).findings["counts"]["same"] == 1
    changed = AGAIN.replace(before, after)
    assert faults(put(firm, "documents", changed)) == [(2, column, "imported_differs")]
    row = written(firm, "documents", changed, existing="leave")
    counts = row.findings["counts"]
    assert (counts["same"], counts["left"], counts["create"], counts["products"]) == (0, 1, 0, 0)
    assert "imported_left" in warned(row) and Document.select().count() == 1


def test_of_two_heads_for_one_meaning_the_plainer_is_taken():
    heads = ["Contact Name", "Customer Name", "Invoice Number", "Number", "Date"]
    assert guess("documents", heads) == {"1": "customer_name", "3": "number", "4": "date"}


def test_prices_in_words_or_blank_are_no_price(firm):
    written(firm, "products", "货号,品名,单价\nP7,甲,面议\nP8,乙,\nP9,丙,¥5.00\n")
    prices = [Product.get(Product.code == c).price for c in ("P7", "P8", "P9")]
    assert prices == [0, 0, 50000]
