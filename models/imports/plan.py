"""What an import would do, computed without writing: the steps, and every fault by row and
column."""

from models.adapters import cells
from models.core.errors import Refused
from models.imports.fields import NEEDED

SHOWN = 300
CURRENCIES = ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")


class Plan:
    """Reads a sheet by a mapping {column: field} and options; subclasses turn rows into steps."""

    target = ""

    def __init__(self, sheet, mapping, options, by):
        self.sheet, self.options, self.by = sheet, options, by
        self.columns = {
            name: int(column) for column, name in mapping.items() if int(column) < len(sheet.heads)
        }
        self.faults, self.warnings, self.steps = [], [], []
        self.counts = {"create": 0, "update": 0, "same": 0}
        self.warned = set()

    def compute(self, progress=lambda part: None):
        """Fill steps, counts, faults and warnings. Returns self."""
        for alternatives in NEEDED[self.target]:
            if not set(alternatives) & set(self.columns):
                self.fault(1, alternatives[0], "column_needed")
        width = len(self.sheet.heads)
        for number, count in self.sheet.uneven:
            self.fault(number, None, "row_uneven", found=count, expected=width)
        if not any(f[2] == "column_needed" for f in self.faults):
            self.prepare()
            for i, (number, row) in enumerate(self.sheet.rows):
                self.add_row(number, row)
                if not (i % 500):
                    progress(i / len(self.sheet.rows))
            self.finish()
        self.faults.sort(key=lambda f: f[0])
        return self

    def prepare(self):
        """Query once what every row needs."""

    def add_row(self, number, row):
        raise NotImplementedError

    def finish(self):
        """After the last row."""

    def fault(self, number, name, code, **facts):
        self.faults.append([number, self.head(name), code, facts])

    def warn(self, number, name, code, **facts):
        """One warning per code and value, as a thousand rows may name the same unknown
        salesperson."""
        warning = (name, code, tuple(sorted(facts.items())))
        if warning not in self.warned:
            self.warned.add(warning)
            self.warnings.append([number, self.head(name), code, facts])

    def head(self, name):
        """The head that the file itself has for a field."""
        return self.sheet.heads[self.columns[name]] if name in self.columns else name

    def has(self, name):
        return name in self.columns

    def cell(self, row, name):
        return row[self.columns[name]] if name in self.columns else ""

    def column(self, name):
        """All cells of a mapped column."""
        return (
            [row[self.columns[name]] for _, row in self.sheet.rows] if name in self.columns else []
        )

    def read(self, number, row, name, convert=cells.text, empty=None, **arguments):
        """The cell as a value, or `empty` when it is blank or has a fault, which is noted."""
        text = self.cell(row, name)
        if not text:
            return empty
        try:
            return convert(text, **arguments)
        except Refused as error:
            self.fault(number, name, error.code, value=text[:60], **error.facts)
            return empty

    def findings(self):
        """What the page shows."""
        return {
            "faults": self.faults[:SHOWN],
            "fault_count": len(self.faults),
            "warnings": self.warnings[:SHOWN],
            "warning_count": len(self.warnings),
            "counts": self.counts,
            "rows": len(self.sheet.rows),
        }
