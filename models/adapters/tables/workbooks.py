"""Workbooks: XLSX, XLS of Excel 97 and later, and ODS."""

import io
import zipfile
from dataclasses import dataclass

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from models.adapters.tables import ods_cells, related, xls_cells, xlsx_cells
from models.adapters.tables.cell import text_of
from models.adapters.tables.table import MOST_CELLS, Records, question
from models.core.errors import Refused, refuse

MOST_UNPACKED = 1200 * 2**20
MOST_JOINED = 5_000_000  # cells of sheets that are held in memory
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def records(data, choices, words=()):
    kind = "xls" if data[:4] == b"\xd0\xcf\x11\xe0" else "xlsx"
    kind == "xls" and ENCRYPTED in data and refuse("file_encrypted")
    try:
        if kind == "xlsx":
            kind = _kind_of_archive(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _records(_Book(book, data, kind, words), choices)
    except Refused:
        raise
    except Exception:  # a hostile file makes the readers raise any error
        refuse("file_not_a_table")


def _kind_of_archive(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sum(part.file_size for part in archive.infolist()) <= MOST_UNPACKED or refuse(
            "file_too_large"
        )
        return "xlsx" if "xl/workbook.xml" in archive.namelist() else "ods"


@dataclass
class _Book:
    book: CalamineWorkbook
    data: bytes
    kind: str
    words: set
    last: tuple = (None, None)

    def sheet(self, name):
        """The sheet, which takes long to read: once, where it is the one that was read last. Two
        large ones would fill the memory."""
        if self.last[0] != name:
            self.last = None, None
            self.last = name, self.book.get_sheet_by_name(name)
        return self.last[1]

    def rows(self, name, found):
        """(number, cells) of a sheet; what is noticed goes into the Records `found`."""
        sheet = self.sheet(name)
        sheet.height * sheet.width <= MOST_CELLS or refuse("file_too_large")
        styled = iter(())
        if self.kind == "xlsx":
            styled = xlsx_cells.styled(self.data, name, found.notes)
        elif self.kind == "ods":
            styled = ods_cells.styled(self.data, name)
        elif self.kind == "xls":
            styled = xls_cells.styled(self.data, name)
        found.expected = sheet.height
        return _rows(sheet, styled, found.stored)

    def whole(self, name):
        """The sheet with its heads, in memory."""
        found = Records(None, self.kind, {})
        return related.Sheet.of(name, list(self.rows(name, found)), found.stored, self.words)


def _records(book, choices):
    chosen, questions = _choose_sheet(book, choices)
    name, joined = related.parsed(chosen, _names(book.book))
    found = Records(None, book.kind, {"sheet": chosen}, questions)
    if joined:
        others = {what: book.whole(sheet) for what, sheet in joined.items()}
        rows, found.stored, found.notes = related.join(book.whole(name), others)
        found.rows = iter(rows)
    else:
        found.rows = book.rows(name, found)
    return found


def _names(book):
    return [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]


def _choose_sheet(book, choices):
    """What was named, else the first sheet that is shown and has rows; asked where others have
    rows too. Sheets that belong together are offered as one."""
    if choices.get("sheet"):
        return choices["sheet"], []
    names = _names(book.book)
    filled = {name: rows for name in names if (rows := _first_rows(book, name))}
    filled or refuse("file_empty")
    metadata = book.book.sheets_metadata
    shown = [s.name for s in metadata if s.visible == SheetVisibleEnum.Visible]
    ranked = sorted(filled, key=lambda name: (name not in shown, len(filled[name]) < 2))
    if len(filled) == 1 and ranked[0] in shown:
        return ranked[0], []
    together = _together(book, ranked[: related.MOST_SHEETS]) if choices.get("related") else []
    return ranked[0], [
        question("sheet", ranked[0], [*together, *((name, filled[name]) for name in ranked)])
    ]


def _together(book, names):
    """[(choice, its first rows)] of sheets that belong together."""
    sizes = [book.book.get_sheet_by_name(name) for name in names]
    if sum(sheet.height * sheet.width for sheet in sizes) > MOST_JOINED:
        return []
    sheets = {name: book.whole(name) for name in names}
    found = []
    for choice in related.offers(list(sheets.values())):
        name, joined = related.parsed(choice, names)
        rows = related.join(sheets[name], {what: sheets[s] for what, s in joined.items()})[0]
        found.append((choice, [cells for _, cells in rows[:3]]))
    return found


def _first_rows(book, name, most=3):
    sheet, rows = book.sheet(name), []
    if not sheet.height or sheet.start is None:
        return rows
    for values in sheet.iter_rows():
        cells = [text_of(v) for v in values]
        if any(cells):
            rows.append(cells)
        if len(rows) == most:
            break
    return rows


def _rows(sheet, styled, stored):
    """(number, cells): merged cells filled down, numbers as their format shows them."""
    if sheet.start is None:
        return
    downward = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            downward.setdefault(top, []).append((left, bottom))
    filling, texts, pending = {}, {}, next(styled, None)
    for index, values in enumerate(sheet.iter_rows()):
        cells = []
        for column, value in enumerate(values):
            if value.__class__ is float:
                stored.add(column)
                cells.append(text_of(value))
                continue
            text = texts.get(value)
            if text is None or value.__class__ is bool:
                text = text_of(value)
                if value.__class__ is str and len(texts) < 100_000:
                    texts[value] = text
            cells.append(text)
        while pending and pending[0] <= index:
            row, column, show = pending
            if row == index and column < len(cells):
                cells[column] = show(values[column])
            pending = next(styled, None)
        for column, bottom in filling.copy().items():
            if index > bottom[0]:
                del filling[column]
            elif not cells[column]:
                cells[column] = bottom[1]
        for column, bottom in downward.get(index, ()):
            if column < len(cells) and cells[column]:
                filling[column] = (bottom, cells[column])
        yield index + 1, cells
