"""Reads a bank statement's file, in any of the five formats."""

from models.bank import camt053, mt940, table
from models.core import optional
from models.core.errors import refuse
from models.core.money import SYMBOLS

MOST = 20_000


def read(data, filename, currency, date_order=""):
    """[Row] of the file. `currency` is for tables that name none. Refused when any part cannot be
    read: half a statement would hide payments."""
    data or refuse("file_empty")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"camt.053" in head or b"BkToCstmrStmt" in head:
        reader = camt053
    elif b"OFXHEADER" in head or b"<OFX>" in head.upper():
        reader = optional.load("models.bank.ofx")
    elif b":20:" in head and b":25:" in data[:20000]:
        reader = mt940
    else:
        reader = table
    rows = reader.rows(data, currency, date_order)
    rows or refuse("bank_no_rows")
    len(rows) <= MOST or refuse("too_many_rows", most=MOST)
    for row in rows:
        row.currency in SYMBOLS or refuse("currency_unknown")
        row.payer, row.payer_account = clean(row.payer, 200), clean(row.payer_account, 60)
        row.text, row.reference, row.account = (
            clean(row.text, 1000),
            clean(row.reference, 100),
            clean(row.account, 60),
        )
    return rows


def clean(text, most):
    """One printable line of at most that length."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())[:most]
