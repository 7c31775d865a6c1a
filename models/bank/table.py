"""CSV, Excel and other tables of any bank: what the columns mean by their heads, by what is
remembered, or as a person says it."""

import re
from collections import Counter

from models.bank import banks, heads, movements, statuses, values
from models.bank.records import records
from models.bank.row import Row
from models.bank.sides import Sides
from models.core.errors import Refused, refuse
from models.core.money import digits

HEAD_WITHIN = 60
MOST_STATES = 40
ORDERS = ("dmy", "mdy", "ymd")


class Table:
    """The file's cells with what they mean. `choices` hold what a person said: head_row,
    columns {"3": "date"}, decimal, date_order, sides, direction, flags {value: side}."""

    def __init__(self, data, filename, currency, choices, remembered=()):
        self.choices, self.default = choices, currency
        self.records, self.stored, self.open = records(data, filename, choices)
        self.questions, self.notes, self.accounts = [q["name"] for q in self.open], [], []
        self.start = self._head_row()
        if not choices.get("columns"):
            self._recall(remembered)
        known, rows = self._heads_at(self.start) if self.start >= 0 else ([], 0)
        body = self.records[max(self.start, 0) + rows :]
        width = max([len(known), *(len(cells) for _, cells in body[:200])])
        self.heads = known + [""] * (width - len(known))
        self.body = [(n, cells + [""] * (width - len(cells))) for n, cells in body]
        self.bank, self.seen = banks.recognised(self.heads)
        told = self.choices.get("columns")
        self.columns = (
            {int(column): name for column, name in told.items() if int(column) < width}
            if told
            else heads.columns(self.heads)
        )
        if not told:
            self._judge_by_content()
        self.by_meaning = {}
        for column in sorted(self.columns):
            self.by_meaning.setdefault(self.columns[column], []).append(column)
        known = {c: m for c, head in enumerate(self.heads) if (m := heads.meaning(head))}
        self.kinds = [c for c, m in known.items() if m[0] == "kind"]
        self.taken_back = [c for c, m in known.items() if m[0] == "taken_back"]
        self.days = [
            c for c, m in known.items() if m[0] == "date" and self.columns.get(c) != "date"
        ]

    def _heads_at(self, place):
        """(heads, 1 or 2 rows of them) from that place on."""
        cells = list(self.records[place][1])
        below = self.records[place + 1][1] if place + 1 < len(self.records) else []
        is_text = not any(map(_figure, [*cells, *below]))
        both = heads.in_two_rows(cells, below) if is_text else None
        return (both, 2) if both else (cells, 1)

    def _judge_by_content(self):
        """A column that holds words for in or out alone tells the direction, whatever its head; one
        whose head may mean a state holds states, or it is text."""
        for column, name in self.columns.items():
            values_of = {cells[column] for _, cells in self.body if cells[column]}
            if name == "status" and heads.folded(self.heads[column]) in heads.MAYBE_STATUS:
                known = any(map(statuses.verdict, values_of))
                self.columns[column] = "status" if known else "text"
        if {"credit", "debit", "flag"} & set(self.columns.values()):
            return
        amounts = [c for c, name in self.columns.items() if name == "amount"]
        moved = [cells for _, cells in self.body if any(values.given(cells[c]) for c in amounts)]
        for column in range(len(self.heads)):
            is_free = self.columns.get(column, "text") == "text"
            if moved and is_free and all(values.is_plain_side(cells[column]) for cells in moved):
                self.columns[column] = "flag"
                return

    def _recall(self, remembered):
        """Use what was said of an earlier file with these heads, of this account if the file names
        one; asks for the account where several have such files."""
        folded = [(_folded(known["heads"]), known) for known in remembered]
        for place, (_, cells) in enumerate(self.records[:HEAD_WITHIN]):
            here = _folded(self._heads_at(place)[0])
            fits = [known for of_heads, known in folded if of_heads == here]
            if not fits or not any(cells):
                continue
            self.start = place
            own = self.own_account()
            fits = [known for known in fits if known["account"] == own] if own else fits
            if len(fits) == 1:
                self.choices = {**fits[0]["choices"], **self.choices, "remembered": True}
                if fits[0]["account"]:
                    self.choices["account"] = fits[0]["account"]
            elif fits:
                self.questions.append("account")
                self.accounts = [known["account"] for known in fits]
            return

    def _head_row(self):
        """Where the heads are: as told, else the line of the first ones with the most known
        heads, else the widest line without a figure; -1 when the first row is data."""
        if "head_row" in self.choices:
            return next(
                (
                    i
                    for i, (number, _) in enumerate(self.records)
                    if number == self.choices["head_row"]
                ),
                -1,
            )
        best, most = -1, 0
        for i in range(len(self.records[:HEAD_WITHIN])):
            names = set(heads.columns(self._heads_at(i)[0]).values())
            usable = "date" in names and names & {"amount", "credit", "debit"}
            if usable and len(names) > most:
                best, most = i, len(names)
        if best >= 0:
            return best
        filled = [
            sum(bool(c) for c in cells) if not any(map(_figure, cells)) else 0
            for _, cells in self.records[:HEAD_WITHIN]
        ]
        return filled.index(max(filled)) if any(f > 1 for f in filled) else -1

    def cell(self, cells, name):
        """The first filled cell of that meaning."""
        return next((v for c in self.by_meaning.get(name, ()) if (v := values.given(cells[c]))), "")

    def joined(self, cells, name):
        return " ".join(
            filter(None, (values.given(cells[c]) for c in self.by_meaning.get(name, ())))
        )

    def rows(self):
        """The movements; asks what cannot be known, and refuses with the cell that is wrong."""
        if self.questions:
            return []
        if "date" not in self.by_meaning or not self.by_meaning.keys() & {
            "amount",
            "credit",
            "debit",
        }:
            self.questions.append("columns")
            return []
        self.movements = movements.Movements(self)
        dated = self.movements.rows
        decimal, order = banks.decimal_sign(self.bank), banks.day_order(self.bank)
        self.decimal = self._choice(
            "decimal", lambda a: values.decimal_sign(a, decimal), "amount", "credit", "debit"
        )
        self.order = self._choice("date_order", lambda d: values.day_order(d, order), "date")
        named = [m[3] for c in self.columns if (m := heads.meaning(self.heads[c])) and m[3]]
        self.currency = named[0] if named else self.own_currency()
        self.sides = Sides(self, dated)
        self.questions += self.sides.questions
        if self.questions:
            return []
        rows = self.sides.judged_by_balance(
            lambda: [self._row(number, cells) for number, cells in dated]
        )
        if any(row.left_out == "status" for row in rows):
            self.questions.append("status")
        return [] if self.questions else rows

    def _choice(self, name, guess, *meanings):
        """As the person said it, else as the columns show it; a question where they do not."""
        columns = [c for m in meanings for c in self.by_meaning.get(m, ())]
        if name == "decimal":  # what a workbook holds as a number has no thousands sign
            columns = [c for c in columns if c not in self.stored]
        cells = [cells[c] for _, cells in self.body for c in columns]
        found = self.choices.get(name) or guess([c for c in cells if any(map(str.isdigit, c))])
        if found is None:
            self.questions.append(name)
        return found or ""

    def _row(self, number, cells):
        try:
            return self._read_row(number, cells)
        except Refused as error:
            if "cell" not in error.facts:
                raise
            value, head = error.facts["cell"][:40], error.facts["head"]
            refuse("bank_cell", row=number, value=value, head=head)

    def _read_row(self, number, cells):
        account, named = self.movements.section_of(number)
        currency = values.currency(self.cell(cells, "currency")) or named or self.currency
        places = digits(currency or self.default)
        amount, left_out = self.sides.amount(number, cells, places)
        left_out = self._why_not_moved(number, cells, amount, places) or left_out
        text = self.joined(cells, "text")
        payer, payer_account = self._party(cells, amount)
        return Row(
            self.read("date", cells, lambda c: values.day(c, self.order)),
            amount,
            currency or self.default,
            payer,
            payer_account,
            text,
            self.joined(cells, "reference"),
            self.cell(cells, "account").replace(" ", "") or account,
            self._balance(cells, places),
            number,
            left_out,
            valued_on=self._other_day(cells),
        )

    def _why_not_moved(self, number, cells, amount, places):
        """Why the row brings no customer's money, by its state and kind; "" if it may."""
        status = self.joined(cells, "status")
        verdict = statuses.verdict(status, self.choices.get("statuses", {}).items())
        if verdict != "booked":
            return verdict or ("status" if amount > 0 else "")
        back = statuses.given_back(status)
        if back and amount > 0:
            if values.amount(back, places, self.decimal or ".") >= amount:
                return "closed"
            self.notes.append(["bank_partly_refunded", {"row": number, "status": status}])
        remarks = [c for name in ("text", "status") for c in self.by_meaning.get(name, ())]
        columns = self.kinds, remarks, self.taken_back
        is_back = statuses.is_back(*([cells[c] for c in some] for some in columns))
        return "reversal" if is_back and amount > 0 else ""

    def _other_day(self, cells):
        """Earlier versions took the first day of a row; by it their lines are found again."""
        first = next((c for c in self.days if values.readable(cells[c], self.order)), None)
        return None if first is None else values.day(cells[first], self.order)

    def read(self, name, cells, verb):
        """What the verb makes of the cell; a refusal names this cell and no other."""
        cell = self.cell(cells, name)
        try:
            return verb(cell)
        except Refused as error:
            head = next((self.heads[c] for c in self.by_meaning[name] if cells[c]), name)
            raise Refused(error.code, **{**error.facts, "cell": cell, "head": head}) from error

    def _party(self, cells, amount):
        """(name, account) of the other side; one column may hold both, and a bank that writes
        payer and payee has the other side in one of them, by the direction."""
        if amount < 0 and ("payee" in self.by_meaning or "payee_account" in self.by_meaning):
            return self.cell(cells, "payee"), self.cell(cells, "payee_account")
        name, account = self.cell(cells, "payer"), self.cell(cells, "payer_account")
        both = self.cell(cells, "party")
        if both and not name:
            behind = re.fullmatch(r"(.*?)[\s/]*([0-9*]{4,}[0-9* ]*)", both)
            before = re.fullmatch(r"([0-9*]{6,})[\s/]+(.*)", both)
            name, number = (
                behind.groups() if behind else (before[2], before[1]) if before else (both, "")
            )
            account = account or number
        return name, account

    def _balance(self, cells, places):
        """The balance after the row; None where it cannot be read, as it is not needed."""
        try:
            return values.amount(self.cell(cells, "balance"), places, self.decimal or ".")
        except Refused:
            return None

    def own_account(self):
        """Our account, where a line above the heads names it or the person did."""
        return self.choices.get("account") or movements.account_in(self._above())

    def own_currency(self):
        """The currency that a line above the heads names."""
        return movements.currency_in(self._above())

    def _above(self):
        return [cells for _, cells in self.records[: max(self.start, 0)]]

    def facts(self):
        """What a page needs to ask what the columns mean: heads, and values of each column."""
        samples = [
            list(dict.fromkeys(c[n] for _, c in self.body[:200] if c[n]))[:3]
            for n in range(len(self.heads))
        ]
        return {
            "heads": self.heads,
            "samples": samples,
            "columns": {str(c): name for c, name in self.columns.items()},
            "head_row": self.records[self.start][0] if self.start >= 0 else 0,
            "above": [
                [n, " · ".join(c for c in cells if c)[:120]] for n, cells in self.records[:30]
            ],
            "bank": [self.bank, self.seen],
            "flags": self._flag_values(),
            "statuses": self._status_values(),
            "account": self.own_account(),
            "accounts": self.accounts,
            "open": self.open,
            "currency": self.own_currency(),
        }

    def _status_values(self):
        """[(value, verdict or "", a row with it)] of the columns of states, the frequent first."""
        rows = {}
        for _, cells in self.body:
            rows.setdefault(statuses.bare(self.joined(cells, "status")), []).append(cells)
        told = self.choices.get("statuses", {}).items()
        return [
            [value, statuses.verdict(value, told) or "", " · ".join(c for c in found[0] if c)[:120]]
            for value, found in sorted(rows.items(), key=lambda item: -len(item[1]))[:MOST_STATES]
            if value
        ]

    def _flag_values(self):
        """[(value, side or "")] of the column of direction, the frequent first."""
        counted = Counter(
            values.bare(cells[c]) for _, cells in self.body for c in self.by_meaning.get("flag", ())
        )
        told = self.choices.get("flags", {})
        return [[v, values.side(v, told.items()) or ""] for v, _ in counted.most_common(12)]


def _folded(cells):
    """Heads as they are compared, without the blank ones behind the last."""
    folded = [heads.folded(cell) for cell in cells]
    while folded and not folded[-1]:
        folded.pop()
    return folded


def _figure(cell):
    return bool(re.search(r"\d", cell))
