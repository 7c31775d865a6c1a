"""Workbooks: what their cells, formats, sheets and formulas say."""

import datetime as dt
from pathlib import Path

import pytest
from openpyxl.styles import numbers

from models.adapters import tables
from tests.support.ods import ods_of
from tests.support.workbooks import saved, xlsx

DATA = Path(__file__).parent.parent / "data"


ROWS = [["编号", "日期", "金额"], [1, dt.datetime(2024, 3, 5), 0.1 + 0.2], [2, None, 1e9]]


def test_a_workbook_gives_days_and_numbers_as_one_types_them():
    found = tables.parse(saved(xlsx(("a", ROWS))), "x.xlsx")
    assert found.rows == [(2, ["1", "2024-03-05", "0.3"]), (3, ["2", "", "1000000000"])]
    assert found.stored == [0, 2] and not found.questions


def test_formats_that_show_zeros_and_percents_are_honoured():
    book = xlsx(("a", [["编号", "名称", "税率"], [123, "甲", 0.13], [45, "乙", 0.005]]))
    for row in (2, 3):
        book["a"].cell(row, 1).number_format = "00000"
        book["a"].cell(row, 3).number_format = numbers.FORMAT_PERCENTAGE_00
    rows = tables.parse(saved(book), "x.xlsx").rows
    assert [cells for _, cells in rows] == [["00123", "甲", "13%"], ["00045", "乙", "0.5%"]]


def test_merged_cells_are_filled_down():
    rows = [["单号", "产品", "数量"], ["A1", "笔", 1], [None, "墨", 2], ["A2", "纸", 3]]
    book = xlsx(("a", rows))
    book["a"].merge_cells("A2:A3")
    assert [cells[0] for _, cells in tables.parse(saved(book), "x.xlsx").rows] == ["A1", "A1", "A2"]


def test_a_formula_without_a_result_is_told():
    book = xlsx(("a", [["编号", "金额"], [1, "=2*3"], [2, 4]]))
    assert tables.parse(saved(book), "x.xlsx").notes == [
        ("formulas_empty", {"count": 1, "cell": "B2"})
    ]


@pytest.mark.parametrize("hidden", [(), ("b",), ("a",)])
def test_several_sheets_are_asked(hidden):
    data = saved(xlsx(("empty", []), ("a", ROWS), ("b", [*ROWS, [3, None, 5]]), hidden=hidden))
    found = tables.parse(data, "x.xlsx")
    asked = next(q for q in found.questions if q["name"] == "sheet")
    assert {value for value, _ in asked["alternatives"]} == {"a", "b"}
    assert asked["used"] == ("b" if hidden == ("a",) else "a")
    chosen = tables.parse(data, "x.xlsx", sheet="b")
    assert len(chosen.rows) == 3 and not chosen.questions


def test_an_area_that_begins_further_down_keeps_its_row_numbers():
    book = xlsx(("a", []))
    for row, cells in enumerate((("编号", "金额"), (1, 5), (2, 6)), 4):
        for column, value in enumerate(cells, 3):
            book["a"].cell(row, column, value)
    found = tables.parse(saved(book), "x.xlsx")
    assert found.heads[-2:] == ["编号", "金额"] and found.rows[0][0] == 5


def ods(rows):
    """A table whose cells are texts, or (type, value, what is shown)."""
    lines = []
    for row in rows:
        cells = [c if isinstance(c, tuple) else ("string", None, c) for c in row]
        lines.append("<table:table-row>")
        for kind, value, text in cells:
            held = f' office:value="{value}"' if value else ""
            lines.append(f'<table:table-cell office:value-type="{kind}"{held}>')
            lines.append(f"<text:p>{text}</text:p></table:table-cell>")
        lines.append("</table:table-row>")
    return ods_of("".join(lines))


def test_an_ods_is_read_with_its_zeros_and_percents():
    first = [
        ("float", "123", "00123"),
        "甲",
        ("percentage", "0.13", "13 %"),
        ("float", "1.5", "1,50"),
    ]
    second = [("float", "45", "00045"), "乙", ("percentage", "0.06", "6%"), ("float", "2", "2.00")]
    found = tables.parse(ods([["编号", "名称", "税率", "单价"], first, second]), "x.ods")
    assert [cells for _, cells in found.rows] == [
        ["00123", "甲", "13%", "1.5"],
        ["00045", "乙", "6%", "2"],
    ]


def test_an_ods_keeps_zeros_in_rows_and_cells_that_are_repeated():
    cell = '<table:table-cell office:value-type="{}"{}><text:p>{}</text:p></table:table-cell>'
    zeros = cell.format("float", ' office:value="12" table:number-columns-repeated="2"', "00012")
    heads = "".join(cell.format("string", "", head) for head in ("编号", "名称", "税率"))
    row = "<table:table-row{}>{}</table:table-row>"
    twice = row.format(' table:number-rows-repeated="2"', zeros + cell.format("string", "", "甲"))
    found = tables.parse(ods_of(row.format("", heads) + twice), "x.ods")
    assert [cells for _, cells in found.rows] == [["00012", "00012", "甲"]] * 2


@pytest.mark.parametrize("inside, text", [("<text:tab/>", "a\tb"), ("<text:line-break/>", "a\nb")])
def test_an_ods_keeps_words_apart(inside, text):
    found = tables.parse(ods([["编号", "名称"], ["1", f"a{inside}b"], ["2", "c"]]), "x.ods")
    assert found.rows[0][1] == ["1", text]


def test_an_xls_is_read_with_its_zeros_and_percents():
    data = (DATA / "tables" / "formats.xls").read_bytes()
    found = tables.parse(data, "x.xls")
    assert [cells for _, cells in found.rows] == [
        ["00123", "甲", "13%", "2025-03-01", "1234.5", "2025-03-01 10:20:00", "HT007"],
        ["00042", "乙", "6.5%", "2025-03-02", "3", "2025-03-02", "HT1234"],
        ["00007", "丙", "0%", "", "-5.25", "", ""],
    ]
