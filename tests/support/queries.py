"""Counts what a page asks of the database, and tells which line asks it."""

import contextlib
import traceback
from pathlib import Path

from models.core.database import db

ROOT = Path(__file__).resolve().parents[2]
BENEATH = ("models/core/", "tests/", ".venv/")  # never the line that wants to know something


class Queries(list):
    """[(SQL, "file:line" that asks it)] of one page; `rows`: how many it read in all."""

    rows = 0

    def __str__(self):
        return "\n".join(f"{place:50} {sql}" for sql, place in self)


@contextlib.contextmanager
def counted():
    """The queries sent while the block runs."""
    real, found = db.obj.execute_sql, Queries()

    def execute_sql(sql, params=None, *args, **kwargs):
        if not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")):
            found.append((sql, _asking_line()))
        return _Counting(real(sql, params, *args, **kwargs), found)

    db.obj.execute_sql = execute_sql
    try:
        yield found
    finally:
        del db.obj.execute_sql


class _Counting:
    """The cursor of a query, which counts the rows that are taken from it."""

    def __init__(self, cursor, found):
        self._cursor, self._found = cursor, found

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def fetchone(self):
        row = self._cursor.fetchone()
        self._found.rows += row is not None
        return row

    def fetchall(self):
        return list(self)

    def __iter__(self):
        return iter(self.fetchone, None)


def _asking_line():
    """The innermost line of a view, a template or a model, beneath which only the machinery is."""
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        path = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else ""
        if path and not path.startswith(BENEATH):
            return f"{path}:{frame.lineno}"
    return ""
