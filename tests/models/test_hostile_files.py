"""Files that a customer may have made to do harm: each is refused, quickly, and none reaches
outside."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from models.adapters import tables
from models.adapters.tables import reading, workbooks
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
