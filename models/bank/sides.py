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

    def amount(self, number, cells, places):
        """(amount with its sign, "" or why the row is left out)."""
        if self.how == "pair":
            credit, debit = (self._read(name, cells, places) or 0 for name in ("credit", "debit"))
            if credit and debit:
                value = self.table.cell(cells, "credit") + " / " + self.table.cell(cells, "debit")
                refuse("bank_row", row=number, value=value[:40])
            return self._turned(credit - abs(debit), self.pair_of_books), ""
        amount = self._read("amount", cells, places) or 0
        if self.how == "flag":
            flag = cells[self.table.by_meaning["flag"][0]]  # "-" is a flag too
            side = values.side(flag, self.table.choices.get("flags", {}).items())
            side or refuse("bank_flag", row=number, value=values.bare(flag)[:40])
            if side == "none":
                return amount, "neutral"
            turned = heads.of_books(values.bare(flag))
            return self._turned(amount if side == "in" else -abs(amount), turned), ""
        return (
            -amount if self.way == "minus_in" else abs(amount) if self.way == "in" else amount
        ), ""

    def _read(self, name, cells, places):
        return self.table.read(
            name, cells, lambda c: values.amount(c, places, self.table.decimal or ".")
        )

    def _turned(self, amount, of_books):
        """As the bank sees it, unless the words are those of the firm's own books."""
        return -amount if of_books and self.said == "own" else amount

    def judged_by_balance(self, rows):
        """The rows, if the account's balance bears the direction out or it was sure; turned round
        where the words leave it open and the balance proves the other. Else a question."""
        if self.how == "sign" or self.said:
            return self._told_gaps(rows)
        proven = direction_by_balance(rows)
        if proven == "turned" and self.unsure:
            for row in rows:
                row.amount = -row.amount
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
    rows = [row for row in rows if row.balance is not None and not row.left_out]
    fits = set()
    for order in (rows, rows[::-1]):
        if len(order) < 2 or order[0].booked_on > order[-1].booked_on:
            continue
        for name, sign in (("as read", 1), ("turned", -1)):
            if all(a.balance + sign * b.amount == b.balance for a, b in _pairs(order)):
                fits.add(name)
    return fits.pop() if len(fits) == 1 else ""
