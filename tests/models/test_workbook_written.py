"""A book that we write is read by others as it was meant."""

import datetime as dt
import io
import tracemalloc
import warnings
from decimal import Decimal

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from models.adapters import spreadsheets

HEADS = ["a<b>&\"'", "日期 😀"]
ROWS = [
    [None, ""],
    ["=1+1", 5],
    ["x\r\ny\x01\ud800\uffff _x000D_", Decimal("1.50")],
    [dt.date(2026, 11, 30), dt.datetime(2026, 1, 2, 3, 4, 5)],
    [dt.date(1899, 5, 5), True],
    ["  two  ", -3],
    ["长" * 40_000, 2**40],
]
READ = [
    HEADS,
    [None, None],
    ["'=1+1", 5],
    ["x\r\ny _x000D_", 1.5],
    [dt.datetime(2026, 11, 30), dt.datetime(2026, 1, 2, 3, 4, 5)],
    ["1899-05-05", True],
    ["  two  ", -3],
    ["长" * 32_767, 2**40],
]


def written(*sheets):
    return io.BytesIO(spreadsheets.xlsx_sheets(sheets))


def test_every_kind_of_cell_is_read_back():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = load_workbook(written(("发票 <1> & 'x'", HEADS, ROWS)))
    assert book.sheetnames == ["发票 <1> & 'x'"]
    assert [list(row) for row in book.active.values] == READ
    assert [c.number_format.replace("\\", "") for c in book.active[5]] == [
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
    ]
    rows = CalamineWorkbook.from_filelike(written(("a", HEADS, ROWS))).get_sheet_by_index(0)
    assert [row[0] for row in rows.to_python()][2] == "'=1+1"
    assert rows.to_python()[4][0] == dt.date(2026, 11, 30)


def test_sheets_have_names_of_their_own_and_columns_past_z():
    book = load_workbook(written(("A", ["x"], []), ("a", [*range(30)], []), ("b/c", [], [])))
    assert book.sheetnames == ["A", "a 2", "b c"]
    assert [c.value for c in book["a 2"][1]] == [*range(30)] and book["a 2"]["AD1"].value == 29
    assert load_workbook(written()).sheetnames == ["1"]


def test_a_long_table_is_written_row_by_row(tmp_path):
    rows = ([f"客户 {n}", n, dt.date(2026, 1, 1)] for n in range(20_000))
    with open(tmp_path / "long.xlsx", "wb") as out:
        tracemalloc.start()
        spreadsheets.write_xlsx(out, ["a", "b", "c"], rows, "long")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 2 * 2**20
    assert len(list(load_workbook(tmp_path / "long.xlsx", read_only=True).active.rows)) == 20_001
