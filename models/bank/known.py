"""Which lines of a file are here already."""

import hashlib
from datetime import timedelta

from models.core.fields import canonical

# The fields that tell a line from all others; with a reference of the bank the first suffice.
BY_REFERENCE = ("account", "reference", "booked_on", "amount", "currency")
BY_WORDS = (
    "account",
    "booked_on",
    "amount",
    "currency",
    "payer",
    "payer_account",
    "text",
    "reference",
)
LONG = 8
FILLED = ("payer", "payer_account", "text", "reference", "balance")


class Known:
    """The lines around the days of some rows. Each is the line of one row at most: two equal rows
    of a file are two payments."""

    def __init__(self, rows, lines):
        days = [day for row in rows for day in (row.booked_on, row.valued_on) if day]
        self.by_money, self.matched, self.keys, self.parts = {}, set(), set(), {}
        if days:
            line = lines.model
            within = line.booked_on.between(min(days) - timedelta(1), max(days) + timedelta(1))
            for found in lines.where(within).order_by(line.id):
                self.add(found)

    def add(self, line):
        key = (line.booked_on, line.amount, line.currency)
        self.by_money.setdefault(key, []).append(line)
        self.keys.add(line.fingerprint)
        whole = line.reference.rpartition("/")[0]
        if whole:
            of_whole = (line.booked_on, line.currency, whole)
            self.parts[of_whole] = self.parts.get(of_whole, 0) + line.amount

    def line_of(self, row):
        """The line that this row repeats, or None."""
        candidates = [
            line
            for day in dict.fromkeys((row.booked_on, row.valued_on or row.booked_on))
            for line in self.by_money.get((day, row.amount, row.currency), ())
            if line.id not in self.matched and _agree(line, row, "account")
        ]
        for same in (_by_reference_and_balance, _by_reference, _by_balance, _by_words):
            line = next((line for line in candidates if same(line, row)), None)
            if line:
                self.matched.add(line.id)
                return line
        return None

    def is_covered(self, row):
        """Whether the collective booking that this row is a part of is here as one line, or the
        parts of the one that this row sums up are."""
        whole = self.by_money.get((row.booked_on, row.whole_amount, row.currency), ())
        summed = self.parts.get((row.booked_on, row.currency, row.reference))
        return bool(row.whole and any(line.reference == row.whole for line in whole)) or (
            bool(row.reference) and summed == row.amount
        )

    def fingerprint(self, row):
        """The unique key of a new line: two readers at once cannot both make it."""
        occurrence, key = 1, _fingerprint(row, 1)
        while key in self.keys:
            occurrence += 1
            key = _fingerprint(row, occurrence)
        return key


def _agree(line, row, *names):
    """Whether the values are equal, or one of the two does not know them."""
    return all(
        not getattr(line, n) or not getattr(row, n) or getattr(line, n) == getattr(row, n)
        for n in names
    )


def _balances_agree(line, row):
    return None in (line.balance, row.balance) or line.balance == row.balance


def _by_reference(line, row):
    """A short number such as a voucher's comes again with other payers; a long one does not."""
    same = bool(row.reference) and line.reference == row.reference and _balances_agree(line, row)
    return same and (len(row.reference) >= LONG or _agree(line, row, "payer"))


def _by_reference_and_balance(line, row):
    return bool(row.reference) and (
        (line.reference, line.balance) == (row.reference, row.balance) and row.balance is not None
    )


def _by_balance(line, row):
    return line.balance == row.balance is not None and _agree(
        line, row, "reference", "payer", "payer_account"
    )


def _by_words(line, row):
    """All of them, as far as both know them; a text may have been read in more words."""
    same = line.payer == row.payer and line.payer_account == row.payer_account
    texts = sorted((line.text, row.text), key=len)
    told = texts[0] == texts[1] or (texts[0] and texts[0] in texts[1] and line.payer)
    return bool(same and told) and _agree(line, row, "reference") and _balances_agree(line, row)


def missing(line, row):
    """{field: value} that the row knows and the line does not."""
    empty = {"balance": None}
    return {
        name: getattr(row, name)
        for name in FILLED
        if getattr(line, name) == empty.get(name, "") != getattr(row, name)
    }


def _fingerprint(row, occurrence):
    values = [
        value.isoformat() if name == "booked_on" else value
        for name in (BY_REFERENCE if row.reference else BY_WORDS)
        if (value := getattr(row, name)) or name != "reference"
    ]
    return hashlib.sha256(canonical([*values, occurrence]).encode()).hexdigest()
