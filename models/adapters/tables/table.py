"""What reading a file gives: heads, rows of text cells, and everything that was not certain."""

from dataclasses import dataclass, field

MOST_ROWS, MOST_COLUMNS, MOST_CELL = 1_048_576, 200, 1_000_000
MOST_CELLS = 30_000_000
# What a person may say about a file; whatever is missing is found by evidence.
# "related": whether sheets that belong together are offered as one table.
CHOICES = ("encoding", "separator", "sheet", "head_row", "head_rows", "totals", "related")


@dataclass
class Table:
    """`rows` are (row number as Excel shows it, cells); `left_out` adds why. `notes` are (code,
    facts). A question names what is not certain with its alternatives, each beside rows of the
    file as it reads them. `choices` are those that were used. `stored` are the columns in which a
    workbook holds numbers as numbers, so that no thousands sign can be meant; `expected` is about
    how many rows there are, 0 where that is not known before they are read."""

    heads: list
    rows: list = field(default_factory=list)
    left_out: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    choices: dict = field(default_factory=dict)
    stored: list = field(default_factory=list)
    kind: str = "csv"
    expected: int = 0

    def samples(self, column, most=3):
        """The first distinct values of a column."""
        found = []
        for _, cells in self.rows:
            if cells[column] and cells[column] not in found:
                found.append(cells[column])
            if len(found) == most:
                break
        return found


@dataclass
class Records:
    """The rows of a file before heads and totals are told apart; the lists fill while they are
    read."""

    rows: object
    kind: str
    choices: dict
    questions: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    stored: set = field(default_factory=set)
    expected: int = 0  # rows, about, where that is known before they are read


def question(name, used, alternatives):
    """What to ask: `alternatives` are (value, rows of the file under it)."""
    return {
        "name": name,
        "used": used,
        "alternatives": [[value, [list(row) for row in rows]] for value, rows in alternatives],
    }
