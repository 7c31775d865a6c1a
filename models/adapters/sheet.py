"""A table from a file, as rows of text cells: CSV in three encodings and with four separators, or
XLSX."""

import codecs
import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field

from openpyxl import load_workbook

from models.core.errors import Refused, refuse

MOST_ROWS, MOST_COLUMNS, MOST_CELL, MOST_UNPACKED = 50_000, 200, 1_000_000, 300 * 2**20
MOST_CELLS = 3_000_000
# A spreadsheet has no more rows; a hostile file may name row 99999999999, and reading up to it
# would take for ever.
LAST_ROW = 2**20
SEPARATORS = ",;\t|"
EMPTY = {"", "NULL", "null", "#N/A"}


@dataclass
class Sheet:
    """Heads, and rows as (row number in the spreadsheet, cells); `uneven` rows have another number
    of cells, and are listed as (row number, how many)."""

    heads: list
    rows: list
    encoding: str = ""
    separator: str = ""
    uneven: list = field(default_factory=list)

    def samples(self, column, most=3):
        """The first distinct values of a column."""
        found = []
        for _, cells in self.rows:
            if cells[column] and cells[column] not in found:
                found.append(cells[column])
            if len(found) == most:
                break
        return found


def read(data, filename):
    """The table in the bytes. Refused when it cannot be read as one, or is too large."""
    return _sheet(*records(data))


def records(data):
    """(rows of text cells, encoding, separator) of the file, with the row of heads among them."""
    data or refuse("file_empty")
    if data[:4] == b"PK\x03\x04":
        return _xlsx(data), "xlsx", ""
    text, encoding = decode(data)
    separator = separator_of(text)
    return _csv(text, separator), encoding, separator


def decode(data):
    """(text, encoding): a byte-order mark decides, else UTF-8 if it is valid, else GB18030, as
    Excel in China writes."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, name), name
    if b"\x00" in data[:4096]:
        refuse("file_not_a_table")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, "gb18030"), "gb18030"


def _decoded(data, name):
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        refuse("file_encoding")


def separator_of(text):
    """The separator that splits the first lines into the most cells, equally many in each."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    lines or refuse("file_empty")
    csv.field_size_limit(MOST_CELL)

    def quality(separator):
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return counts[0] > 1, sum(c == counts[0] for c in counts) / len(counts), counts[0]

    try:
        return max(SEPARATORS, key=quality)
    except csv.Error:
        refuse("file_not_a_table")


def _csv(text, separator):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield [c.strip() for c in cells]
    except csv.Error:
        refuse("file_not_a_table")


def _xlsx(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sum(part.file_size for part in archive.infolist()) <= MOST_UNPACKED or refuse(
                "file_too_large"
            )
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        worksheet = next(
            (s for s in book.worksheets if s.max_row is None or s.max_row > 1), book.worksheets[0]
        )
        worksheet.reset_dimensions()
        records = worksheet.iter_rows(values_only=True, max_row=LAST_ROW)
        for cells in records:
            yield [_text(c) for c in cells[: MOST_COLUMNS + 1]]
    except Refused:
        raise
    except Exception:  # a hostile file makes zipfile, the XML reader and openpyxl raise any error
        refuse("file_not_a_table")


def _text(value):
    """A spreadsheet's cell as the text that a person would type; 15 digits hide the rounding error
    of a binary float."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return f"{value:.15g}" if abs(value) < 1e15 else str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()[:MOST_CELL]


def _sheet(records, encoding, separator):
    sheet, count = None, 0
    for number, cells in enumerate(records, 1):
        while sheet is None and cells and not cells[-1]:
            cells.pop()
        if not any(cells):
            continue
        if sheet is None:
            len(cells) <= MOST_COLUMNS or refuse("too_many_columns", most=MOST_COLUMNS)
            sheet = Sheet(cells, [], encoding, separator)
            continue
        number <= MOST_ROWS + 1 or refuse("too_many_rows", most=MOST_ROWS)
        width = len(sheet.heads)
        count += width
        count <= MOST_CELLS or refuse("file_too_large")
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) != width and (separator or len(cells) > width):
            sheet.uneven.append((number, len(cells)))
            continue
        cells = ["" if c in EMPTY else c for c in cells]
        sheet.rows.append((number, cells + [""] * (width - len(cells))))
    sheet or refuse("file_empty")
    sheet.rows or sheet.uneven or refuse("no_rows")
    return sheet
