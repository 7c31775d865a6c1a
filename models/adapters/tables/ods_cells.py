"""What an ODS says about its cells beside their values: zeros and percents as they are shown."""

import io
import re
import zipfile

from defusedxml.ElementTree import iterparse

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
SHOWN = re.compile(r"0\d+|-?\d+([.,]\d+)?\s?%")
MOST = 60 * 2**20  # bytes of XML that are worth it


def styled(data, sheet):
    """(row, column, how to show the value) of each cell of numbers that shows leading zeros or a
    percent, from 0 and in the order of the sheet."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    if archive.getinfo("content.xml").file_size > MOST:
        return
    inside, row, column = False, 0, 0
    with archive.open("content.xml") as file:
        for event, element in iterparse(file, events=("start", "end")):
            if element.tag == f"{TABLE}table":
                inside = event == "start" and element.get(f"{TABLE}name") == sheet
            elif event == "end" and inside and element.tag == f"{TABLE}table-cell":
                text = _shown(element)
                if text:
                    yield row, column, lambda _value, text=text: text
                column += int(element.get(f"{TABLE}number-columns-repeated", 1))
                element.clear()
            elif event == "end" and inside and element.tag == f"{TABLE}covered-table-cell":
                column += int(element.get(f"{TABLE}number-columns-repeated", 1))
            elif event == "end" and inside and element.tag == f"{TABLE}table-row":
                row += int(element.get(f"{TABLE}number-rows-repeated", 1))
                column = 0
                element.clear()


def _shown(cell):
    """The text of the cell where it says more than the number."""
    if cell.get(f"{OFFICE}value-type") not in ("float", "percentage"):
        return ""
    text = "".join(cell.find(f"{TEXT}p").itertext()) if cell.find(f"{TEXT}p") is not None else ""
    return text.replace(" ", "").replace(",", ".") if SHOWN.fullmatch(text) else ""
