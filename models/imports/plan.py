"""What an import would do, worked out without writing: the steps, and every fault by row and
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
        self.unsure = set()

    def work_out(self, progress=lambda part: None):
        """Fill steps, counts, faults and warnings. Returns self."""
        for choice in NEEDED[self.target]:
            if not set(choice) & set(self.columns):
                self.fault(1, choice[0], "column_needed")
        width = len(self.sheet.heads)
        for number, count in self.sheet.uneven:
            self.fault(number, None, "row_uneven", found=count, expected=width)
        if not any(f[2] == "column_needed" for f in self.faults):
            self.prepare()
            for i, (number, row) in enumerate(self.sheet.rows):
                self.take(number, row)
                if not (i % 500):
                    progress(i / len(self.sheet.rows))
            self.finish()
        self.faults.sort(key=lambda f: f[0])
        return self

    def prepare(self):
        """Look up once what every row needs."""

    def take(self, number, row):
        raise NotImplementedError

    def finish(self):
        """After the last row."""

    def fault(self, number, name, code, **facts):
        self.faults.append([number, self.head(name), code, facts])

    def warn(self, number, name, code, **facts):
        """One warning per code and value: a thousand rows with the same unknown salesperson are
        one."""
        mark = (name, code, tuple(sorted(facts.items())))
        if mark not in self.unsure:
            self.unsure.add(mark)
            self.warnings.append([number, self.head(name), code, facts])

    def head(self, name):
        """The file's own head for a field, as the person knows it."""
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

    def read(self, number, row, name, convert=cells.text, empty=None, **how):
        """The cell as a value, `empty` when there is none; a fault is noted and gives `empty`."""
        found = self.cell(row, name)
        if not found:
            return empty
        try:
            return convert(found, **how)
        except Refused as error:
            self.fault(number, name, error.code, value=found[:60], **error.facts)
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
