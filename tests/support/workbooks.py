"""Workbooks made for a test."""

import io

from openpyxl import Workbook


def xlsx(*sheets, hidden=()):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
