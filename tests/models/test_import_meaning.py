"""Which rows count, what is paid and what tax is in it, where a file says so in its own way."""

import pytest

from models.documents import Document
from models.payments import open_balance
from models.payments.refund import credit_left
from models.products import TaxRate
from tests.models.test_import_shapes import totals, warned, written
from tests.models.test_imports import faults, put

TYPES = "单号,类型,日期,客户,金额\n"


@pytest.mark.parametrize(
    "kind", ["收款", "预收款", "销售订单", "采购退货", "Payment", "Sales Order", "Bill", "Quote"]
)
def test_what_is_no_sale_by_its_type_is_asked(firm, kind):
    text = f"{TYPES}A1,销售,2024-03-05,甲,10\nB1,{kind},2024-03-05,甲,10\n"
    row = put(firm, "documents", text)
    question = row.findings["questions"][0]
    assert (question["name"], question["samples"]) == ("status_out", [kind])
    written(firm, "documents", text, status_out=[kind], status_known=["销售", kind])
    assert totals() == {"A1": ("invoice", 1000)}


def test_types_of_sales_and_returns_are_not_asked(firm):
    kinds = ["销售出库单", "Invoice", "Billing", "Tax invoice", "Sales receipt", "销售退货入库"]
    text = TYPES + "".join(f"A{i},{kind},2024-03-05,甲,10\n" for i, kind in enumerate(kinds))
    written(firm, "documents", text)
    assert totals()["A5"] == ("credit_note", 1000)
    orders = f"{TYPES}O1,销售订单,2024-03-05,甲,10\n"
    assert put(firm, "documents", orders, kind="order").clean


@pytest.mark.parametrize(
    "head, state", [("是否作废", "是"), ("作废标志", "1"), ("Voided", "Yes"), ("审核状态", "暂存"),
                    ("状态", "已红冲"), ("状态", "待审批"), ("Status", "Refunded")],
)  # fmt: skip
def test_what_does_not_count_by_its_state_is_asked(firm, head, state):
    text = f"单号,日期,客户,金额,{head}\nA1,2024-03-05,甲,10,否\nA2,2024-03-05,甲,10,{state}\n"
    row = put(firm, "documents", text)
    assert [q["samples"] for q in row.findings["questions"]] == [[state]]


def test_a_state_that_was_never_shown_is_asked_again(firm):
    text = "单号,日期,客户,金额,状态\nA1,2024-03-05,甲,10,有效\nA2,2024-03-05,甲,10,{}\n"
    answer = {"status_out": ["作废"], "status_known": ["作废", "有效"]}
    assert put(firm, "documents", text.format("作废"), **answer).clean
    assert put(firm, "documents", text.format("已取消"), **answer).findings["questions"]


def test_what_is_still_open_stays_open(firm):
    text = "单号,日期,客户,金额,未收金额\nA1,2024-03-05,甲,100,0\nA2,2024-03-05,甲,100,60\n"
    written(firm, "documents", text)
    assert {d.number: open_balance(d) for d in Document.select()} == {"A1": 0, "A2": 6000}
    both = "单号,日期,客户,金额,已收款,未收金额\nA3,2024-03-05,甲,100,50,60\n"
    assert faults(put(firm, "documents", both)) == [(2, "未收金额", "open_differs")]
    more = "单号,日期,客户,金额,欠款\nA4,2024-03-05,甲,100,160\n"
    assert faults(put(firm, "documents", more)) == [(2, "欠款", "paid_more")]


def test_what_each_row_says_of_its_own_line_is_added_up(firm):
    heads = "单号,日期,客户,金额,价税合计,已收款,未收金额\n"
    text = heads + "A1,2024-03-05,甲,100,100,,100\n,,,50,50,20,30\n"
    written(firm, "documents", text)
    assert {d.number: open_balance(d) for d in Document.select()} == {"A1": 13000}
    repeated = heads + "A2,2024-03-05,甲,100,150,,40\nA2,2024-03-05,甲,50,150,,40\n"
    written(firm, "documents", repeated)
    assert open_balance(Document.get(Document.number == "A2")) == 4000
    once = heads + "A3,2024-03-05,甲,100,150,,40\nA3,,,50,,,\n"
    written(firm, "documents", once)
    assert open_balance(Document.get(Document.number == "A3")) == 4000


def test_a_credit_note_that_is_open_is_not_paid_back(firm):
    text = """number,date,customer,amount,amount due
    C1,2024-03-05,Old,-10,-10
    C2,2024-03-05,Old,-5,0"""
    written(firm, "documents", text)
    assert {d.number: credit_left(d) for d in Document.select()} == {"C1": 1000, "C2": 0}


