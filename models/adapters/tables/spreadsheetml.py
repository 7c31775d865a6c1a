"""SpreadsheetML 2003: XML that Excel wrote before XLSX, mostly named .xls or .xml."""

import io
import re

from defusedxml.ElementTree import iterparse

from models.adapters.tables import xlsx_cells
from models.adapters.tables.cell import clean, text_of
from models.adapters.tables.table import MOST_COLUMNS, Records, question
from models.core.errors import Refused, refuse

SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
NAMED_ENCODING = re.compile(rb"(\s*<\?xml[^>]*encoding\s*=\s*[\"'])([\w-]+)")
CODECS = dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030") | {"big5": "cp950"}
NAMED_FORMATS = {"Percent": "0.00%"}


def records(data, choices):
    try:
        sheets = _sheets(data)
    except Refused:
        raise
    except Exception:  # broken XML, or what defusedxml refuses
        refuse("file_not_a_table")
    filled = {name: rows for name, (shown, rows) in sheets.items() if rows}
    filled or refuse("file_empty")
    chosen = choices.get("sheet") or min(filled, key=lambda name: not sheets[name][0])
    chosen in filled or refuse("choice_unknown")
    questions = []
    if not choices.get("sheet") and (len(filled) > 1 or not sheets[chosen][0]):
        shown = [(name, [cells for _, cells in rows[:3]]) for name, rows in filled.items()]
        questions = [question("sheet", chosen, shown)]
    return Records(iter(filled[chosen]), "xml", {"sheet": chosen}, questions)


def _sheets(data):
    """{name: (whether it is shown, [(number, cells)])}."""
    sheets, shows = {}, {}
    for _, element in iterparse(io.BytesIO(_as_utf8(data))):
        if element.tag == f"{SPACE}Style":
            code = next(
                (f.get(f"{SPACE}Format", "") for f in element.iter(f"{SPACE}NumberFormat")), ""
            )
            shows[element.get(f"{SPACE}ID")] = xlsx_cells.show_of(NAMED_FORMATS.get(code, code))
        elif element.tag == f"{SPACE}Worksheet":
            visible = element.find(".//{urn:schemas-microsoft-com:office:excel}Visible")
            shown = visible is None or visible.text == "SheetVisible"
            sheets[element.get(f"{SPACE}Name", "")] = (shown, list(_rows(element, shows)))
            element.clear()
    return sheets


def _as_utf8(data):
    """The file without an encoding that the parser does not know, as GB2312."""
    named = NAMED_ENCODING.match(data)
    name = named and CODECS.get(named[2].decode().lower())
    if not name:
        return data
    return (named[1] + b"utf-8" + data[named.end(2) :]).decode(name, "replace").encode()


def _rows(sheet, shows):
    number, filling = 0, {}
    for row in sheet.iter(f"{SPACE}Row"):
        number = int(row.get(f"{SPACE}Index", number + 1))
        cells = {c: text for c, (last, text) in filling.items() if number <= last}
        column = -1
        for cell in row.iterfind(f"{SPACE}Cell"):
            column = int(cell.get(f"{SPACE}Index", column + 2)) - 1
            column <= MOST_COLUMNS or refuse("too_many_columns", most=MOST_COLUMNS)
            cells[column] = _text(cell, shows)
            down = int(cell.get(f"{SPACE}MergeDown", 0))
            if down:
                filling[column] = (number + down, cells[column])
            column += int(cell.get(f"{SPACE}MergeAcross", 0))
        if any(cells.values()):
            yield number, [cells.get(c, "") for c in range(max(cells) + 1)]


def _text(cell, shows):
    data = cell.find(f"{SPACE}Data")
    text = "" if data is None else clean("".join(data.itertext()))
    kind, show = (
        data is not None and data.get(f"{SPACE}Type"),
        shows.get(cell.get(f"{SPACE}StyleID")),
    )
    if kind == "Number" and text:
        return show(float(text)) if show else text_of(float(text)) if "E" in text else text
    if kind == "DateTime":
        return text.replace("T00:00:00.000", "").removesuffix(".000").replace("T", " ")
    return text
