"""Large files: what a row costs, and how much of a file is in memory at once."""

import cProfile
import json
import pstats
import tracemalloc
from types import SimpleNamespace

from models.adapters import sandbox, tables
from models.adapters.tables import workbooks
from models.documents import Document
from models.imports import Import, check_file, staging
from tests.models.test_imports import put, run
from tests.support.workbooks import saved, xlsx

HEADS = "Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate"


def lines(count, number=lambda i: i // 5):
    """A file of so many lines; `number`: of the document of each."""
    rows = [
        f"N-{number(i)},2025-01-{1 + number(i) % 28:02},C {number(i) % 7},S{i % 9},Pen,"
        f"{1 + i % 5},{10 + i}.50,13%"
        for i in range(count)
    ]
    return "\n".join([HEADS, *rows]).encode()


def test_the_rows_of_a_file_are_not_parsed_again(firm, monkeypatch):
    row, parsed = Import.upload(firm.fang, "documents", "a.csv", lines(60)), []
    loads = json.JSONDecoder().decode
    monkeypatch.setattr(staging.json, "loads", lambda text: parsed.append(1) or loads(text))
    table = row.table()
    assert len(list(table.rows)) == 60 and table.rows[0][1][0] == "N-0"
    assert len(parsed) < 30


def test_a_row_is_checked_by_few_calls(firm):
    row, profile = put(firm, "documents", lines(2000)), cProfile.Profile()
    with check_file.recorded(row.id) as recording:
        plan = row.plan(recording)
        profile.runcall(plan.compute)
    assert plan.counts["create"] == 400
    assert pstats.Stats(profile).total_calls < 158 * 2000


def test_a_row_is_written_by_few_calls(firm):
    row, profile = put(firm, "documents", lines(2000), create_customers=True), cProfile.Profile()
    row.start(firm.fang)
    profile.runcall(Import.run_waiting)
    assert Import.get_by_id(row.id).state == "done"
    assert pstats.Stats(profile).total_calls < 450 * 2000


def test_lines_of_scattered_documents_wait_in_a_file_not_in_memory(firm):
    def peak(count):
        row = Import.upload(
            firm.fang, "documents", "a.csv", lines(count, lambda i: i % (count // 5))
        )
        tracemalloc.start()
        try:
            assert row.plan().compute().count == count // 5
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small = peak(1500)
    assert (peak(3500) - small) / 2000 < 500  # bytes a line


def test_scattered_lines_are_one_document(firm):
    row = put(firm, "documents", lines(12, lambda i: i % 4), create_customers=True)
    assert row.findings["fault_count"] == 0 and row.findings["counts"]["create"] == 4
    run(firm, row)
    paper = Document.get(Document.number == "N-1")
    assert [line.price for line in paper.ordered_lines()] == [115000, 155000, 195000]
    assert Document.select().count() == 4


def test_a_scattered_line_with_another_day_is_named(firm):
    text = lines(4, lambda i: i % 2).decode().splitlines()
    text[3] = text[3].replace("2025-01-01", "2025-02-01")
    row = put(firm, "documents", "\n".join(text), create_customers=True)
    assert [fault[:4] for fault in row.findings["faults"]] == [
        [4, "Date", "head_differs", {"value": "2025-02-01", "row": 2}]
    ]


def test_writing_does_not_read_the_file_again(firm, monkeypatch):
    row = put(firm, "documents", lines(10), create_customers=True)
    monkeypatch.setattr(sandbox, "stream", None)
    assert run(firm, row).state == "done"


class _Counted:
    """A workbook that counts how often a sheet is read."""

    def __init__(self, book, read):
        self.sheets_metadata, self.book, self.read = book.sheets_metadata, book, read

    def get_sheet_by_name(self, name):
        self.read.append(name)
        return self.book.get_sheet_by_name(name)


def test_the_only_sheet_of_a_workbook_is_read_once(monkeypatch):
    read, real = [], workbooks.CalamineWorkbook
    counted = SimpleNamespace(from_filelike=lambda file: _Counted(real.from_filelike(file), read))
    monkeypatch.setattr(workbooks, "CalamineWorkbook", counted)
    data = saved(xlsx(("a", [HEADS.split(","), ["A", "2025-01-01", "C", "S", "P", 1, 2, ""]])))
    assert len(tables.parse(data, "a.xlsx").rows) == 1 and len(read) == 1
