"""OFX 1 (SGML) and 2 (XML). A small reader of our own: banks leave out and reorder what the
standard demands, and a strict one refuses their files."""

import datetime as dt
import html
import re
from decimal import Decimal, DecimalException

from models.bank.row import Row
from models.core.errors import refuse
from models.core.money import MOST, digits

TAG = re.compile(r"<(/?)([A-Za-z0-9.]+)>([^<]*)")
OURS = {"FEE", "SRVCHG", "POS", "ATM"}  # what we pay: with a plus it was given back
CHARSETS = {"1252": "cp1252", "936": "gb18030", "950": "big5", "932": "cp932"}


def rows(data, currency, choices, found):
    text = _text(data)
    text.upper().rstrip().endswith("</OFX>") or refuse("bank_unreadable")
    movements, open_tags, statement, entry = [], [], {}, None
    for closing, name, value in TAG.findall(text):
        name, value = name.upper(), html.unescape(value.strip())
        if closing:
            if name == "STMTTRN":
                movements.append(_row(entry or {}, statement, currency))
                entry = None
            if name in open_tags:
                del open_tags[open_tags.index(name) :]
            continue
        if name in ("STMTRS", "CCSTMTRS"):
            statement = {}
        if name == "STMTTRN":
            entry is None or refuse("bank_unreadable")
            entry = {}
        if not value:
            open_tags.append(name)
            continue
        holder = statement if entry is None else entry
        inside = next((t for t in open_tags[::-1] if t in ("BANKACCTFROM", "CCACCTFROM")), "")
        other = name == "ACCTID" and entry is not None
        if name != "ACCTID" or other or inside:
            holder.setdefault(name, value)
    entry is None or refuse("bank_unreadable")
    movements or "STMTRS" in text.upper() or refuse("bank_unreadable")
    return movements


def _text(data):
    """The file's text in the encoding that its head names."""
    head = data[:600].decode("latin-1").upper()
    charset = re.search(r"CHARSET:\s*(?:CP|WINDOWS-)?(\d+)|ENCODING=\"([\w-]+)\"", head)
    named = charset and (CHARSETS.get(charset[1]) if charset[1] else charset[2])
    for encoding in ("utf-8-sig", named, "gb18030", "cp1252"):
        try:
            if encoding:
                return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    refuse("bank_unreadable")


def _row(entry, statement, default):
    """One movement; what stands in our own currency counts, as the bank booked it."""
    currency = statement.get("CURDEF", default).upper()
    written = entry.get("TRNAMT", "").replace(" ", "")
    if "," in written:  # a decimal comma, or commas between thousands before a point
        written = written.replace(",", "." if "." not in written else "")
    try:
        minor = Decimal(written).scaleb(digits(currency))
        minor == minor.to_integral_value() and abs(minor) <= MOST or refuse("bank_unreadable")
    except DecimalException:
        refuse("bank_unreadable")
    kind = entry.get("TRNTYPE", "").upper()
    if kind == "DEBIT":  # some banks leave its sign away
        minor = -abs(minor)
    memo = " ".join(filter(None, (entry.get("MEMO"), entry.get("CHECKNUM"))))
    return Row(
        _day(entry.get("DTPOSTED", "")),
        int(minor),
        currency,
        entry.get("NAME") or entry.get("PAYEE") or entry.get("PAYEEID", ""),
        entry.get("ACCTID", ""),
        memo,
        entry.get("FITID", ""),
        statement.get("ACCTID", ""),
        left_out="reversal" if kind in OURS and minor > 0 else "",
    )


def _day(text):
    """The day at the bank: the clock and the zone behind it do not move it."""
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        refuse("bank_unreadable")
