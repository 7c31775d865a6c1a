"""What heads and signs say about the numbers beside or below them."""

import pytest

from models.documents import Document
from models.imports import Import
from models.imports.currencies import currency_of
from models.imports.fields import guess
from models.payments import open_balance
from models.products import Product
from tests.models.test_import_shapes import lines, totals, warned, written
from tests.models.test_imports import faults, put


@pytest.mark.parametrize(
    "heads, meant",
    [
        ("单号,日期,客户,数量(箱),单价（元）,金额/元", ["quantity", "price", "amount"]),
        ("单号,日期,客户,名称,Amount (CNY)", ["name", "amount"]),
        ("单号,日期,客户,折扣率(%),单价（含税）", ["discount", "price_with_tax"]),
        ("单号,日期,客户,审核状态,已收款", ["status", "paid"]),
        ("单号,日期,客户,金额(备注)", []),
        (
            "單號,日期,客戶名稱,品名,規格,數量,單價,總價,付款狀態",
            ["name", "spec", "quantity", "price", "amount", "status"],
        ),
        ("单号,日期,客户,合计", ["amount"]),
    ],
)
def test_heads_with_a_measure_are_known(heads, meant):
    assert list(guess("documents", heads.split(",")).values())[3:] == meant


def test_heads_in_two_rows_are_known_by_the_second(firm):
    text = """订单信息,,,货品,,
    单号,日期,客户,数量,单价,金额
    A1,2024-03-05,甲,2,10,20"""
    row = Import.upload(firm.fang, "documents", "x.csv", lines(text).encode())
    assert list(row.mapping.values()) == [
        "number", "date", "customer_name", "quantity", "price", "amount",
    ]  # fmt: skip


def test_a_head_that_counts_in_ten_thousands_is_told(firm):
    row = written(firm, "documents", "单号,日期,客户,金额(万元)\nA1,2024-03-05,甲,2.5\n")
    assert totals() == {"A1": ("invoice", 2500000)}
    assert ["head_counts_in", {"value": "金额(万元)", "times": "10,000"}] in [
        w[2:] for w in row.findings["warnings"]
    ]


@pytest.mark.parametrize("amount", ["$1", "USD 2.50", "€3", "3 EUR", "100日元"])
def test_a_sign_of_another_currency_is_a_fault(firm, amount):
    text = f"单号,日期,客户,金额\nA1,2024-03-05,甲,{amount}\nA2,2024-03-05,甲,¥1\n"
    assert faults(put(firm, "documents", text)) == [(2, "金额", "currency_other")]
    prices = f"编码,名称,单价\nK1,甲,{amount}\nK2,乙,1元\n"
    assert faults(put(firm, "products", prices)) == [(2, "单价", "currency_other")]


@pytest.mark.parametrize("head", ["金额(美元)", "金额/USD", "Amount (EUR)"])
def test_a_head_of_another_currency_is_a_fault(firm, head):
    text = f"单号,日期,客户,{head}\nA1,2024-03-05,甲,10\n"
    assert faults(put(firm, "documents", text)) == [(1, head, "currency_other")]
    code = "EUR" if "EUR" in head else "USD"
    assert put(firm, "documents", text, currency=code).clean


@pytest.mark.parametrize("text", ["人民币(CNY)", "CNY 人民币", "ｃｎｙ", "元", "RMB￥"])
def test_currencies_in_two_words(text):
    assert currency_of(text) == "CNY"
    assert currency_of("美金") == "USD"


def test_a_column_that_may_change_amounts_is_not_left_out_without_a_word(firm):
    text = "单号,日期,客户,金额,整单优惠,运费,备用\nA1,2024-03-05,甲,10,1,,x\n"
    row = put(firm, "documents", text)
    assert row.clean and row.findings["warnings"][0][3] == {"value": "整单优惠"}
    assert warned(row) == ["column_left_out"]


def test_a_file_from_taiwan_comes_in(firm):
    text = """單號,日期,客戶名稱,單據類型,狀態,金額,幣別
    A1,2024/03/05,華信,銷售,有效,20,人民幣
    A2,2024/03/06,華信,銷貨退回單,有效,5,人民幣
    A3,2024/03/06,華信,銷售退貨,有效,5,人民幣
    A4,2024/03/07,華信,銷售,作廢,5,人民幣"""
    answer = {"status_out": ["作廢"], "status_known": ["有效", "作廢"]}
    assert put(firm, "documents", lines(text).encode("big5")).findings["questions"]
    written(firm, "documents", lines(text).encode("big5"), **answer)
    assert totals() == {
        "A1": ("invoice", 2000),
        "A2": ("credit_note", 500),
        "A3": ("credit_note", 500),
    }


def test_the_specification_stays_with_the_name(firm):
    text = "单号,日期,客户,商品名称,规格型号,数量,单价\nA1,2024-03-05,甲,螺丝,M6,1,10\n"
    text += "A1,2024-03-05,甲,螺丝M8,M8,1,12\n"
    written(firm, "documents", text)
    assert {line.name for line in Document.get().lines} == {"螺丝 M6", "螺丝M8"}
    written(firm, "products", "编码,名称,规格,零售价,状态\nX1,螺丝,M6,2,下架\n")
    made = Product.get(Product.code == "X1")
    assert (made.name, made.price, made.active) == ("螺丝 M6", 20000, False)


def test_a_price_of_two_numbers_is_a_fault(firm):
    row = put(firm, "products", "编码,名称,单价\nX1,甲,1/2\n")
    assert faults(row) == [(2, "单价", "cell_no_number")]


def test_whether_it_is_paid(firm):
    text = "单号,日期,客户,金额,是否付款\nA1,2024-03-05,甲,10,是\nA2,2024-03-05,甲,10,否\n"
    written(firm, "documents", text)
    assert {d.number: open_balance(d) for d in Document.select()} == {"A1": 0, "A2": 1000}
