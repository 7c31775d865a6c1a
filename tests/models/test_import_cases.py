"""Files as firms really have them, each through the running import: upload, answers, check,
write."""

import datetime as dt
from pathlib import Path

import pytest

from models.customers import Customer
from models.documents import Document, Line
from models.imports import Import
from models.operations import checks
from models.payments import open_balance
from models.payments.refund import credit_left
from models.products import Product

FILES = Path(__file__).parents[1] / "data" / "import"
TARGETS = {"c": "customers", "d": "documents", "p": "products"}


def checked(firm, name, reading=None, mapping=None, **options):
    """Upload, say how it is read, and check."""
    path = next(FILES.glob(f"{name}_*"))
    row = Import.upload(firm.fang, TARGETS[name[0]], path.name, path.read_bytes())
    if reading:
        row.read_again(firm.fang, reading)
        row = Import.get_by_id(row.id)
    row.check(firm.fang, row.mapping if mapping is None else mapping, options)
    Import.run_waiting()
    return Import.get_by_id(row.id)


def written(firm, name, reading=None, mapping=None, **options):
    row = checked(firm, name, reading, mapping, **options)
    assert row.clean, row.findings["faults"]
    row.start(firm.fang)
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert (row.state, row.error) == ("done", "")
    assert checks.faults() == []
    return row


def asked(row):
    """The questions that stop the import, and that nothing was read."""
    assert not row.clean and row.findings["counts"]["create"] == 0
    return [q["name"] for q in row.findings["questions"]]


def customers():
    return {c.code or c.name: c.name for c in Customer.select().where(Customer.code != "A")}


def total(number):
    document = Document.get(Document.number == number)
    return document.total / 100


def new_customers(firm, before, *args, **options):
    written(firm, *args, **options)
    return [c for c in Customer.select().order_by(Customer.id) if c.id not in before]


@pytest.mark.parametrize(
    "name, reading, mapping, found",
    [
        ("c05", None, None,
         [(None, "Müller Übersee GmbH"), (None, "Société Ébène"), (None, "Grün & Söhne")]),
        ("c06", {"head_row": 0}, {"0": "code", "1": "name", "2": "city", "3": "phone"},
         [("0001", "甲子商贸有限公司"), ("0002", "乙丑贸易有限公司")]),
        ("c07", None, None, [("0001", "甲子商贸有限公司"), ("0002", "乙丑贸易有限公司")]),
        ("c08", None, None, [("00123", "甲子商贸有限公司"), ("00045", "乙丑贸易有限公司")]),
        ("c10", None, None, [("00123", "甲子商贸有限公司"), ("00124", "乙丑贸易有限公司")]),
        ("c13", None, None, [("0001", "甲子商贸有限公司"), ("0002", "乙丑贸易有限公司")]),
        ("c15", None, None, [("0001", "甲子商贸有限公司"), ("0002", "乙丑贸易有限公司")]),
        ("c36", None, None, [("00123", "甲"), ("00045", "乙")]),
        ("c22", None, None, [(None, "Müller Test GmbH"), (None, "Jäger Test KG")]),
        ("c25", None, None, [(None, "Alpha Test Ltd"), (None, "Beta Test Ltd")]),
    ],
)  # fmt: skip
def test_customers(firm, name, reading, mapping, found):
    before = {c.id for c in Customer.select()}
    made = new_customers(firm, before, name, reading, mapping)
    assert [(c.code, c.name) for c in made] == found
    if name == "c36":
        assert [c.address_text() for c in made] == ["000001", "000002"]
    if name == "c22":
        assert "Nürnberg" in made[0].address_text()


def test_a_file_without_heads_asks_whether_its_first_row_is_data(firm):
    row = checked(firm, "c06", mapping={"0": "code", "1": "name"})
    assert asked(row) == ["head_row"]
    assert row.outline["questions"][0]["alternatives"][0][0] == 0


def test_a_sum_and_a_title_are_left_out_and_told(firm):
    row = checked(firm, "c07")
    assert [(n, why) for n, _, why in row.outline["left_out"]] == [
        (1, "title"), (2, "title"), (6, "total"),
    ]  # fmt: skip


def test_prices_as_people_write_them(firm):
    row = checked(firm, "p01")
    assert asked(row) == ["rounding"] and row.findings["faults"][0][:2] == [10, "单价"]
    written(firm, "p01", rounding="round")
    prices = {p.code: p.price for p in Product.select() if p.code.startswith("T0")}
    assert prices == {
        "T01": 12345000, "T02": 880000, "T03": 12345000, "T04": 123456, "T05": 450000,
        "T06": 35000, "T07": 0, "T08": 0, "T09": 1235,
    }  # fmt: skip


def test_european_prices(firm):
    row = checked(firm, "p02")
    assert {f[2] for f in row.findings["faults"]} <= {"tax_unknown"}  # no 19 % in China
    mapping = {k: v for k, v in row.mapping.items() if v != "tax"}
    written(firm, "p02", mapping=mapping)
    prices = [Product.get(Product.code == c).price for c in ("E1", "E2", "E3")]
    assert prices == [12345600, 9900, 125000]


