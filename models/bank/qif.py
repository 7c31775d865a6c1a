"""QIF: records of letters, without account, currency or the order of a date's parts."""

import re

from models.adapters.tables import encodings
from models.bank import values
from models.bank.row import Row
from models.core.errors import Refused, refuse
from models.core.money import digits

# What programs write first into an account: no money moved.
OPENING = re.compile(r"opening balance|anfangssaldo|期初余额", re.IGNORECASE)
MONEY = ("BANK", "CASH", "CCARD", "OTH A", "OTH L")


def rows(data, currency, choices, found):
    text = encodings.text(data).replace("\r\n", "\n").replace("\r", "\n")
    records = list(_records(text.split("\n"), found))
    days, amounts = [r["D"] for r in records], [r["T"] for r in records]
    choice = {}
    for name, guess, cells in (
        ("date_order", values.day_order, [_spaced(d) for d in days]),
        ("decimal", values.decimal_sign, amounts),
    ):
        choice[name] = choices.get(name) or guess(cells)
        if choice[name] is None:
            found["questions"].append(name)
    if found["questions"]:
        found["samples"] = {"date_order": days[:3], "decimal": amounts[:3]}
        return []
    return [_row(r, currency, choice["date_order"], choice["decimal"] or ".") for r in records]


def _records(lines, found):
    """{letter: text} of each movement of the account, with the line it ends on."""
    record, counts, account, in_account = {}, True, "", False
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if line.startswith("!"):
            in_account = line.upper().startswith("!ACCOUNT")
            counts = line.upper().removeprefix("!TYPE:").strip() in MONEY
            record = {}
        elif line.startswith("^"):
            if in_account:
                account = record.get("N", "")
            elif counts and record:
                "D" in record and ("T" in record or "U" in record) or refuse(
                    "bank_row", row=number, value=record.get("P", "")[:40]
                )
                record.setdefault("T", record.get("U", ""))
                yield {**record, "line": number, "account": account}
            record = {}
        elif line:
            letter, text = line[0].upper(), line[1:].strip()
            record[letter] = f"{record[letter]} {text}" if letter in record else text
    not record or not counts or in_account or refuse("bank_unreadable")  # cut off in a record


def _spaced(day):
    """8/12'13 and 8/ 2/13 as other dates are written."""
    return re.sub(r"\s+", "", day).replace("'", "/")


def _row(record, currency, order, decimal):
    try:
        cell = record["D"]
        day = values.day(_spaced(cell), order)
        cell = record["T"]
        amount = values.amount(cell, digits(currency), decimal)
        amount is not None or refuse("cell_no_number")
    except Refused:
        refuse("bank_row", row=record["line"], value=cell[:40])
    text = " ".join(filter(None, (record.get("M"), record.get("N"))))
    left_out = "neutral" if OPENING.fullmatch(record.get("P", "")) else ""
    return Row(
        day,
        amount,
        currency,
        record.get("P", ""),
        "",
        text,
        account=record["account"],
        left_out=left_out,
    )
