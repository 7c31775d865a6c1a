"""The text of a file of any kind that the archive keeps."""

import io

from openpyxl import load_workbook

from models.adapters.sandbox.readers import packages, pdf, pictures, xml_tree

MOST_ROWS = 5000
MOST_CHARACTERS = 2_000_000


def words(data, extension):
    """Its text, at most so many characters; empty for a kind without. Text in pictures is not
    read, but they are decoded. Refused when it does not open."""
    if extension == "pdf":
        return pdf.text(data)
    if extension in ("png", "jpg", "gif", "webp"):
        pictures.check(data)
    if extension == "xml":
        return xml_tree.words(data)[:MOST_CHARACTERS]
    if extension in ("zip", "xlsx", "docx"):
        packages.check(data)
    if extension == "ofd":
        return _joined(xml_tree.words(part) for _name, part in packages.xml_parts(data))
    if extension == "docx":
        return _joined(
            xml_tree.words(part) for _name, part in packages.xml_parts(data, "word/document.xml")
        )
    if extension == "xlsx":
        return _joined(_cells(data))
    return ""


def _cells(data):
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS):
            yield from (str(cell) for cell in row if cell is not None)


def _joined(parts):
    found, size = [], 0
    for part in parts:
        found.append(part)
        size += len(part) + 1
        if size > MOST_CHARACTERS:
            break
    return " ".join(found)[:MOST_CHARACTERS]
