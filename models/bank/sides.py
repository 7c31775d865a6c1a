"""Whether a row of a table is money in or out: by two columns, by a column of direction, or by the
sign; where the file does not say it, a person is asked."""

from models.bank import banks, heads, values
from models.core.errors import refuse


class Sides:
    """How one table tells the direction. `questions` are what only a person can answer."""

    def __init__(self, table, dated):
        self.table, self.questions = table, []
        self.said = table.choices.get("sides", "")
        self.way = table.choices.get("direction", "")
        pair = table.by_meaning.keys() & {"credit", "debit"}
        self.how = "pair" if pair else "flag" if "flag" in table.by_meaning else "sign"
        self.pair_of_books = any(
            heads.of_books(table.heads[column])
            for column, name in table.columns.items()
            if name in ("credit", "debit")
        )
        self.unsure = (
            self.how != "sign"
            and table.bank not in banks.BANKS_VIEW
            and heads.unsure(table.heads, table.columns)
        )
        if self.how == "sign" and dated and not self.way:
            amounts = [table.cell(cells, "amount") for _, cells in dated]
            written = any(map(values.signed, amounts)) or any("+" in a for a in amounts)
            written = written or table.seen  # all of their tables with one column have signs
            if not written or heads.CARD & set(map(heads.folded, table.heads)):
                self.questions.append("direction")
        self.signed_out = self._out_has_both_signs(dated)

    def _out_has_both_signs(self, dated):
        """Whether a minus in what went out takes a booking back; where every amount there has one,
        it says no more than the column."""
        if self.how == "sign":
            return False
        if self.how == "pair":
            out = [self.table.cell(cells, "debit") for _, cells in dated]
        else:
            out = [
                self.table.cell(cells, "amount") for _, cells in dated if self._side(cells) == "out"
            ]
        out = [cell for cell in out if any(c in "123456789" for c in values.bare(cell))]
        return len(set(map(values.signed, out))) == 2

    def _side(self, cells):
        flag = cells[self.table.by_meaning["flag"][0]]  # "-" is a flag too
        return values.side(flag, self.table.choices.get("flags", {}).items())

    def amount(self, number, cells, places):
        """(amount with its sign, "" or why the row is left out)."""
        if self.how == "pair":
            credit, debit = (self._read(name, cells, places) or 0 for name in ("credit", "debit"))
            if credit and debit:
                value = self.table.cell(cells, "credit") + " / " + self.table.cell(cells, "debit")
                refuse("bank_row", row=number, value=value[:40])
            moved, below = credit + self._out(debit), min(credit, debit) < 0
            return self._turned(moved, self.pair_of_books, below)
        amount = self._read("amount", cells, places) or 0
        if self.how == "flag":
            side = self._side(cells)
            flag = values.bare(cells[self.table.by_meaning["flag"][0]])
            side or refuse("bank_flag", row=number, value=flag[:40])
            if side == "none":
                return amount, "neutral"
            moved = amount if side == "in" else self._out(amount)
            return self._turned(moved, heads.of_books(flag), amount < 0)
        amount = -amount if self.way == "minus_in" else abs(amount) if self.way == "in" else amount
        return amount, ""

    def _out(self, amount):
        return -amount if self.signed_out else -abs(amount)

    def _read(self, name, cells, places):
        return self.table.read(
            name, cells, lambda c: values.amount(c, places, self.table.decimal or ".")
        )

    def _turned(self, amount, of_books, below):
        """As the bank sees it, unless the words are those of the firm's own books. Money in that is
        written `below` nothing takes an outgoing booking back."""
        amount = -amount if of_books and self.said == "own" else amount
        return amount, "reversal" if below and amount > 0 else ""

    def judged_by_balance(self, read):
        """The rows that `read` gives, if the account's balance bears the direction out or it was
        sure; read the other way round where the words leave it open and the balance proves that.
        Else a question."""
        rows = read()
        if self.how == "sign" or self.said:
            return self._told_gaps(rows)
        proven = direction_by_balance(rows)
        if proven == "turned" and self.unsure:
            self.said = "own"
            rows = read()
            self.table.notes.append(["bank_turned", {}])
        elif proven == "turned" or (self.unsure and not proven):
            self.table.questions.append("sides")
            return []
        return self._told_gaps(rows)

    def _told_gaps(self, rows):
        """Tell where the balance does not follow from the row before: a line may be missing."""
        known = [row for row in rows if row.balance is not None]
        for order in (known, known[::-1]):
            gaps = [b.number for a, b in _pairs(order) if a.balance + b.amount != b.balance]
            if gaps and len(gaps) * 4 <= len(order):
                numbers = ", ".join(map(str, gaps[:10]))
                self.table.notes.append(["bank_gap", {"rows": numbers}])
        return rows


def _pairs(rows):
    return zip(rows, rows[1:], strict=False)


def direction_by_balance(rows):
    """ "as read" or "turned", whichever makes each balance follow from the one before, and ""
    where the balances do not say it. The days tell whether the oldest row comes first."""
    rows = [row for row in rows if row.balance is not None and row.changes_balance]
    fits = set()
    for order in (rows, rows[::-1]):
        if len(order) < 2 or order[0].booked_on > order[-1].booked_on:
            continue
        for name, sign in (("as read", 1), ("turned", -1)):
            if all(a.balance + sign * b.amount == b.balance for a, b in _pairs(order)):
                fits.add(name)
    return fits.pop() if len(fits) == 1 else ""
