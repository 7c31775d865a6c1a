"""Cells as people in China, Europe and America write them: numbers, days, discounts, codes."""

import datetime as dt
from decimal import Decimal

import pytest

from models.adapters import cells
from models.adapters.cells import discounts, numbers
from models.bank import values as bank_values
from models.core.errors import Refused


@pytest.mark.parametrize(
    "cell, sign, value",
    [
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("12.345.678,9", ",", "12345678.9"),
        ("1 234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("1’234.50", ".", "1234.50"),
        ("1\u202f234,5", ",", "1234.5"),
        ("12,34,567.00", ".", "1234567"),
        ("１，２３４．５０", ".", "1234.50"),
        ("¥1,234.50", ".", "1234.50"),
        ("￥88元", ".", "88"),
        ("RMB 45.00", ".", "45"),
        ("CNY 3.5", ".", "3.5"),
        ("人民币100元", ".", "100"),
        ("US$ 12.5", ".", "12.5"),
        ("12,50 €", ",", "12.50"),
        ("10-", ".", "-10"),
        ("(10)", ".", "-10"),
        ("（1,000.00）", ".", "-1000"),
        ("-¥10", ".", "-10"),
        ("¥-10", ".", "-10"),
        ("−10", ".", "-10"),
        ("5万", ".", "50000"),
        ("3.5万元", ".", "35000"),
        ("1.2亿", ".", "120000000"),
        ("9.5E+3", ".", "9500"),
        (".5", ".", "0.5"),
        ("+7", ".", "7"),
        ("0.30000000000000004", ".", "0.3"),
    ],
)
def test_numbers_are_read(cell, sign, value):
    assert cells.number(cell, 4, -(10**15), 10**15, sign) == int(Decimal(value) * 10_000)


@pytest.mark.parametrize(
    "cell", ["abc", "1,23", "1.2.3", "12 34", "10²", "--5", "5箱", "", "..", "1,2345.00", "3-4"]
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(Refused) as refused:
        cells.number(cell, 2)
    assert refused.value.code == "cell_no_number"


@pytest.mark.parametrize(
    "cell, unit", [("10箱", "箱"), ("2.5 kg", "kg"), ("3", ""), ("8/盒", "盒")]
)
def test_a_unit_behind_a_number_is_told(cell, unit):
    assert cells.unit(cell) == unit


@pytest.mark.parametrize(
    "column, sign",
    [
        (["1.234,50", "0,99"], ","),
        (["1,234.50", "88"], "."),
        (["1.234", "2.500"], None),
        (["1,234", "2,500"], None),
        (["1.234", "12,5"], ","),
        (["1,234", "12.5"], "."),
        (["1,234", "1,234,567"], "."),
        (["0.125", "3"], "."),
        (["0,125"], ","),
        (["12345.678"], "."),
        (["1", "20"], ""),
        (["1,5", "1.5"], None),
    ],
)
def test_the_decimal_sign_is_that_of_the_column(column, sign):
    assert numbers.habit(column) == sign


@pytest.mark.parametrize(
    "cell, order",
    [
        *(
            (c, "")
            for c in (
                "2024-03-05 2024/3/5 2024.3.5 20240305 20240305102133 2024年3月5日 5-Mar-2024 "
                "二〇二四年三月五日 二零二四年三月五日 45356 45356.5 24年3月5日"
            ).split()
        ),
        ("2024-03-05T10:00:00Z", ""),
        ("2024/3/5 14:02:37", ""),
        ("20240305 10:21:33", ""),
        ("2024年3月5日 上午10:30", ""),
        ("2024-03-05 星期二", ""),
        ("March 5, 2024", ""),
        ("5 March 2024", ""),
        ("Tue, 5 Mar 2024", ""),
        ("5. Mär 2024", ""),
        ("5th March 2024", ""),
        ("05-Mar-24", ""),
        ("3/5/2024", "mdy"),
        ("5/3/2024", "dmy"),
        ("05.03.2024", "dmy"),
        ("3/5/24 0:00", "mdy"),
        ("3/5/2024 2:03 PM", "mdy"),
        ("24-3-5", "ymd"),
        ("24/03/05", "ymd"),
    ],
)
def test_days_are_read(cell, order):
    assert cells.day(cell, order) == dt.date(2024, 3, 5)


def test_days_in_chinese_above_ten():
    assert cells.day("二〇二四年十二月二十一日") == dt.date(2024, 12, 21)
    assert cells.day("二〇二四年十月三十日") == dt.date(2024, 10, 30)
    assert cells.day("1/2/67", "mdy") == dt.date(1967, 1, 2)


@pytest.mark.parametrize(
    "cell, code",
    [
        ("3/4/2024", "cell_day_unclear"),
        ("2024-02-30", "cell_no_day"),
        ("13/13/2024", "cell_no_day"),
        ("12345", "cell_no_day"),
        ("soon", "cell_no_day"),
        ("5-Foo-2024", "cell_no_day"),
        ("零年月日", "cell_no_day"),
        ("2024-3", "cell_no_day"),
    ],
)
def test_what_is_no_day_is_refused(cell, code):
    with pytest.raises(Refused) as refused:
        cells.day(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "column, found",
    [
        ("1/26/2025 3/4/2025", ("mdy", "")),
        ("26/1/2025 3/4/2025", ("dmy", "")),
        ("3/4/2025", (None, "")),
        ("4.3.2025", ("dmy", "")),
        ("2025-03-04", ("", "")),
        ("2/24/03 5/7/03", ("mdy", "")),
        ("13/4/2024 14/4/2024 4/14/2024", ("dmy", "4/14/2024")),
        ("24/03/15 24/03/16", (None, "")),
        ("24/03/05 31/12/31", (None, "")),
        ("99/03/15", ("ymd", "")),
    ],
)
def test_the_order_of_days_is_that_of_the_column(column, found):
    assert cells.day_order(column.split()) == found


def test_two_orders_in_equal_number_are_asked():
    assert cells.day_order(["13/4/2024", "4/14/2024"])[0] is None


@pytest.mark.parametrize(
    "cell, off",
    [
        ("8折", 2000), ("8.5折", 1500), ("85折", 1500), ("九五折", 500), ("八折", 2000),
        ("无折扣", 0), ("15% off", 1500), ("-15%", 1500),
    ],
)  # fmt: skip
def test_discounts_in_words_need_no_asking(cell, off):
    assert discounts.habit([cell], "折扣", False) == ""
    assert discounts.percent(cell, False, "") == off


@pytest.mark.parametrize(
    "column, head, habit",
    [
        (["0.85", "1"], "折扣", None),
        (["85%"], "折扣", None),
        (["0", "0.2", "0.8"], "折扣", "off"),
        (["5%", "10%"], "Discount", "off"),
        (["85", "90"], "discount", None),
        (["", "8折"], "折扣", ""),
    ],
)
def test_what_a_discount_means_is_asked_unless_the_column_shows_it(column, head, habit):
    column = [c for c in column if c]
    assert discounts.habit(column, head, discounts.are_parts(column)) == habit


@pytest.mark.parametrize("habit, off", [("paid", 1500), ("off", 8500)])
def test_the_answer_says_what_a_discount_is(habit, off):
    assert discounts.percent("0.85", True, habit) == off
    assert discounts.percent("85%", True, habit) == off


@pytest.mark.parametrize(
    "cell, code", [("1930717650.0", "1930717650"), ("00123", "00123"), ("1.0", "1.0")]
)
def test_codes_are_read_as_meant(cell, code):
    assert cells.identifier(cell) == code


@pytest.mark.parametrize("cell", ["9.13E+17", "1.93e+09"])
def test_a_code_that_a_spreadsheet_rounded_is_refused(cell):
    with pytest.raises(Refused) as refused:
        cells.identifier(cell)
    assert refused.value.code == "cell_digits_lost"


@pytest.mark.parametrize(
    "word, code",
    [("rmb", "CNY"), ("人民币(CNY)", "CNY"), ("美金", "USD"), ("￥", "CNY"), ("344", "HKD")]
    + [("港幣", "HKD"), ("円", "JPY"), ("euro", "EUR"), ("chf", "CHF"), ("", "")],
)
def test_currencies_are_one_list_for_imports_and_banks(word, code):
    assert cells.currency(word) == bank_values.currency(word) == code


def test_amounts_of_banks_and_of_imports_are_read_alike():
    for cell in (
        "5万",
        "１，５００．００",
        "1,00,000.00",
        "RMB 45.00",
        "(10)",
        "10-",
        "英镑3",
        "港幣7",
    ):
        assert bank_values.amount(cell, 2) == cells.number(cell, 2)
    assert [bank_values.amount(c, 2) for c in ("5.00 CR", "5.00Dr.", "THB 5", "5 EUR -")] == [
        500,
        -500,
        500,
        -500,
    ]
