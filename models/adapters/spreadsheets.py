"""Lists as CSV and XLSX; no cell of theirs is taken for a formula."""

import csv
import datetime as dt
import io
import itertools
import re
from decimal import Decimal

from models.adapters import workbooks
from models.core.money import digits

# A Chinese Excel reads the full-width signs like the others.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
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
    workbooks.write(out, [(_unused_name(title, ()), _lines(heads, rows))])


def xlsx_sheets(sheets):
    """A book of [(title, heads, rows)]."""
    out, named = io.BytesIO(), {}
    for title, heads, rows in sheets:
        named[_unused_name(title, {name.lower() for name in named})] = _lines(heads, rows)
    workbooks.write(out, list(named.items()) or [("1", ())])
    return out.getvalue()


def _unused_name(title, names):
    """A name for a sheet that Excel accepts: it ignores case when it compares names."""
    name = stem = re.sub(r"[\\/*?:\[\]]", " ", str(title))[:28] or "1"
    n = 1
    while name.lower() in names:
        n += 1
        name = f"{stem} {n}"
    return name


def _lines(heads, rows):
    for row in itertools.chain([heads], rows):
        yield [_safe(workbooks.printable(value)) for value in row]
