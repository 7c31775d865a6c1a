"""Files that a customer may have made to do harm: each is refused, quickly, and none reaches
outside."""

import cProfile
import io
import pstats
import time
import zipfile

import pytest
from openpyxl import Workbook

from models.adapters import tables
from models.adapters.tables import html, reading, workbooks
from models.bank import values
from models.core.errors import Refused

STRINGS = (
    b"<sst "
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&x;</t></si></sst>'
)


def workbook(change=lambda xml: xml, **more):
    """A small workbook whose sheet's XML is changed, and whose other parts are replaced."""
    book, made, out = Workbook(), io.BytesIO(), io.BytesIO()
    for row in (["name", "code"], ["a", "b"]):
        book.active.append(row)
    book.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name,
                change(data)
                if name.endswith("sheet1.xml")
                else more.get(name.split("/")[-1].split(".")[0], data),
            )
    return out.getvalue()


def refusal(data, name="x.xlsx", read=tables.read):
    with pytest.raises(Refused) as said:
        read(data, name)
    return said.value.code


def test_the_workbook_itself_is_read():
    assert tables.read(workbook(), "x.xlsx").rows == [(2, ["a", "b"])]


def test_a_row_numbered_far_beyond_any_sheet_keeps_nobody_counting():
    far = workbook(
        lambda xml: (
            xml.replace(b'<row r="2"', b'<row r="99999999999"')
            .replace(b'r="A2"', b"")
            .replace(b'r="B2"', b"")
        )
    )
    assert refusal(far) in ("reading_memory", "reading_failed")


@pytest.mark.parametrize(
    "change", [lambda xml: xml[: len(xml) // 2], lambda xml: b"hello", lambda xml: b""]
)
def test_broken_xml_is_no_table(change):
    assert refusal(workbook(change)) == "file_not_a_table"


def test_a_damaged_zip_is_no_table():
    whole = workbook()
    for at in range(0, len(whole), 97):
        try:  # what is left may still be read; nothing but a refusal may come of it
            assert tables.read(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :], "x.xlsx").heads
        except Refused as error:
            assert error.code in ("file_not_a_table", "file_encrypted", "file_empty", "no_rows")


@pytest.mark.asvs("5.2.3")
def test_a_bomb_is_measured_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 2**20)
    assert refusal(workbook(lambda xml: xml + b" " * 2**21), read=tables.parse) == "file_too_large"


def test_cells_are_counted_not_only_rows_and_columns(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CELLS", 10)
    assert refusal(b"a,b\n" + b"1,2\n" * 6, "x.csv", tables.parse) == "file_too_large"


@pytest.mark.parametrize(
    "data",
    [
        b"name,code\n" + b"x" * 1_100_000 + b",b\n",
        b"a," * 600_000,
        b'name,code\n"' + b"x" * 1_100_000,
    ],
)
def test_a_cell_or_a_line_without_end_is_refused_with_a_sentence(data):
    assert refusal(data, "x.csv") in ("file_not_a_table", "too_many_columns", "cell_too_long")


def test_a_long_note_in_one_cell_is_still_read():
    assert tables.read(b"name,code\n" + b"x" * 200_000 + b",b\n", "x.csv").rows[0][1][1] == "b"


TABLE = b"<table><tr><td>name<td>code<tr><td>a<td>b</table>"


@pytest.mark.parametrize(
    "text",
    [b"<td ", b"<!--", b"<![CDATA[", b"</td ", b'<td a="', b"<table><tr><td a='\">", b"<td>&#"],
)
def test_what_an_html_page_never_closes_is_looked_at_once(text):
    began = time.process_time()
    assert html.records(TABLE + text * (600_000 // len(text)), {}).rows
    assert time.process_time() - began < 3


def test_an_html_cell_is_read_by_few_calls():
    page = b"<table>" + (b"<tr>" + b"<td>1</td>" * 20 + b"</tr>") * 1000
    profile = cProfile.Profile()
    profile.runcall(html.records, page, {})
    assert pstats.Stats(profile).total_calls < 27 * 20_000


def test_html_cells_that_are_filled_down_are_counted(monkeypatch):
    monkeypatch.setattr(html, "MOST_CELLS", 1000)
    page = b"<table><tr>" + b"<td rowspan=200>x" * 20 + b"<tr>" * 190 + b"</table>"
    with pytest.raises(Refused) as said:
        html.records(page, {})
    assert said.value.code == "file_too_large"


def test_a_table_in_a_cell_and_what_is_no_table_are_told_apart():
    page = b"""<style><td>no</td></style><!-- <table><tr><td>no -->
    <TABLE><tr><td title="a>b">name</td><TD/>co<b>d</b>e<tr><td>x<table><tr><td>in</table><td>1 < 2
    <script>if (a<b) "<td>"</script></table>"""
    rows = list(html.records(page, {}).rows)
    assert rows == [(1, ["name", "code"]), (2, ["x", "1 < 2"])]


def test_a_cell_longer_than_any_amount_is_none_at_once():
    cell, began = "1" + " " * 30_000 + "x", time.process_time()
    assert not values.signed(cell) and values.decimal_sign([cell]) == ""
    with pytest.raises(Refused):
        values.amount(cell, 2)
    assert time.process_time() - began < 1
