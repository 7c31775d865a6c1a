"""What a check found, in a file beside the staged rows: every fault, and each row as it is and as
it would be. It is made by checking and may be lost; the import keeps a summary."""

import contextlib
import json
import secrets
import sqlite3

from models.imports import staging

SCHEMA = """
    CREATE TABLE fault (number INTEGER, head TEXT, code TEXT, facts TEXT, field TEXT);
    CREATE TABLE change (number INTEGER, name TEXT, field TEXT, before TEXT, after TEXT);
"""
INDEXES = """
    CREATE INDEX fault_number ON fault (number);
    CREATE INDEX fault_kind ON fault (code, head, number);
    CREATE INDEX change_number ON change (number);
"""
PORTION = 500
OF_KIND = "(? IS NULL OR code = ? AND head = ?)"


class Portions:
    """A list that goes to a table of the file portion by portion."""

    def __init__(self, here, table):
        self.here, self.table, self.waiting, self.count = here, table, [], 0

    def append(self, values):
        self.waiting.append(values)
        self.count += 1
        if len(self.waiting) == PORTION:
            self.flush()

    def flush(self):
        if self.waiting:
            marks = ", ".join("?" * len(self.waiting[0]))
            self.here.executemany(
                f"INSERT INTO {self.table} VALUES ({marks})", map(_stored, self.waiting)
            )
            self.waiting = []

    def __len__(self):
        return self.count

    def __iter__(self):
        self.flush()
        return map(_fault, self.here.execute(f"SELECT * FROM {self.table}"))


class Recording:
    """The lists that a plan fills while it checks."""

    def __init__(self, here, token):
        self.token = token
        self.faults, self.changes = Portions(here, "fault"), Portions(here, "change")


@contextlib.contextmanager
def recorded(import_id):
    """A Recording; its file stands when the check has ended."""
    token = secrets.token_hex(6)
    path = staging.path_of(name_of(import_id, token))
    with staging.new_file(path, SCHEMA) as here:
        recording = Recording(here, token)
        yield recording
        recording.faults.flush()
        recording.changes.flush()
        here.executescript(INDEXES)
    for earlier in path.parent.glob(name_of(import_id, "*")):
        earlier == path or earlier.unlink(missing_ok=True)


def name_of(import_id, token):
    return f"check-{import_id}-{token}.db"


class CheckFile:
    """Reads what a check found."""

    def __init__(self, path):
        self.path = path

    @classmethod
    def of(cls, import_id, token):
        """None where it is missing."""
        path = staging.path_of(name_of(import_id, token or ""))
        return cls(path) if path.exists() else None

    def _all(self, query, *values):
        with staging.opened(self.path) as here:
            return here.execute(query, values).fetchall()

    def kinds(self):
        """[(code, head, count, a fault of it)], the most frequent first."""
        found = self._all(
            "SELECT code, head, COUNT(*), MIN(rowid) FROM fault GROUP BY code, head ORDER BY 3 DESC"
        )
        return [(c, h, n, self._fault_at(first)) for c, h, n, first in found]

    def _fault_at(self, rowid):
        return _fault(self._all("SELECT * FROM fault WHERE rowid = ?", rowid)[0])

    def numbers(self, kind=None, after=0, most=-1):
        """The numbers of the rows with a fault (of this kind) after the row `after`."""
        code, head = kind or (None, None)
        found = self._all(
            f"SELECT DISTINCT number FROM fault WHERE number > ? AND {OF_KIND} ORDER BY number "
            "LIMIT ?",
            *(after, code, code, head, most),
        )
        return [number for (number,) in found]

    def faults_of(self, numbers):
        """{number: [fault]}."""
        found = {number: [] for number in numbers}
        marks = ", ".join("?" * len(found))
        query = f"SELECT * FROM fault WHERE number IN ({marks}) ORDER BY number, rowid"
        for fault in map(_fault, self._all(query, *found)):
            found[fault[0]].append(fault)
        return found

    def faults(self):
        """All of them, row by row, one after the other."""
        with staging.opened(self.path) as here:
            yield from map(_fault, here.execute("SELECT * FROM fault ORDER BY number, rowid"))

    def changes(self, after=0, most=50):
        """[(number, name, field, before, after)] of the next rows that would change."""
        numbers = self._all(
            "SELECT DISTINCT number FROM change WHERE number > ? ORDER BY number LIMIT ?",
            *(after, most),
        )
        if not numbers:
            return []
        return self._all(
            "SELECT * FROM change WHERE number > ? AND number <= ? ORDER BY number, rowid",
            *(after, numbers[-1][0]),
        )

    def all_changes(self):
        """The same of all rows, one after the other."""
        with staging.opened(self.path) as here:
            yield from here.execute("SELECT * FROM change ORDER BY rowid")

    def replace(self, numbers, faults):
        """Put these faults in the place of those that the rows had."""
        with contextlib.closing(sqlite3.connect(self.path)) as here, here:
            here.executemany("DELETE FROM fault WHERE number = ?", [(n,) for n in numbers])
            here.executemany("INSERT INTO fault VALUES (?, ?, ?, ?, ?)", map(_stored, faults))


def _stored(values):
    return [
        v if isinstance(v, str | int) else json.dumps(v, default=str) if v else "" for v in values
    ]


def _fault(row):
    number, head, code, facts, field = row
    return [number, head or None, code, json.loads(facts or "{}"), field or None]
