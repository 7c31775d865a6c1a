"""What becomes of each row of a file: new, known, completed, alike, outgoing or left_out."""

import hashlib
from typing import NamedTuple

from models.bank.known import missing
from models.bank.row import Row
from models.core.fields import canonical


class Judged(NamedTuple):
    """`line` is the one that the row repeats, or may repeat."""

    row: Row
    what: str
    line: object = None


def judged(rows, known, shape, answers):
    """[Judged] in the order of the rows. `answers` are {"row-line": "same" or "other"}, what a
    person said of rows that looked like a line of another format."""
    lines = {n: known.line_of(row) for n, row in enumerate(rows) if is_incoming(row)}
    return [_judge(n, row, lines.get(n), known, shape, answers) for n, row in enumerate(rows)]


def is_incoming(row):
    return row.amount > 0 and not row.left_out


def _judge(place, row, line, known, shape, answers):
    if not is_incoming(row):
        is_outgoing = row.amount < 0 and not row.left_out
        return Judged(row, "outgoing" if is_outgoing else "left_out")
    if line is None and known.is_covered(row):
        return Judged(row, "known")
    if line is None:
        other = {line for line, said in _said(place, answers) if said == "other"}
        line = known.alike(row, shape, other)
        if line and answers.get(f"{place}-{line.id}") != "same":
            return Judged(row, "alike", line)
    if line:
        return Judged(row, "completed" if missing(line, row) else "known", line)
    known.cover(row, row.whole)
    return Judged(row, "new")


def _said(place, answers):
    """[(line's id, answer)] about the row at this place."""
    for key, said in answers.items():
        row, _, line = key.partition("-")
        if row == str(place):
            yield int(line), said


def key_of(judged):
    """Changes with everything that a preview shows."""
    content = [[row.plain(), what, line and line.id] for row, what, line in judged]
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:16]
