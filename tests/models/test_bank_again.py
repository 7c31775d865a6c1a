"""The same payment from two formats: asked where it only looks like a line that is here, never
taken twice in silence, and never lost."""

import datetime as dt
from dataclasses import replace

import pytest

from models.bank.bank_file import BankFile
from models.bank.line import BankLine
from models.bank.row import Row
from models.core.errors import Refused
from tests.support import bank_writers as written
from tests.support.bank import read_in

PAID = Row(dt.date(2026, 9, 1), 25000, "EUR", "Alpha Ltd", "100200300", "INV-1", "S1")
TABLE = "Date,Paid in,Payer,Description,Account\n"


def judged(firm, data, name="x"):
    row = BankFile.upload(firm.fang, name, data, "EUR")
    return row, [what for _row, what, _line in row.judged()]


# Every format, with a reference that the table does not know.
FORMATS = {
    name: getattr(written, name)([replace(PAID, reference="B77")])
    for name in ("mt940", "camt", "ofx", "bai2", "qif")
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_payment_in_another_format_is_asked(firm, name):
    data = FORMATS[name]
    read_in(firm.fang, TABLE + "2026-09-01,250.00,ALPHA LTD.,Invoice 1,\n", currency="EUR")
    row, what = judged(firm, data)
    assert what == ["alike"]
    with pytest.raises(Refused, match="bank_alike"):
        row.take_in(firm.fang)
    line = BankLine.get()
    row.compare(firm.fang, {f"0-{line.id}": "same"})
    assert row.take_in(firm.fang)["new"] == 0
    row.undo(firm.fang)
    again, what = judged(firm, data)
    again.compare(firm.fang, {f"0-{line.id}": "other"})
    assert again.take_in(firm.fang)["new"] == 1 and BankLine.select().count() == 2


@pytest.mark.parametrize(
    "here",
    [
        "2026-09-01,250.00,Gamma AG,Invoice 9,",
        "2026-09-02,250.00,Alpha Ltd,INV-1,",
        "2026-09-01,250.01,Alpha Ltd,INV-1,",
        "2026-09-01,250.00,Alpha Ltd,INV-1,DE99999",
    ],
)
def test_what_another_payer_day_amount_or_account_tells_apart_is_new(firm, here):
    read_in(firm.fang, TABLE + here + "\n", currency="EUR")
    assert judged(firm, written.mt940([replace(PAID, reference="B77")]))[1] == ["new"]


def test_the_account_is_the_same_however_it_is_written(firm):
    text = TABLE + "2026-09-01,250.00,Alpha,,DE02 1001 2345 0011 1001 2345 09\n"
    read_in(firm.fang, text.replace("DE02 1001 2345 0011 1001 2345 09", "1001234509"), "a", "EUR")
    assert judged(firm, written.mt940([replace(PAID, reference="B77")]))[1] == ["alike"]


def test_two_equal_payments_of_one_format_are_two(firm):
    heads = "日期,收入,对方户名,流水号\n"
    read_in(firm.fang, heads + "2026-09-01,5,甲,20260901001\n", currency="EUR")
    row, what = judged(
        firm, (heads + "2026-09-01,5,甲,20260901001\n2026-09-01,5,甲,20260901002\n").encode()
    )
    assert what == ["known", "new"]


def test_of_three_payments_two_are_asked_and_the_third_is_new(firm):
    read_in(firm.fang, TABLE + "2026-09-01,250.00,Alpha,,\n" * 2, currency="EUR")
    rows = [replace(PAID, reference=f"B7{n}") for n in range(3)]
    assert judged(firm, written.mt940(rows))[1] == ["alike", "alike", "new"]


def test_the_same_file_read_with_one_more_column_is_no_second_payment(firm):
    data = "Wann,Wieviel,Bemerk,Zahler\n2026-09-01,5.00,INV-1,Alpha\n".encode()
    columns = {"0": "date", "1": "amount", "2": "text"}
    for what, more in (("new", {}), ("alike", {"3": "payer"})):
        row = BankFile.upload(firm.fang, "x.csv", data, "EUR")
        row.answer(firm.fang, {"columns": {**columns, **more}, "direction": "in"})
        ((_row, judged, line),) = row.judged()
        assert judged == what
        line and row.compare(firm.fang, {f"0-{line.id}": "same"})
        row.take_in(firm.fang)
    assert [line.payer for line in BankLine.select()] == ["Alpha"]
