"""Reads a bank's file, whichever format it is in."""

from models.bank import bai2, camt, mt940, ofx, qif, table
from models.bank.row import clean
from models.core.errors import Refused, refuse
from models.core.money import MOST as MOST_MONEY
from models.core.money import SYMBOLS

MOST = 20_000


def format_of(data):
    """The name of the file's format, by what it begins with."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    upper = head.upper()
    if camt.is_one(data) or camt.packed(data):
        return "camt"
    if b"OFXHEADER" in upper or b"<OFX>" in upper:
        return "ofx"
    if upper.startswith((b"!TYPE:", b"!ACCOUNT", b"!OPTION", b"!CLEAR")):
        return "qif"
    if head.startswith(b"01,") and b"\n02," in data[:20000].replace(b"\r", b"\n"):
        return "bai2"
    if b":20:" in head and b":25" in data[:20000]:
        return "mt940"
    return "table"


READERS = {"camt": camt, "ofx": ofx, "qif": qif, "bai2": bai2, "mt940": mt940}


def read(data, filename, currency, choices, remembered=()):
    """{"format", "rows", "questions", "notes", "fault", "table"} of the file, as JSON values.
    `choices` is what a person said of this file, `remembered` what was said of others.

    A table that cannot be read yet gives no row, but questions or one fault, and what a page needs
    to ask. Other formats are refused when any part cannot be read: half a statement would hide
    payments."""
    data or refuse("file_empty")
    plain = _without_utf16(data)
    name = format_of(plain)
    found = {"format": name, "questions": [], "notes": [], "fault": None, "table": None}
    found["choices"] = choices
    if name == "table":
        rows = _table(found, data, filename, currency, choices, remembered)
    else:
        rows = READERS[name].rows(plain, currency, choices, found)
    if not found["questions"] and not found["fault"]:
        rows or refuse("bank_no_rows")
        any(row.currency in SYMBOLS for row in rows) or refuse("currency_unknown")
    len(rows) <= MOST or refuse("too_many_rows", most=MOST)
    return {**found, "rows": [tidied(row).plain() for row in rows]}


def _without_utf16(data):
    """In UTF-8 where a mark says UTF-16, which hides what a format begins with."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    return data.decode("utf-16", "replace").replace('encoding="UTF-16"', "").encode()


def _table(found, data, filename, currency, choices, remembered):
    sheet = table.Table(data, filename, currency, choices, remembered)
    rows = []
    try:
        rows = sheet.rows()
    except Refused as error:
        found["fault"], rows = [error.code, error.facts], []
    found |= {"questions": sheet.questions, "notes": sheet.notes, "table": sheet.facts()}
    found["choices"] = sheet.choices
    return rows


def tidied(row):
    max(abs(row.amount), abs(row.balance or 0)) <= MOST_MONEY or refuse("bank_unreadable")
    if row.currency not in SYMBOLS:
        row.left_out, row.currency = row.left_out or "currency", clean(row.currency, 3)
    row.payer, row.payer_account = clean(row.payer, 200), clean(row.payer_account, 60)
    row.text, row.reference = clean(row.text, 1000), clean(row.reference, 100)
    row.account = clean(row.account, 60)
    return row
