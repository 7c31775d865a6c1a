"""From bytes to a table: what kind of file it is, where its heads stand, which rows are data."""

from itertools import chain

from models.adapters import sandbox
from models.adapters.tables import dbf, delimited, heads, html, spreadsheetml, totals, workbooks
from models.adapters.tables.cell import EMPTY
from models.adapters.tables.table import (
    CHOICES,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Table,
    question,
)
from models.core.errors import refuse

FIRST = 60  # rows that are looked at before any is given out
LAST = 12  # rows that may be notes or sums when nothing follows
PORTION = 500
TOLD = 200  # rows left out that are kept to be shown


def read(data, filename, words=(), **choices):
    """The table in the bytes, read in a sandbox. Refused when it cannot be read as one, or is too
    large."""
    return _collect(sandbox.stream(parts, data, filename, sorted(words), choices))


def parse(data, filename, words=(), **choices):
    """The same right here: for those who are in a sandbox themselves."""
    return _collect(parts(data, filename, sorted(words), choices))


def _collect(values):
    """The table of what parts() gives."""
    table, cells_of = None, {}
    for name, value in values:
        if name == "start":
            table = Table(**value)
        elif name == "rows":
            # The same text is kept once: half a million rows repeat most of theirs.
            known = cells_of.setdefault
            table.rows += [(number, [known(c, c) for c in cells]) for number, cells in value]
            if len(cells_of) > 200_000:
                cells_of = {}
        else:
            for key, found in value.items():
                setattr(table, key, found)
    table.left_out = [tuple(row) for row in table.left_out]
    table.notes = [tuple(note) for note in table.notes]
    return table


def parts(data, filename, words, choices):
    """The table in portions of JSON values, so that it never stands whole in a worker's memory."""
    choices = {name: value for name, value in choices.items() if name in CHOICES and value != ""}
    records = _records(data, filename, choices, set(words))
    rows = iter(records.rows)
    first = []
    for row in rows:
        if any(row[1]):
            first.append(row)
        if len(first) == FIRST:
            break
    first or refuse("file_empty")
    found = heads.find(first, set(words), choices.get("head_row"), choices.get("head_rows"))
    if not found.certain:
        records.questions.append(_ask_head(first, found))
    records.choices |= {
        "head_row": found.row,
        "head_rows": found.rows,
        "totals": choices.get("totals", ""),
    }
    titles, body = _split(first, found)
    names = _names(found, body, records.kind)
    start = {
        "heads": names,
        "questions": records.questions,
        "choices": records.choices,
        "kind": records.kind,
        "expected": records.expected,
    }
    yield "start", start
    keep_sums = choices.get("totals") == "keep"
    sieve = _Sieve(names, body, keep_sums, records.kind in ("csv", "html"), titles)
    yield from sieve.portions(chain(body, rows))
    sieve.count or sieve.uneven or refuse("no_rows")
    if sieve.errors:
        records.notes.append(("errors_empty", sieve.errors))
    if sieve.width > len(names):
        names += [""] * (sieve.width - len(names))
    yield (
        "end",
        {
            "left_out": sorted(sieve.left_out),
            "notes": [list(note) for note in records.notes],
            "stored": sorted(records.stored),
        },
    )


def _records(data, filename, choices, words):
    data or refuse("file_empty")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return workbooks.records(data, choices, words)
    if dbf.is_one(data, filename):
        return dbf.records(data, choices)
    begin = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if begin.startswith((b"<?xml", b"<?mso", b"<workbook")) and b"office:spreadsheet" in begin:
        return spreadsheetml.records(data, choices)
    if begin.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style")):
        return html.records(data, choices)
    if begin.startswith((b"<!--", b"<?xml")) and b"<table" in data.lower():
        return html.records(data, choices)
    begin.startswith((b"%pdf", b"\x89png", b"\xff\xd8")) and refuse("file_not_a_table")
    return delimited.records(data, choices, words)


