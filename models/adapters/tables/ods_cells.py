"""What an ODS says about its cells beside their values: zeros and percents as they are shown, and
texts with tabs and line breaks."""

import io
import re
import zipfile

from defusedxml.ElementTree import iterparse

from models.adapters.tables.cell import clean

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
APART = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
SHOWN = re.compile(r"0\d+|-?\d+([.,]\d+)?\s?%")
MOST_BLANKS = 1000  # in a row
MOST = 60 * 2**20  # bytes of XML that are worth it


def styled(data, sheet):
    """(row, column, how to show the value) of each cell of numbers that shows leading zeros or a
    percent, and of texts whose words a tab or a line break keeps apart, from 0 and in the order of
    the sheet."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    if archive.getinfo("content.xml").file_size > MOST:
        return
    inside, row, column, found = False, 0, 0, []
    with archive.open("content.xml") as file:
        for event, element in iterparse(file, events=("start", "end")):
            if element.tag == f"{TABLE}table":
                inside = event == "start" and element.get(f"{TABLE}name") == sheet
            elif event == "end" and inside and element.tag in CELLS:
                after = column + int(element.get(f"{TABLE}number-columns-repeated", 1))
                if text := _shown(element):
                    found.append((range(column, after), text))
                column = after
                element.clear()
            elif event == "end" and inside and element.tag == f"{TABLE}table-row":
                after = row + int(element.get(f"{TABLE}number-rows-repeated", 1))
                for number in range(row, after) if found else ():
                    yield from _of_row(number, found)
                row, column, found = after, 0, []
                element.clear()


def _of_row(number, found):
    for columns, text in found:
        for column in columns:
            yield number, column, lambda _value, text=text: text


def _shown(cell):
    """The text of the cell where it says more than the value that is stored."""
    kind, lines = cell.get(f"{OFFICE}value-type"), cell.findall(f"{TEXT}p")
    if kind == "string" and any(part.tag in APART for line in lines for part in line.iter()):
        return clean("\n".join("".join(_letters(line)) for line in lines))
    if kind not in ("float", "percentage") or not lines:
        return ""
    text = "".join(lines[0].itertext())
    return text.replace(" ", "").replace(",", ".") if SHOWN.fullmatch(text) else ""


def _letters(element):
    """The letters of an element and of all in it."""
    yield element.text or ""
    for part in element:
        blanks = int(part.get(f"{TEXT}c", 1)) if part.tag == f"{TEXT}s" else 0
        yield APART.get(part.tag, " " * min(blanks, MOST_BLANKS))
        yield from _letters(part)
        yield part.tail or ""
