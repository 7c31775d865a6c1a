"""An XLSX book written row by row into a file: a library that keeps each cell as an object takes
five times as long."""

import datetime as dt
import re
import zipfile
from decimal import Decimal

LONGEST = 32_767  # characters that Excel takes in a cell
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
DAY_ZERO, FIRST_DAY = dt.date(1899, 12, 30), dt.date(1900, 3, 1)  # before it Excel counts otherwise
# XML takes a bare \r for a new line.
ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;"))
DAY, MOMENT = 1, 2  # as STYLES numbers them
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def write(out, sheets):
    """Write a book of [(name, rows)] into the binary file; the rows may be a generator."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        names = []
        for name, rows in sheets:
            names.append(name)
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as sheet:
                _write_sheet(sheet, rows)
        for path, text in _parts(names):
            book.writestr(path, text)


def printable(value):
    """The text without what a book cannot hold."""
    return UNWRITABLE.sub("", value) if isinstance(value, str) else value


def _write_sheet(sheet, rows):
    sheet.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
    letters, batch = [], []
    for number, row in enumerate(rows, 1):
        while len(letters) < len(row):
            letters.append(_letters(len(letters)))
        cells = [_cell(f"{at}{number}", value) for at, value in zip(letters, row, strict=False)]
        batch.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(batch) == 200:
            sheet.write("".join(batch).encode())
            batch.clear()
    sheet.write(f"{''.join(batch)}</sheetData></worksheet>".encode())


def _cell(at, value):
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        text = _escaped(printable(value)[:LONGEST])
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, (int, float, Decimal)):
        return f'<c r="{at}"><v>{value}</v></c>'
    day = value.date() if isinstance(value, dt.datetime) else value
    if day < FIRST_DAY:
        return _cell(at, value.isoformat())
    number, style = (day - DAY_ZERO).days, DAY
    if isinstance(value, dt.datetime):
        style = MOMENT
        number += (value - dt.datetime.combine(day, dt.time())).total_seconds() / 86_400
    return f'<c r="{at}" s="{style}"><v>{number}</v></c>'


def _escaped(text):
    for sign, written in ESCAPED:
        text = text.replace(sign, written)
    return text


def _letters(index):
    """The name of a column: A, B, … Z, AA."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _parts(names):
    """The other parts of the book, (path, text)."""
    numbers = range(1, len(names) + 1)
    override = f'<Override PartName="/xl/{{}}.xml" ContentType="{TYPE}.{{}}+xml"/>'
    sheets = [override.format(f"worksheets/sheet{n}", "worksheet") for n in numbers]
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{override.format('workbook', 'sheet.main')}{override.format('styles', 'styles')}"
        f"{''.join(sheets)}</Types>",
    )
    link = f'<Relationship Id="r{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    links = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    yield "_rels/.rels", links.format(link.format(0, "officeDocument", "xl/workbook.xml"))
    to_sheets = [link.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield (
        "xl/_rels/workbook.xml.rels",
        links.format(link.format(0, "styles", "styles.xml") + "".join(to_sheets)),
    )
    named = [
        f'<sheet name="{_escaped(name)}" sheetId="{n}" r:id="r{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    ]
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{"".join(named)}</sheets>'
        "</workbook>",
    )
    yield "xl/styles.xml", STYLES
