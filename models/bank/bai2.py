"""BAI2: comma fields, "/" ends a record, 88 continues the one before; amounts have no point and
no sign, the type code tells the direction."""

import datetime as dt
import re

from models.adapters.tables import encodings
from models.bank.row import Row, tell_difference
from models.core.errors import refuse

CODES = ("01", "02", "03", "16", "49", "88", "98", "99")
UPDATE, CORRECTION = "1", "3"
OPENING, CLOSING = "010", "015"
REVERSALS = {"252", "255", "257", "258"}  # debits that were taken back or returned


def rows(data, currency, choices, found):
    movements, group, account, day = [], "", None, None
    for number, code, fields in _records(encodings.text(data)):
        if code == "02":
            group, group_currency = _field(fields, 3), _field(fields, 6)
            day = _day(_field(fields, 4))
        elif code == "03":
            account = _Account(fields, group_currency or currency)
        elif code == "16" and account:
            row = _row(number, fields, day, account)
            account.add(row)
            if group not in (UPDATE, CORRECTION, ""):
                row.left_out = "pending"  # a test or a deletion: no money moved
            movements.append(row)
        elif code == "49" and account:
            account.check(_field(fields, 1), found)
    return movements


class _Account:
    """One 03 record with its summary amounts, and what its movements add up to."""

    def __init__(self, fields, default):
        self.number, self.currency = _field(fields, 1), _field(fields, 2) or default
        self.sum, self.control, self.balances, self.complete = 0, 0, {}, True
        rest = fields[3:]
        while rest:
            amount = _field(rest, 1)
            if re.fullmatch(r"[+-]?\d+", amount):
                self.balances[rest[0].strip()] = int(amount)
                self.control += int(amount)
            rest = rest[4 + _extra(_field(rest, 3), rest[4:]) :]

    def add(self, row):
        self.sum += row.amount
        self.control += abs(row.amount)
        self.complete = self.complete and row.changes_balance

    def check(self, control, found):
        """The control sum is that of all amounts as written: where it differs, a part of the file
        is missing."""
        if re.fullmatch(r"[+-]?\d+", control) and int(control) != self.control:
            refuse("bank_sums")
        if self.complete and OPENING in self.balances and CLOSING in self.balances:
            tell_difference(
                found,
                self.balances[OPENING] + self.sum,
                self.balances[CLOSING],
                self.currency,
            )


def _records(text):
    """(line, code, fields) with what 88 continues joined."""
    record = None
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line:
            continue
        line[:2] in CODES or refuse("bank_unreadable")
        if line.startswith("88"):
            record or refuse("bank_unreadable")
            ended = record[2].endswith("/")
            record[2] = record[2].removesuffix("/") + ("," if ended else " ") + line[3:]
            continue
        if record:
            yield record[0], record[1], record[2].removesuffix("/").split(",")
        record = [number, line[:2], line]
    record and record[1] == "99" or refuse("bank_unreadable")  # without its end it was cut off


def _field(fields, place):
    return fields[place].strip() if place < len(fields) else ""


def _extra(kind, after):
    """How many further fields the funds type brings."""
    if kind == "D":
        return 1 + 2 * int(_field(after, 0) or 0) if _field(after, 0).isdecimal() else 1
    return {"V": 2, "S": 3}.get(kind, 0)


def _row(number, fields, day, account):
    code, amount, kind = (_field(fields, n) for n in (1, 2, 3))
    code.isdecimal() and amount.isdecimal() or refuse("bank_unreadable")
    credit, debit = 100 <= int(code) <= 399, 400 <= int(code) <= 699
    rest = fields[4 + _extra(kind, fields[4:]) :]
    return Row(
        day,
        int(amount) if credit else -int(amount),
        account.currency,
        text=",".join(rest[2:]).strip(),
        reference=_field(rest, 0) or _field(rest, 1),
        account=account.number,
        number=number,
        left_out="reversal" if code in REVERSALS else "" if credit or debit else "neutral",
    )


def _day(text):
    text = text if len(text) == 8 else f"20{text}"
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        refuse("bank_unreadable")
