"""What a file does not show and a person must say: nothing is written before."""

from models.adapters import cells
from models.adapters.cells import discounts, numbers
from models.core.errors import Refused

SAMPLES = 3
READING = {
    "encoding": "encoding_unclear",
    "sheet": "sheet_unclear",
    "head_row": "head_row_unclear",
}
ORDERS = ("mdy", "dmy", "ymd")


class Asking:
    """Finds the habits of each column (decimal sign, order of days, what a discount says) by all
    its cells, then by those of the others; what stays open becomes a question, and a fault. Each
    answer is an option of the import."""

    def ask(self, name, field, code, samples, alternatives, number=None):
        """`alternatives` are (answer, the samples as they would be read)."""
        number = number or self.row_of(field, samples[0])
        self.questions.append(
            {
                "name": name,
                "column": self.head(field),
                "samples": samples,
                "alternatives": [[answer, list(readings)] for answer, readings in alternatives],
            }
        )
        self.fault(number, field, code, value=samples[0][:60])

    def ask_how_to_read(self):
        """Questions about the whole file: the page asks them above the columns."""
        for question in self.table.questions:
            self.fault(1, None, READING[question["name"]])
            self.questions.append({**question, "column": ""})

    def ask_what_values_mean(self):
        self.decimals = self._decimals()
        self.orders = self._orders()
        self._settle_discounts()
        self.floats = [n for n in self.identifiers if self.has(n) and self._is_float(n)]

    def _is_float(self, name):
        """Whether a column of codes was made numbers: 12.0 is 12 then."""
        samples = self.table.samples(self.columns[name])
        odd = [text for text in samples if cells.ends_like_a_number(text)]
        if odd and len(odd) == len(samples):
            self.warn_once(self.first_row, name, "code_was_number", value=odd[0])
            return True
        return False

    def _decimals(self):
        """{field: decimal sign}."""
        stored = set(self.table.stored)
        own = {
            name: "." if self.columns[name] in stored else numbers.habit(self.values(name))
            for name in self.numbers
            if self.has(name)
        }
        known = {sign for name, sign in own.items() if sign and self.columns[name] not in stored}
        answer = self.options.get("decimal") or (known.pop() if len(known) == 1 else "")
        open_ones = [name for name, sign in own.items() if sign is None]
        if open_ones and not answer:
            self._ask_decimal(open_ones[0])
        return {name: answer or "." if sign is None else sign or "." for name, sign in own.items()}

    def _ask_decimal(self, name):
        unclear = [c for c in self.values(name) if numbers.habit([c]) != ""][:SAMPLES]
        readings = [(sign, [_shown(c, sign) for c in unclear]) for sign in ".,"]
        self.ask("decimal", name, "cell_number_unclear", unclear, readings)

    def _orders(self):
        """{field: order of year, month and day}."""
        found = {n: cells.day_order(self.values(n)) for n in self.days if self.has(n)}
        known = {order for order, _ in found.values() if order}
        answer = self.options.get("date_order", "")
        others = answer or (known.pop() if len(known) == 1 else "")
        asked = False
        for name, (order, odd) in found.items():
            if odd and not answer:
                # Told even where the others outvote it: one day of two orders is a wrong day.
                self.fault(self.row_of(name, odd), name, "days_two_orders", value=odd)
            if order is None and not others or odd and not answer:
                asked or self._ask_order(name, odd)
                asked = True
        return {name: answer or order or others for name, (order, _) in found.items()}

    def _ask_order(self, name, odd):
        unclear = [c for c in self.values(name) if cells.possible_orders(c)]
        samples = list(dict.fromkeys([*unclear[: SAMPLES - 1], odd or unclear[-1]]))
        possible = [o for o in ORDERS if any(o in cells.possible_orders(c) for c in unclear)]
        readings = [(order, [_day_shown(c, order) for c in samples]) for order in possible]
        self.ask("date_order", name, "cell_day_unclear", samples, readings)

    def _settle_discounts(self):
        column = self.values("discount")
        self.parts = discounts.are_parts(column)
        decimal = self.decimals.get("discount", ".")
        own = discounts.habit(column, self.head("discount"), self.parts, decimal) if column else ""
        if own is None:
            own = self.options.get("discount") or self.discount_by_amounts()
        if own is None:
            samples = column[:SAMPLES]
            readings = [(h, [self._paid_part(c, h) for c in samples]) for h in ("paid", "off")]
            self.ask("discount", "discount", "cell_discount_unclear", samples, readings)
        self.discount_habit = own or ""

    def discount_by_amounts(self):
        """ "paid" or "off" where the amounts of the lines prove it, else None."""
        return None

    def _paid_part(self, cell, habit):
        """How much of the price is paid."""
        try:
            off = discounts.percent(cell, self.parts, habit, self.decimals.get("discount", "."))
        except Refused:
            return "–"
        return f"{numbers.Decimal(10_000 - off) / 100:f}%"


def _shown(cell, decimal):
    try:
        return f"{cells.split(cell, decimal)[0]:,f}"
    except Refused:
        return "–"


def _day_shown(cell, order):
    try:
        return cells.day(cell, order).isoformat()
    except Refused:
        return "–"
