"""What heads and signs say about the numbers beside or below them."""

import pytest

from models.imports import Import
from models.imports.currencies import currency_of
from models.imports.fields import guess
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
    text = "单号,日期,客户,金额,优惠金额,运费,备用\nA1,2024-03-05,甲,10,1,,x\n"
    row = put(firm, "documents", text)
    assert row.clean and [w[3] for w in row.findings["warnings"]] == [{"value": "优惠金额"}]
    assert warned(row) == ["column_left_out"]