def _ask_head(first, found):
    """None, or one of the first rows."""
    none = (0, [cells for _, cells in first[:2]])
    return question("head_row", found.row, [none, *((n, [cells]) for n, cells in first[:8])])


def _split(first, found):
    """(rows above the heads, rows of data) of the first rows."""
    if not found.row:
        return [], first
    below = [i for i, (number, _) in enumerate(first) if number >= found.row][0] + found.rows
    return [row for row in first if row[0] < found.row], first[below:]


def _names(found, body, kind):
    """The heads, as many as the table is wide; a column of values without a head has an empty
    one."""
    names = list(found.texts)
    while names and not names[-1]:
        names.pop()
    widths = [max((i for i, c in enumerate(cells, 1) if c), default=0) for _, cells in body]
    wide = max(widths, default=0)
    if kind == "csv" and names and sum(w > len(names) for w in widths) * 2 <= len(widths):
        wide = len(names)
    names += [""] * (wide - len(names))
    len(names) <= MOST_COLUMNS or refuse("too_many_columns", most=MOST_COLUMNS)
    return names


class _Sieve:
    """Lets the data through in portions and keeps what is left out."""

    def __init__(self, names, body, keep_sums, uneven_is_told, titles):
        self.width, self.keep_sums, self.uneven_is_told = len(names), keep_sums, uneven_is_told
        self.watch = totals.Watch(names, body)
        self.left_out = [(number, cells, "title") for number, cells in titles]
        self.count = self.uneven = 0
        self.errors = {}

    def portions(self, rows):
        held = []
        for number, cells in rows:
            if not any(cells):
                continue
            held.append((number, cells))
            if len(held) == PORTION + LAST:
                yield self._portion(held[:PORTION])
                held = held[PORTION:]
        yield self._portion(self._without_end(held))

    def _portion(self, rows):
        kept = []
        for number, cells in rows:
            row = self._row(number, cells)
            if row:
                kept.append(row)
        self.count += len(kept)
        self.count <= MOST_ROWS or refuse("too_many_rows", most=MOST_ROWS)
        self.count * self.width <= MOST_CELLS or refuse("file_too_large")
        return "rows", kept

    def _row(self, number, cells):
        length, width = len(cells), self.width
        if length > width and not any(cells[width:]):
            cells = cells[:width]
        elif length > width and not self.uneven_is_told:
            cells, self.width = cells, width
        if not self.keep_sums and self.watch.is_sum(cells):
            return self._leave_out(number, cells, "total")
        if self.watch.repeats_heads(cells):
            return self._leave_out(number, cells, "heads")
        if len(cells) > width or len(cells) < width and self.uneven_is_told:
            self.uneven += 1
            return self._leave_out(number, cells, "uneven")
        if not EMPTY.isdisjoint(cells):  # after the count: an empty word is a cell like others
            self._count_errors(number, cells)
            cells = ["" if c in EMPTY else c for c in cells]
        return number, cells + [""] * (width - len(cells))

    def _count_errors(self, number, cells):
        """Cells in which a formula failed, such as #N/A."""
        failed = [c for c in cells if c in EMPTY and c.startswith("#")]
        if failed:
            self.errors.setdefault("value", failed[0])
            self.errors.setdefault("row", number)
            self.errors["count"] = self.errors.get("count", 0) + len(failed)

    def _leave_out(self, number, cells, why):
        if why == "uneven" or len(self.left_out) < TOLD:
            self.left_out.append((number, cells, why))

    def _without_end(self, rows):
        """Without the notes and sums below the table."""
        ending = []
        while len(rows) > 1:
            number, cells = rows[-1]
            apart = number - rows[-2][0] > 1 or self.uneven_is_told and len(cells) == 1
            why = "total" if self.watch.is_sum(cells) else self.watch.why_at_end(cells, apart)
            if not why or why == "total" and self.keep_sums:
                break
            ending.append((number, cells, why))
            rows = rows[:-1]
        self.left_out += reversed(ending)
        return rows
