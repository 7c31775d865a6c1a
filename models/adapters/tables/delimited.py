"""Text with separators: CSV, TSV and the like. The separator is found by the whole table."""

import csv
import io
from collections import Counter
from itertools import islice

from models.adapters.tables import encodings
from models.adapters.tables.cell import clean
from models.adapters.tables.table import MOST_CELL, Records
from models.core.errors import refuse

SEPARATORS = ",;\t|"
TRIED = 200


def records(data, choices, words=()):
    encoding, questions, notes = encodings.find(data, choices.get("encoding", ""), words)
    text = _lines(data, encoding)
    named = _named_separator(next(text, ""))
    separator = choices.get("separator") or named or _separator(_lines(data, encoding))
    len(separator) == 1 or refuse("choice_unknown")
    used = {"encoding": encoding, "separator": separator}
    lines = _lines(data, encoding)
    if named:
        next(lines)  # Excel takes the line "sep=;" for itself and does not count it
    return Records(
        _rows(lines, separator), "csv", used, questions, notes, expected=data.count(b"\n")
    )


def _lines(data, encoding):
    codec = encodings.CODECS[encoding]
    return io.TextIOWrapper(io.BytesIO(data), codec, errors="replace", newline="")


def _named_separator(line):
    line = line.strip().strip('"')
    return line[4:] if line.lower().startswith("sep=") and len(line) == 5 else ""


def _separator(lines):
    """The one that cuts the most rows into the most cells, equally many in each."""
    sample = "".join(islice(lines, TRIED))
    sample.strip("\ufeff \r\n\t") or refuse("file_empty")
    csv.field_size_limit(MOST_CELL)

    def quality(separator):
        try:
            counts = [
                len(row)
                for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
                if any(row)
            ]
        except csv.Error:
            return 0, 0
        if not counts:
            return 0, 0
        width, rows = max(Counter(counts).items(), key=lambda item: item[1] * (item[0] - 1))
        return (width - 1) * (rows / len(counts)) ** 2, rows

    return max(SEPARATORS, key=quality)


def _rows(lines, separator):
    csv.field_size_limit(MOST_CELL)
    text_of = _Texts().__getitem__
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
            yield number, [*map(text_of, cells)]
    except csv.Error:
        refuse("file_not_a_table")


class _Texts(dict):
    """{cell: its text}, each cleaned once as long as there is room."""

    def __missing__(self, cell):
        text = clean(cell)
        if len(self) < 100_000:
            self[cell] = text
        return text
