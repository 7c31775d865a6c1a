"""The rows of a file to import, read once into a small SQLite file beside the database. It is made
of the file and the choices alone: whatever is missing here is read again when it is needed."""

import contextlib
import hashlib
import heapq
import json
import os
import secrets
import sqlite3
import time
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from models.adapters import sandbox
from models.adapters.tables.reading import parts
from models.core.errors import refuse
from models.core.fields import canonical

READER = 3  # raised when the same file is read otherwise than before
SAMPLED, SAMPLES = 2000, 3  # rows in which the samples of a column are looked for; samples
SCHEMA = """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE line (number INTEGER PRIMARY KEY);
    CREATE TABLE odd (number INTEGER PRIMARY KEY, cells TEXT, why TEXT);
"""  # a line has one column for each of the file's, so that its cells need not be parsed
DAYS_KEPT = 30
_root = {"path": None}


def use(folder):
    _root["path"] = Path(folder) / "imports"


def path_of(name):
    _root["path"].mkdir(parents=True, exist_ok=True, mode=0o700)
    return _root["path"] / name


@contextlib.contextmanager
def new_file(path, schema):
    """An SQLite file that stands under its name when it is whole."""
    fresh = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with contextlib.closing(sqlite3.connect(fresh)) as here:
            # It is either whole or made again, so nothing of it is written twice.
            here.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {schema}")
            yield here
            here.commit()
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def opened(path):
    """To be read, from any thread."""
    address = f"file:{path}?mode=ro"
    return contextlib.closing(sqlite3.connect(address, uri=True, check_same_thread=False))


def name_of(sha, target, choices):
    """The name of the staged rows of this file as it is meant."""
    key = canonical([READER, sha, target, choices])
    return f"rows-{hashlib.sha256(key.encode()).hexdigest()[:32]}.db"


class Limits(NamedTuple):
    rows: int
    cells: int


def staged(name, data, filename, words, choices, limits, note):
    """The path of the staged rows; `data()` gives the bytes where they must be read, and
    `note(rows, part)` is told how far that is. Refused when it is no table, or passes a limit."""
    path = path_of(name)
    if path.exists():
        with contextlib.suppress(OSError):
            os.utime(path)
        return path
    content = data()
    with (
        contextlib.closing(
            sandbox.stream(parts, content, filename, sorted(words), choices)
        ) as values,
        new_file(path, SCHEMA) as here,
    ):
        _Filling(here, limits, note).fill(values)
    return path


