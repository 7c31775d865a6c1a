"""The cells of a file that a spreadsheet opens."""

import csv
import io
import zipfile

import openpyxl


def cells_of(name, data):
    """(where, value, type of openpyxl) of every cell; of a zip, of its members."""
    if data[:2] == b"PK" and not name.endswith("xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            for member in box.namelist():
                if member.endswith((".csv", ".xlsx")):
                    yield from cells_of(member, box.read(member))
    elif data[:2] == b"PK":
        book = openpyxl.load_workbook(io.BytesIO(data))
        for row in (row for sheet in book for row in sheet.iter_rows()):
            for cell in row:
                yield name, cell.value, cell.data_type
    else:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            for value in row:
                yield name, value, "s"
