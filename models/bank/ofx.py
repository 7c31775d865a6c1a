"""OFX 1 (SGML) and 2 (XML). A small reader of our own: banks leave out and reorder what the
standard demands, and a strict one refuses their files."""

import datetime as dt
import html
import re

from models.bank import values
from models.bank.row import Row
from models.core.errors import Refused, refuse
from models.core.money import digits

TAG = re.compile(r"<(/?)([A-Za-z0-9.]+)>([^<]*)")
OURS = {"FEE", "SRVCHG", "POS", "ATM"}  # what we pay: with a plus it was given back
CHARSETS = {"1252": "cp1252", "936": "gb18030", "950": "big5", "932": "cp932"}


def rows(data, currency, choices, found):
    text = _text(data)
    text.upper().rstrip().endswith("</OFX>") or refuse("bank_unreadable")
    entries, open_tags, statement, entry = [], [], {}, None
    for closing, name, value in TAG.findall(text):
        name, value = name.upper(), html.unescape(value.strip())
        if closing:
            if name == "STMTTRN":
                entries.append((entry or {}, statement))
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
    entries or "STMTRS" in text.upper() or refuse("bank_unreadable")
    amounts = [entry.get("TRNAMT", "") for entry, _ in entries]
    usual = choices.get("decimal") or values.decimal_sign(amounts) or ""
    decimals = [values.decimal_sign([amount], usual) for amount in amounts]
    if None in decimals:  # 1,500 is more than a thousand, or a little more than one
        found["questions"], found["samples"] = ["decimal"], {"decimal": amounts[:3]}
        return []
    return [
        _row(entry, of, currency, decimal or ".")
        for (entry, of), decimal in zip(entries, decimals, strict=True)
    ]


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


def _row(entry, statement, default, decimal):
    """One movement; what stands in our own currency counts, as the bank booked it."""
    currency = statement.get("CURDEF", default).upper()
    try:
        minor = values.amount(entry.get("TRNAMT", ""), digits(currency), decimal)
    except Refused:
        minor = None
    minor is not None or refuse("bank_unreadable")
    kind = entry.get("TRNTYPE", "").upper()
    if kind == "DEBIT":  # some banks leave its sign away
        minor = -abs(minor)
    memo = " ".join(filter(None, (entry.get("MEMO"), entry.get("CHECKNUM"))))
    return Row(
        _day(entry.get("DTPOSTED", "")),
        minor,
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
