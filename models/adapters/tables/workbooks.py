"""Workbooks: XLSX, XLS of Excel 97 and later, and ODS."""

import io
import zipfile

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from models.adapters.tables import ods_cells, xls_cells, xlsx_cells
from models.adapters.tables.cell import text_of
from models.adapters.tables.table import MOST_CELLS, Records, question
from models.core.errors import Refused, refuse

MOST_UNPACKED = 1200 * 2**20
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def records(data, choices):
    kind = "xls" if data[:4] == b"\xd0\xcf\x11\xe0" else "xlsx"
    kind == "xls" and ENCRYPTED in data and refuse("file_encrypted")
    try:
        if kind == "xlsx":
            kind = _kind_of_archive(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _records(book, data, kind, choices.get("sheet", ""))
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


def _records(book, data, kind, chosen):
    name, questions = _choose_sheet(book, chosen)
    sheet, found = book.get_sheet_by_name(name), Records(None, kind, {"sheet": name}, questions)
    sheet.height * sheet.width <= MOST_CELLS or refuse("file_too_large")
    styled = iter(())
    if kind == "xlsx":
        styled = xlsx_cells.styled(data, name, found.notes)
    elif kind == "xls":
        styled = xls_cells.styled(data, name)
    elif kind == "ods":
        styled = ods_cells.styled(data, name)
    found.rows = _rows(sheet, styled, found.stored)
    return found


def _choose_sheet(book, chosen):
    """The sheet that was named, else the first that is shown and has rows; asked where others
    have rows too."""
    metadata = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    if chosen:
        chosen in [s.name for s in metadata] or refuse("choice_unknown")
        return chosen, []
    filled = {s.name: rows for s in metadata if (rows := _first_rows(book, s.name))}
    filled or refuse("file_empty")
    shown = [s.name for s in metadata if s.visible == SheetVisibleEnum.Visible]
    ranked = sorted(filled, key=lambda name: (name not in shown, len(filled[name]) < 2))
    if len(filled) == 1 and ranked[0] in shown:
        return ranked[0], []
    return ranked[0], [question("sheet", ranked[0], [(name, filled[name]) for name in ranked])]


def _first_rows(book, name, most=3):
    sheet, rows = book.get_sheet_by_name(name), []
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
