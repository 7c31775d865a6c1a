"""Lists as CSV and XLSX; no cell of theirs is taken for a formula."""

import csv
import datetime as dt
import io
import itertools
import re
from decimal import Decimal

from openpyxl import Workbook

from models.core.money import digits

# A Chinese Excel reads the full-width signs like the others.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XLSX cannot hold them
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _safe(value):
    """Text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
        return "'" + value
    return value


def amount(value, currency):
    """Minor units as a plain number."""
    return Decimal(value).scaleb(-digits(currency))


def _text(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def write_csv(out, heads, rows, _title):
    """CSV in UTF-8 with BOM, so that Excel reads Chinese, row by row into the binary file."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in itertools.chain([heads], rows):
        writer.writerow([_text(_safe(value)) for value in row])
    text.detach()


def write_xlsx(out, heads, rows, title):
    """A book of one sheet named `title`."""
    book = Workbook(write_only=True)
    _fill(book.create_sheet(title[:31]), heads, rows)
    book.save(out)


def xlsx_sheets(sheets):
    """A book of [(title, heads, rows)]."""
    book, names = Workbook(write_only=True), set()
    for title, heads, rows in sheets:
        name = _unused_name(title, names)
        names.add(name.lower())
        _fill(book.create_sheet(name), heads, rows)
    if not sheets:
        book.create_sheet("1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _unused_name(title, names):
    """A name for a sheet that Excel accepts: it ignores case when it compares names."""
    name = stem = re.sub(r"[\\/*?:\[\]]", " ", str(title))[:28] or "1"
    n = 1
    while name.lower() in names:
        n += 1
        name = f"{stem} {n}"
    return name


def _fill(sheet, heads, rows):
    for row in itertools.chain([heads], rows):
        sheet.append([_safe(_printable(value)) for value in row])


def _printable(value):
    return CONTROL.sub("", value) if isinstance(value, str) else value
