"""Which lines of a file are here already."""

import hashlib
import re
from datetime import timedelta

from models.bank import heads
from models.core.fields import canonical
from models.customers.names import letters, near

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
        self.by_money, self.matched, self.keys = {}, set(), set()
        self.wholes, self.parts, self.shapes = set(), {}, {}
        if days:
            line = lines.model
            within = line.booked_on.between(min(days) - timedelta(1), max(days) + timedelta(1))
            for found in lines.where(within).order_by(line.id):
                key = (found.booked_on, found.amount, found.currency)
                self.by_money.setdefault(key, []).append(found)
                self.keys.add(found.fingerprint)
                self.cover(found, found.reference.rpartition("/")[0])

    def cover(self, payment, whole):
        """Know the line, or an earlier row of the file, as a booking of its own or as a part of the
        whole."""
        day, currency = payment.booked_on, payment.currency
        self.wholes.add((day, currency, payment.reference, payment.amount))
        if whole:
            of_whole = (day, currency, whole)
            self.parts[of_whole] = self.parts.get(of_whole, 0) + payment.amount

    def line_of(self, row):
        """The line that this row repeats, or None."""
        candidates = [line for line in self._of_money(row) if _agree(line, row, "account")]
        for same in (_by_reference_and_balance, _by_reference, _by_balance, _by_words):
            line = next((line for line in candidates if same(line, row)), None)
            if line:
                self.matched.add(line.id)
                return line
        return None

    def _of_money(self, row):
        """The lines of the same day, amount and currency that no other row repeats."""
        for day in dict.fromkeys((row.booked_on, row.valued_on or row.booked_on)):
            for line in self.by_money.get((day, row.amount, row.currency), ()):
                if line.id not in self.matched:
                    yield line

    def alike(self, row, shape, other):
        """A line from a file of another shape that may be the same payment, or None. `other` are
        the ids of those that a person called different."""
        lines = [
            line
            for line in self._of_money(row)
            if line.id not in other and self._shape(line) != shape and _look_alike(line, row)
        ]
        if lines:
            line = max(lines, key=lambda line: _names_alike(line.payer, row.payer))
            self.matched.add(line.id)
            return line

    def _shape(self, line):
        if line.source_id not in self.shapes:
            self.shapes[line.source_id] = shape_of(line.source.found) if line.source else None
        return self.shapes[line.source_id]

    def is_covered(self, row):
        """Whether the collective booking that this row is a part of is here as one line, or the
        parts of the one that this row sums up are."""
        day, currency = row.booked_on, row.currency
        summed = self.parts.get((day, currency, row.reference))
        return (
            bool(row.whole)
            and (day, currency, row.whole, row.whole_amount) in self.wholes
            or (bool(row.reference) and summed == row.amount)
        )

    def fingerprint(self, row):
        """The unique key of a new line: two readers at once cannot both make it."""
        occurrence, key = 1, _fingerprint(row, 1)
        while key in self.keys:
            occurrence += 1
            key = _fingerprint(row, occurrence)
        return key


def shape_of(found):
    """The format, and a table's heads with what they were read as: files of one shape give a
    payment the same words."""
    table = found.get("table") or {}
    columns = sorted(table.get("columns", {}).items())
    return [found.get("format"), list(map(heads.folded, table.get("heads", ()))), columns]


def _agree(line, row, *names):
    """Whether the values are equal, or one of the two does not know them."""
    return all(
        not getattr(line, n) or not getattr(row, n) or getattr(line, n) == getattr(row, n)
        for n in names
    )


def _balances_agree(line, row):
    return None in (line.balance, row.balance) or line.balance == row.balance


def _look_alike(line, row):
    """Whether nothing that both know tells the two apart: a line of another format may have other
    words, another reference, and the account written otherwise."""
    if not _accounts_alike(line.account, row.account) or not _balances_agree(line, row):
        return False
    if not line.payer or not row.payer or _names_alike(line.payer, row.payer):
        return True
    if line.payer_account and _accounts_alike(line.payer_account, row.payer_account):
        return bool(row.payer_account)
    return bool(_words(line) & _words(row))


def _accounts_alike(one, other):
    """1001234509, DE11/1001234509 and an IBAN that holds it are one account."""
    short, long = sorted((letters(one).lstrip("0"), letters(other)), key=len)
    return not short or short.lstrip("0") in long


def _names_alike(one, other):
    short, long = sorted((near(one), near(other)), key=len)
    return bool(short) and short in long


def _words(payment):
    """What may name an invoice or the bank's own number."""
    text = f"{payment.text} {payment.reference}"
    words = map(letters, re.split(r"[\s,;:，；：]+", text))
    return {word for word in words if len(word) >= 4 and any(c.isdigit() for c in word)}


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