def test_a_tax_gives_its_rate(firm):
    text = (
        "单号,日期,客户,金额,税额,价税合计\nA1,2024-03-05,甲,200,26,226\nA2,2024-03-05,甲,9,0,9\n"
    )
    written(firm, "documents", text)
    one = Document.get(Document.number == "A1")
    assert (one.net, one.tax, one.total, one.lines.get().tax_label) == (20000, 2600, 22600, "13%")


@pytest.mark.parametrize(
    "heads, cells", [("金额,税率", "100,增值税13%"), ("金额,含税金额", "100,113")]
)
def test_a_rate_stands_in_words_or_between_two_amounts(firm, heads, cells):
    written(firm, "documents", f"单号,日期,客户,{heads}\nA1,2024-03-05,甲,{cells}\n")
    one = Document.get()
    assert (one.net, one.tax, one.total) == (10000, 1300, 11300)


def test_a_stated_total_below_nothing_is_a_credit_note(firm):
    text = "单号,日期,客户,金额,合计\nR1,2024-03-05,甲,50,-50\n"
    row = written(firm, "documents", text)
    assert totals() == {"R1": ("credit_note", 5000)} and warned(row) == ["credit_by_sign"]


def test_a_state_says_what_is_not_paid(firm):
    text = """单号,日期,客户,金额,状态
    A1,2024-03-05,甲,10,Paid
    A2,2024-03-05,甲,10,Awaiting payment
    A3,2024-03-05,甲,10,未收款"""
    row = written(firm, "documents", text)
    assert {d.number: open_balance(d) for d in Document.select()} == {
        "A1": 0, "A2": 1000, "A3": 1000,
    }  # fmt: skip
    assert warned(row) == ["unpaid_by_state"]
    partly = "单号,日期,客户,金额,状态\nA4,2024-03-05,甲,10,已部分收款\n"
    assert faults(put(firm, "documents", partly)) == [(2, "状态", "paid_partly")]


def test_a_rate_of_the_past_is_known_in_documents(firm):
    TaxRate.enter(firm.ada, name="17%", rate=1700, kind="taxed", valid_to="2018-04-30")
    written(firm, "documents", "单号,日期,客户,金额,税率\nA1,2017-03-05,甲,100,17%\n")
    assert Document.get().total == 11700
    assert faults(put(firm, "products", "编码,名称,税率\nX,甲,17%\n")) == [
        (2, "税率", "tax_unknown")
    ]


def test_prices_with_a_tax_that_nobody_names_are_told(firm):
    text = "单号,日期,客户,含税单价\nA1,2024-03-05,甲,113\n"
    assert warned(put(firm, "documents", text)) == ["tax_not_given"]
    rate = TaxRate.get(TaxRate.rate == 1300)
    assert warned(put(firm, "documents", text, tax=rate.id)) == []


@pytest.mark.parametrize(
    "heads, cells, discount",
    [
        ("数量,单价,折扣额", "10,2,2", 1000),
        ("数量,单价,折扣额,金额", "10,2,-2,18", 1000),
        ("数量,折扣额,金额", "10,2,18", 1000),
        ("数量,单价,折扣额,金额", "-10,2,2,-18", 1000),
    ],
)
def test_an_amount_is_taken_off_the_line(firm, heads, cells, discount):
    written(firm, "documents", f"单号,日期,客户,{heads}\nA1,2024-03-05,甲,{cells}\n")
    line = Document.get().lines.get()
    assert (line.net, line.price, line.discount) == (1800, 20000, discount)
    wrong = "单号,日期,客户,数量,单价,折扣额\nA2,2024-03-05,甲,1,2,3\n"
    assert faults(put(firm, "documents", wrong)) == [(2, "折扣额", "cell_out_of_range")]


@pytest.mark.parametrize("total, sums", [("30", [2000, 1000]), ("18", [2000, -200])])
def test_a_line_makes_up_what_the_total_has_more_or_less(firm, total, sums):
    text = f"单号,日期,客户,金额,合计\nA1,2024-03-05,甲,20,{total}\n"
    assert faults(put(firm, "documents", text)) == [(2, "合计", "total_differs")]
    row = written(firm, "documents", text, difference="line", difference_name="差额")
    assert totals() == {"A1": ("invoice", int(total) * 100)} and warned(row) == ["difference_line"]
    assert sorted(line.gross for line in Document.get().lines) == sorted(sums)
    assert (
        put(firm, "documents", text, difference="line", difference_name="差额").findings["counts"][
            "same"
        ]
        == 1
    )