class _Filling:
    """Writes what the reader gives, portion by portion."""

    def __init__(self, here, limits, note):
        self.here, self.limits, self.note = here, limits, note
        self.about, self.samples, self.width, self.count = {}, {}, 0, 0

    def fill(self, values):
        for name, value in values:
            if name == "rows":
                self._add(value)
                self._check_limits()
                self.note(self.count, self.count / max(self.about["expected"], self.count, 1))
            else:
                self._add_odd(value.pop("left_out", ()))
                self.about |= value
                self._widen(len(self.about["heads"]))
        heads = self.about["heads"]
        heads += [""] * (self.width - len(heads))
        self.about["samples"] = [self.samples.get(column, []) for column in range(len(heads))]
        self.about["rows"] = self.count
        told = [(name, json.dumps(value)) for name, value in self.about.items()]
        self.here.executemany("INSERT INTO about VALUES (?, ?)", told)

    def _check_limits(self):
        rows, cells = self.limits
        self.count <= rows or refuse("too_many_rows", most=rows)
        self.count * self.width <= cells or refuse("too_many_cells", most=cells // 10**6)

    def _add(self, lines):
        for _number, cells in lines[: max(0, SAMPLED - self.count)]:
            self._sample(cells)
        self.count += len(lines)
        self._widen(max((len(cells) for _number, cells in lines), default=0))
        marks, width = ", ?" * self.width, self.width
        self.here.executemany(
            f"INSERT OR REPLACE INTO line VALUES (?{marks})",
            ((n, *cells, *[""] * (width - len(cells))) for n, cells in lines),
        )

    def _add_odd(self, lines):
        self.here.executemany(
            "INSERT OR REPLACE INTO odd VALUES (?, ?, ?)",
            [(n, json.dumps(cells, ensure_ascii=False), why) for n, cells, why in lines],
        )

    def _widen(self, width):
        for column in range(self.width, width):
            self.here.execute(f"ALTER TABLE line ADD COLUMN c{column} TEXT NOT NULL DEFAULT ''")
        self.width = max(self.width, width)

    def _sample(self, cells):
        for column, cell in enumerate(cells):
            found = self.samples.setdefault(column, [])
            if cell and len(found) < SAMPLES and cell not in found:
                found.append(cell)


class StagedTable:
    """A table as tables.Table is one, whose rows stay in their file. `corrections` are {row number:
    {column: text}, or None for a row that is left out}; `defaults` {column: text} stand where a
    cell is empty."""

    def __init__(self, path, corrections=None, defaults=None):
        self.path, self.corrections = path, corrections or {}
        self.defaults = list((defaults or {}).items())
        with opened(path) as here:
            about = {n: json.loads(v) for n, v in here.execute("SELECT name, value FROM about")}
            odd = "SELECT number, cells, why FROM odd ORDER BY number"
            self.odd = {n: (json.loads(cells), why) for n, cells, why in here.execute(odd)}
        self.heads, self.questions = about["heads"], about["questions"]
        self.notes = [tuple(note) for note in about.get("notes", ())]
        self.choices, self.stored = about["choices"], about.get("stored", [])
        self.kind, self._samples, self._count = about["kind"], about["samples"], about["rows"]

    @property
    def rows(self):
        return self

    @property
    def left_out(self):
        """(number, cells, why) of what the reader took for no data, and nobody corrected."""
        return [(n, *found) for n, found in self.odd.items() if n not in self.corrections]

    def samples(self, column):
        return self._samples[column]

    def __len__(self):
        taken_in = sum(cells is not None for n, cells in self.corrections.items() if n in self.odd)
        gone = sum(cells is None for n, cells in self.corrections.items() if n not in self.odd)
        return self._count + taken_in - gone

    def __iter__(self):
        if not (self.corrections or self.defaults):
            yield from self._lines("")
            return
        taken_in = [
            (n, cells)
            for n, (cells, _why) in self.odd.items()
            if self.corrections.get(n) is not None
        ]
        for number, cells in heapq.merge(self._lines(""), taken_in, key=itemgetter(0)):
            row = self._row(number, cells)
            if row is not None:
                yield number, row

    def _lines(self, condition, *values):
        """(number, cells) of the lines as they came."""
        with opened(self.path) as here:
            query = f"SELECT * FROM line {condition} ORDER BY number"
            for number, *cells in here.execute(query, values):
                yield number, cells

    def __getitem__(self, index):
        """One row, or the first ones."""
        most = index.stop if isinstance(index, slice) else index + 1
        found = []
        for row in self:
            if len(found) == most:
                break
            found.append(row)
        return found if isinstance(index, slice) else found[index]

    def between(self, first, last):
        """[(number, cells)] of the rows with such numbers."""
        lines = dict(self._lines("WHERE number BETWEEN ? AND ?", first, last))
        taken_in = {n: self.odd[n][0] for n in self.odd if first <= n <= last}
        lines |= {n: cells for n, cells in taken_in.items() if n in self.corrections}
        rows = ((n, self._row(n, cells)) for n, cells in sorted(lines.items()))
        return [(n, row) for n, row in rows if row is not None]

    def numbered(self, numbers, raw=False):
        """{number: cells} of these rows; `raw` as the file has them."""
        marks = ", ".join("?" * len(numbers))
        lines = dict(self._lines(f"WHERE number IN ({marks})", *numbers))
        lines |= {n: self._wide(self.odd[n][0]) for n in numbers if n in self.odd}
        return lines if raw else {n: self._row(n, cells) for n, cells in lines.items()}

    def _row(self, number, cells):
        """As corrected; None where it is left out."""
        if number in self.corrections:
            changed = self.corrections[number]
            if changed is None:
                return None
            cells = self._wide(cells)
            for column, text in changed.items():
                cells[int(column)] = text
        for column, text in self.defaults:
            if not cells[column]:
                cells[column] = text
        return cells

    def _wide(self, cells):
        """As wide as the heads: what a comma has shifted beyond them stands in the last cell."""
        width = len(self.heads)
        if len(cells) > width:
            return [*cells[: width - 1], " ".join(filter(None, cells[width - 1 :]))]
        return cells + [""] * (width - len(cells))


def sweep(wanted):
    """Remove files that no import needs that is still to be written, but those of the last day: an
    upload stages its rows before it is stored."""
    folder = _root["path"]
    if not folder or not folder.exists():
        return
    for path in folder.iterdir():
        age = time.time() - path.stat().st_mtime
        if age > 86_400 and (path.name not in wanted or age > DAYS_KEPT * 86_400):
            path.unlink(missing_ok=True)
