"""Lists as CSV and XLSX that a spreadsheet opens without running anything."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

from openpyxl import Workbook

from models.core.money import digits

FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # a Chinese Excel reads the wide signs as the narrow
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _safe(value):
    """Text that begins like a formula gets a leading apostrophe; numbers stay numbers."""
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


def csv_bytes(heads, rows):
    """CSV in UTF-8 with BOM, so that Excel reads Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([_text(_safe(v)) for v in row] for row in [heads, *rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(heads, rows, title):
    """One sheet named `title`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in [heads, *rows]:
        sheet.append(
            [
                re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", v)
                if isinstance(v := _safe(c), str)
                else v
                for c in row
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx_sheets(sheets):
    """A book of [(title, heads, rows)]."""
    book, taken = Workbook(write_only=True), set()
    for title, heads, rows in sheets:
        name = stem = re.sub(r"[\\/*?:\[\]]", " ", str(title))[:28] or "1"
        n = 1
        while name.lower() in taken:
            n += 1
            name = f"{stem} {n}"
        taken.add(name.lower())
        sheet = book.create_sheet(name)
        for row in [heads, *rows]:
            sheet.append(
                [
                    re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", v)
                    if isinstance(v := _safe(c), str)
                    else v
                    for c in row
                ]
            )
    if not sheets:
        book.create_sheet("1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