def test_a_column_without_a_head_is_left_out_and_the_sum_below_too(firm):
    mapping = {"0": "code", "1": "name", "2": "unit", "3": "cost"}
    row = written(firm, "p05", mapping=mapping)
    assert row.outline["heads"][-1] == "" and row.findings["counts"]["create"] == 3
    assert [(n, why) for n, _, why in row.outline["left_out"]] == [(5, "total")]


def test_days_as_excel_counts_them(firm):
    written(firm, "d02")
    days = {d.number: d.date for d in Document.select()}
    assert days == {"X11": dt.date(2024, 3, 5), "X12": dt.date(2024, 3, 6)}


def test_years_in_two_digits(firm):
    written(firm, "d03")
    days = {d.number: d.date for d in Document.select()}
    assert days == {"10107": dt.date(2003, 2, 24), "10121": dt.date(2003, 5, 7)}


def test_two_orders_of_day_and_month_name_the_odd_row(firm):
    row = checked(firm, "d06")
    assert asked(row) == ["date_order"]
    told = [fault[:4] for fault in row.findings["faults"]]
    assert [3, "date", "days_two_orders", {"value": "4/14/2024"}] in told
    row = checked(firm, "d06", date_order="dmy")
    assert [f[:3] for f in row.findings["faults"]] == [[3, "date", "cell_no_day"]]


def test_what_a_discount_says_is_asked(firm):
    row = checked(firm, "d08")
    assert asked(row) == ["discount"]
    readings = dict(row.findings["questions"][0]["alternatives"])
    assert readings["paid"] == ["85%", "100%"] and readings["off"] == ["15%", "0%"]
    written(firm, "d08", discount="paid")
    assert (total("Z11"), total("Z12")) == (85, 100)


def test_prices_that_include_tax_by_their_heads(firm):
    written(firm, "d09")
    document = Document.get(Document.number == "S1")
    assert (document.total, document.tax, document.net) == (28250, 3250, 25000)


def test_european_amounts(firm):
    written(firm, "d11")
    assert (total("T1"), total("T2")) == (12345, 2.48)


def test_thousands_or_decimals_are_asked(firm):
    row = checked(firm, "d11b")
    assert asked(row) == ["decimal"]
    assert dict(row.findings["questions"][0]["alternatives"])[","] == ["1,234", "2,500"]
    written(firm, "d11b", decimal=",")
    assert (total("T1"), total("T2")) == (1234, 2500)


def test_returns_within_an_invoice_and_quantity_zero(firm):
    written(firm, "d12")
    assert (total("R1"), total("R2"), total("R3")) == (80, 0, 0)


def test_a_row_of_sums_is_no_document(firm):
    written(firm, "d14")
    assert (total("Y1"), total("Y2"), Document.select().count()) == (100, 50, 2)


def test_blank_numbers_belong_to_the_document_above(firm):
    row = written(firm, "d16")
    assert (total("G1"), total("G2")) == (150, 20)
    assert "lines_of_above" in [w[2] for w in row.findings["warnings"]]


@pytest.mark.parametrize("settled", [False, True])
def test_a_negative_total_is_a_credit_note_of_the_invoice_it_names(firm, settled):
    written(firm, "d22", settled=settled)
    note, invoice = (Document.get(Document.number == n) for n in ("C9", "I9"))
    line = note.lines.get()
    assert (note.kind, note.total, line.quantity, line.price) == (
        "credit_note",
        20000,
        10000,
        2000000,
    )
    assert note.source == invoice and credit_left(note) == 0
    assert open_balance(invoice) == (0 if settled else 80000)


def test_currencies_in_words(firm):
    written(firm, "d24")
    assert [d.currency for d in Document.select()] == ["CNY"] * 3


def test_states_are_asked(firm):
    row = checked(firm, "d27")
    assert asked(row) == ["status_out"]
    assert row.findings["questions"][0]["samples"] == ["已取消", "作废"]
    written(firm, "d27", status_out=["已取消", "作废"])
    assert [d.number for d in Document.select()] == ["K1"]


def test_credit_notes_of_several_prefixes(firm):
    written(firm, "d30", credit_prefix="C")
    found = {d.number: (d.kind, d.total) for d in Document.select()}
    assert found["C563101"] == ("credit_note", 400) and found["563100"] == ("invoice", 2000)
    assert found["A563186"] == ("credit_note", 1106)


def test_a_file_without_customers_is_the_named_customers(firm):
    mapping = {"0": "number", "1": "name", "2": "quantity", "3": "price", "4": "date"}
    row = checked(firm, "d31", mapping=mapping)
    assert "column_needed" in [f[2] for f in row.findings["faults"]]
    written(firm, "d31", mapping=mapping, fallback="散客")
    document = Document.get(Document.number == "137")
    assert (document.customer.name, document.total) == ("散客", 4500)
    assert Line.select().first().name == "番茄牛腩"
