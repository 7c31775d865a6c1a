"""What an import would do, computed without writing: the steps, every fault by row and column, and
what must be asked first."""

import hashlib
import heapq
import itertools
import re
from collections import Counter

from models.adapters import cells
from models.core.errors import Refused, refuse
from models.imports.asking import Asking
from models.imports.currencies import currency_of, measure, named_beside, tens
from models.imports.fields import NEEDED

SHOWN, PORTION = 300, 1000
MOST_KNOWN = 50_000  # cells of a column that are converted only once
HABITS = ("decimals", "orders", "parts", "discount_habit", "floats")
ASKED = (
    "status",
    "type",
    "discount",
)  # columns whose every value is looked at, beside numbers and days
PRICES = ("price", "price_with_tax", "cost")
PER_UNIT = re.compile(r"/\s*[^\d/]{1,20}")
UNIT_BEHIND = re.compile(r"\d[^/]*/\s*([^\d/]{1,20})$")


class Untaken(list):
    """The steps of a check: nobody takes them, and they may be too many for memory."""

    def append(self, step):
        pass


class Plan(Asking):
    """Reads a table by a mapping {column: field} and options; subclasses turn rows into steps.
    While anything must be asked, no row is read."""

    target = ""
    numbers, days, money = (), (), ()  # the fields that are such
    identifiers = ()
    optional = ()  # where a word for none, such as 无, is nothing
    telling = ()  # words of heads of which none is left out without a word

    def __init__(self, table, mapping, options, by, recording=None):
        """`recording`: where faults and changes go that may be too many for memory."""
        self.table, self.options, self.by = table, options, by
        self.recording = recording
        self.columns = {
            name: int(column) for column, name in mapping.items() if int(column) < len(table.heads)
        }
        self.powers = {name: tens(self.head(name)) for name in self.numbers if self.has(name)}
        self.faults, self.fault_count = recording.faults if recording else [], 0
        self.steps = Untaken() if recording else []
        self.updates = Untaken() if recording else []  # [(row, content, new content)]
        self.warnings, self.questions, self.kinds = [], [], Counter()
        self.changed_rows, self.hash_of_changes = 0, hashlib.sha256()
        self.seen = self.unlike = None  # what a check found, and the first change that it had not
        self.counts = {"create": 0, "update": 0, "same": 0}
        self.row_of_code, self.floats = {}, []
        self.warned, self.readers, self.distinct, self.rounding = set(), {}, {}, {}

    def compute(self, progress=lambda part: None):
        """Fill steps, counts, faults and warnings. Returns self."""
        for alternatives in NEEDED[self.target]:
            if not set(alternatives) & set(self.columns) and not self.given_otherwise(alternatives):
                self.fault(1, alternatives[0], "column_needed")
        self.tell_what_was_left_out()
        self.ask_how_to_read()
        self.tell_what_has_no_meaning()
        if not self.faults_of("column_needed"):
            self.compare_currency_of_heads()
            self.ask_what_values_mean()
            self.questions or self.read_rows(progress)
        return self

    def compute_rows(self, habits):
        """The same for a few rows of a file of which the habits are known."""
        for name, habit in habits.items():
            setattr(self, name, habit)
        self.read_rows(lambda part: None)
        return self

    @property
    def habits(self):
        """How numbers, days and discounts of the whole file are written."""
        return {name: vars(self)[name] for name in HABITS if name in vars(self)}

    def read_rows(self, progress):
        # What no cell of a column has is not looked for in each row.
        self.money_columns = self._columns_with(self.money, named_beside)
        self.price_columns = self._columns_with(PRICES, lambda text: "/" in text)
        self.read_name = self.reader("name", empty="")
        self.read_spec = self.reader("spec", empty="")
        self.prepare()
        self.distinct.clear()  # half a million of them, perhaps; their habits are known
        for name, power in self.powers.items():
            if power:
                value = self.head(name)
                self.warn(
                    self.first_row, name, "head_counts_in", value=value, times=f"{10**power:,}"
                )
        for i, (number, row) in enumerate(self.table.rows):
            self.add_row(number, row)
            if not (i % 500):
                progress(i / len(self.table.rows))
        self.finish()
        for name, difference in self.rounding.items():
            shown = f"{round(difference, 4).normalize():f}"
            if difference:
                self.warn(self.first_row, name, "amounts_rounded", sum=shown)

    def _columns_with(self, names, test):
        """[(name, column)] of those in which any cell passes the test."""
        found = [n for n in names if self.has(n) and any(map(test, self.values(n)))]
        return [(n, self.columns[n]) for n in found]

    @property
    def count(self):
        """How many rows or documents are to be written."""
        return len(self.steps)

    @property
    def twins(self):
        """The names that are nearly those of other customers."""
        return list(self.spellings.twins.values()) if "spellings" in vars(self) else []

    def tell_what_was_left_out(self):
        width = len(self.table.heads)
        for number, row, why in self.table.left_out:
            if why == "uneven":
                self.fault(number, None, "row_uneven", found=len(row), expected=width)
        for code, facts in self.table.notes:
            self.warn(self.first_row, None, code, **facts)

    def tell_what_has_no_meaning(self):
        """Name the columns that are left out although they may change what a document is worth."""
        for column, head in enumerate(self.table.heads):
            telling = any(word in head.lower() for word in self.telling)
            if telling and column not in self.columns.values() and self.table.samples(column):
                self.warn(self.first_row, None, "column_left_out", value=head)

    def compare_currency_of_heads(self):
        """A head such as Amount (USD) must name the currency of the import."""
        for name in self.money if not self.has("currency") else ():
            named = named_beside(f" {measure(self.head(name))}") if self.has(name) else ()
            if named and self.options["currency"] not in named:
                currency = self.options["currency"]
                self.fault(1, name, "currency_other", value=self.head(name), currency=currency)

    def compare_currency_of_cells(self, number, row, currency):
        """So must a sign beside a number name that of its row."""
        for name, column in self.money_columns:
            named = named_beside(row[column])
            if named and currency not in named:
                value = row[column][:60]
                self.fault(number, name, "currency_other", value=value, currency=currency)

    def given_otherwise(self, alternatives):
        """Whether an option gives what none of these columns does."""
        return False

    def prepare(self):
        """Query once what every row needs."""

    def add_row(self, number, row):
        raise NotImplementedError

    def finish(self):
        """After the last row."""

    def know_whose(self):
        """Learn which customers the importer is responsible for; None stands for all."""
        rows = None if self.by.sees_all else self.by.sees.customers()
        self.own = rows if rows is None else {c.id for c in rows}

    def code_is_new(self, number, code):
        """Fault a code that an earlier row gives to another one."""
        first_row = self.row_of_code.setdefault(code, number)
        if code and first_row != number:
            self.fault(number, "code", "key_twice", value=code, row=first_row)

    def is_of_others(self, customer):
        """Whether this customer, by its id, is known but none of the importer's."""
        return self.own is not None and customer not in self.own

    def fault(self, number, name, code, **facts):
        head = self.head(name)
        self.faults.append([number, head, code, facts, name])
        self.kinds[code, head] += 1
        self.fault_count += 1

    def faults_of(self, code):
        return [fault for fault in self.faults if fault[2] == code]

    def change(self, number, name, before, after):
        """Note what a row would change: {field: value} before and after."""
        self.changed_rows += 1
        for field in after:
            shown = [number, name, field, _shown(before.get(field)), _shown(after[field])]
            self.hash_of_changes.update(f"{shown}\n".encode())
            if self.recording:
                self.recording.changes.append(shown)
            if self.seen and self.unlike is None and tuple(shown) != next(self.seen, None):
                self.unlike = name

    def compare_with(self, check):
        """Compare each change with those that a check found; None where that is not at hand."""
        self.seen = check and check.all_changes()
        return self

    def refuse_unless_shown(self, shown):
        """Refuse where the changes are not those of a check with this hash."""
        left = self.seen and next(self.seen, None)
        if self.seen:
            self.seen.close()
        if shown == self.shown:
            return
        unlike = self.unlike or (left and left[1])
        refuse("import_row_overtaken", name=unlike) if unlike else refuse("import_overtaken")

    @property
    def shown(self):
        """A hash of all that would be changed, as a person is shown it."""
        return self.hash_of_changes.hexdigest()

    def warn(self, number, name, code, **facts):
        """One warning per code and value, as a thousand rows may name the same unknown
        salesperson."""
        warning = (name, code, tuple(sorted(facts.items())))
        if warning not in self.warned:
            self.warned.add(warning)
            self.warnings.append([number, self.head(name), code, facts])

    def warn_once(self, number, name, code, **facts):
        """One warning for the whole column."""
        if (name, code) not in self.warned:
            self.warned.add((name, code))
            self.warnings.append([number, self.head(name), code, facts])

    def head(self, name):
        """The head that the file itself has for a field."""
        return (self.table.heads[self.columns[name]] or name) if name in self.columns else name

    def has(self, name):
        return name in self.columns

    def cell(self, row, name):
        return row[self.columns[name]] if name in self.columns else ""

    def values(self, name):
        """The distinct cells of a mapped column."""
        if name not in self.columns:
            return []
        if name not in self.distinct:
            self._collect_distinct({name, *self.numbers, *self.days, *ASKED} & set(self.columns))
        return self.distinct[name]

    def _collect_distinct(self, names):
        """All at once: the rows may stand in a file."""
        found = [(self.columns[name], {}) for name in names]
        rows = iter(self.table.rows)
        while some := [row for _, row in itertools.islice(rows, PORTION)]:
            columns = list(zip(*some, strict=True))
            for column, known in found:
                known.update(dict.fromkeys(columns[column]))
        for name, (_, known) in zip(names, found, strict=True):
            known.pop("", None)
            self.distinct[name] = list(known)

    @property
    def first_row(self):
        return self.table.rows[0][0] if self.table.rows else 1

    def row_of(self, name, cell):
        """The number of the first row with this cell."""
        column = self.columns[name]
        return next(number for number, row in self.table.rows if row[column] == cell)

    def read(self, number, row, name, convert=cells.text, empty=None, **arguments):
        """The cell as a value, or `empty` when it is blank or has a fault, which is noted. Each
        distinct cell of a column is converted once."""
        key = name, arguments.get("scale")
        if key not in self.readers:
            self.readers[key] = self.reader(name, convert, empty, **arguments)
        return self.readers[key](number, row)

    def reader(self, name, convert=cells.text, empty=None, **arguments):
        """What read() is for one column, as a function of (number, row)."""
        column = self.columns.get(name)
        if column is None:
            return lambda number, row: empty
        known = {}

        def converted(text):
            if name in self.optional and cells.is_none(text):
                return empty, None
            try:
                found = convert(text, **arguments), None
            except Refused as error:
                found = empty, error
            if len(known) > MOST_KNOWN:
                known.clear()
            known[text] = found
            return found

        def value_of(number, row):
            text = row[column]
            if not text:
                return empty
            value, error = known.get(text) or converted(text)
            if error:
                self.fault(number, name, error.code, value=text[:60], **error.facts)
            return value

        return value_of

    def read_identifier(self, number, row, name, empty=None, most=250):
        """The cell as what names something."""
        key = name, "identifier"
        if key not in self.readers:
            self.readers[key] = self.identifier_reader(name, empty, most)
        return self.readers[key](number, row)

    def identifier_reader(self, name, empty=None, most=250):
        """What read_identifier() is for one column."""
        is_number = name in self.floats
        read = self.reader(name, cells.identifier, empty, most=most, is_number=is_number)

        def value_of(number, row):
            value = read(number, row)
            if value and cells.has_round_digits(value):
                self.warn(number, name, "digits_maybe_lost", value=value)
            return value

        return value_of

    def name_with_spec(self, number, row):
        """The name of a product, with what tells it apart from others of that name."""
        name, spec = self.read_name(number, row), self.read_spec(number, row)
        return name if not name or spec in name else f"{name} {spec}"

    def read_number(self, number, row, name, **arguments):
        """The cell as an int of 1/10**scale, by the habit of its column; None where it says in
        words that there is none."""
        return self.read(number, row, name, self.number_of, None, field=name, **arguments)

    def number_of(self, text, field, scale, **limits):
        if cells.is_none(text):
            return None
        exact, unit = cells.split(text, self.decimals.get(field, "."))
        unit and not (field in PRICES and PER_UNIT.fullmatch(unit)) and refuse("cell_no_number")
        exact = exact.scaleb(self.powers.get(field, 0))
        if self.options.get("rounding"):
            return cells.rounded(exact, scale, **limits)
        return cells.scaled(exact, scale, **limits)

    def unit_of_price(self, number, row):
        """The unit behind a price, as in 5元/箱, which is told."""
        for name, column in self.price_columns:
            behind = "/" in row[column] and UNIT_BEHIND.search(row[column])
            if behind:
                self.warn_once(number, name, "price_with_unit", value=self.cell(row, name)[:60])
                return behind[1].strip()
        return ""

    def read_day(self, number, row, name):
        """The cell as a date, by the order of its column."""
        if cells.is_serial(self.cell(row, name)):
            self.warn_once(number, name, "day_serial", value=self.cell(row, name))
        return self.read(number, row, name, cells.day, order=self.orders.get(name, ""))

    def read_currency(self, number, row):
        """The currency of the row, "" where it names none."""
        return self.read(number, row, "currency", currency_of, "")

    def findings(self):
        """What the page shows."""
        return {
            "faults": heapq.nsmallest(SHOWN, self.faults, key=lambda fault: fault[0]),
            "fault_count": self.fault_count,
            "kinds": [[*kind, count] for kind, count in self.kinds.most_common(SHOWN)],
            "changed_rows": self.changed_rows,
            "shown": self.shown,
            "habits": self.habits,
            "check": self.recording.token if self.recording else "",
            "warnings": self.warnings[:SHOWN],
            "warning_count": len(self.warnings),
            "questions": self.questions,
            "twins": self.twins[:SHOWN],
            "counts": self.counts,
            "rows": len(self.table.rows),
        }


def _shown(value):
    return "" if value is None else str(value)
