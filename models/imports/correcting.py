"""What a person corrects in a file before it is imported: the file stays as it came."""

import peewee as pw

from models.adapters import tables
from models.core.database import db
from models.core.errors import refuse
from models.imports.check_file import CheckFile

NEAR = 200  # rows above and below among which those of the same document are looked for
PORTION = 500
MOST_CELL = 4000


class Correcting:
    """For Import. Corrections are {row number: {column as text: text}, or None where the row is
    left out}."""

    @property
    def check_file(self):
        """What the last check found; None where that is not at hand."""
        return CheckFile.of(self.id, self.findings.get("check"))

    def corrected(self):
        rows = self.corrections.select(
            self.corrections.model.number, self.corrections.model.cells
        ).tuples()
        return dict(rows)

    def look_at(self, number, cells):
        """(rows that belong together with this one, their faults) when it had these cells. It reads
        much, so it stands before the transaction. Refused for a row that the file does not have."""
        if self.check_file is None or self.findings.get("questions"):
            return [number], []  # everything is checked anyway
        table = self.table()
        number in table.numbered([number], raw=True) or refuse("row_unknown", number=number)
        table.corrections[number] = cells
        rows = self._together(table, number)
        plan = self.plan(table=_Rows(table, rows)).compute_rows(self.findings.get("habits", {}))
        return [number, *(n for n, _ in rows if n != number)], list(plan.faults)

    def _together(self, table, number):
        """The rows of the same document; of another import the row alone."""
        if self.target != "documents":
            return [(n, r) for n, r in table.numbered([number]).items() if r is not None]
        column = next((int(c) for c, name in self.mapping.items() if name == "number"), None)
        near = table.between(number - NEAR, number + NEAR)
        groups, name = {}, ""
        for n, row in near:
            name = column is not None and row[column] or name
            groups.setdefault(name, []).append((n, row))
        found = [group for group in groups.values() if number in dict(group)]
        return found[0] if found else []

    @db.atomic()
    def correct(self, by, number, cells, looked_at):
        """Change cells of a row, or leave it out (None). What look_at() found takes the place of
        the faults of these rows; where none is left everything is checked again."""
        by.must("import")
        check, (numbers, faults) = self.check_file, looked_at
        self._keep({number: cells})
        if check is None or self.findings.get("questions"):
            return self._check_again(by, 1)
        check.replace(numbers, faults)
        kinds = [[code, head, count] for code, head, count, _ in check.kinds()]
        if not kinds:
            return self._check_again(by, 1)
        findings = {
            **self.findings,
            "kinds": kinds,
            "fault_count": sum(count for *_, count in kinds),
            "faults": [],
        }
        self.move("checked", to="checked", findings=findings, by=by)
        self.record("corrected", by, rows=1)

    @db.atomic()
    def correct_all(self, by, corrections):
        """The same for many rows, after which everything is checked again."""
        by.must("import")
        corrections or refuse("nothing_corrected")
        self._keep(corrections)
        self._check_again(by, len(corrections))

    def leave_out(self, by, kind):
        """Leave out every row that has a fault of this kind (code, head)."""
        check = self.check_file or refuse("check_again")
        self.correct_all(by, dict.fromkeys(check.numbers(kind)))

    @db.atomic()
    def take_back_corrections(self, by):
        """Take the file as it came."""
        by.must("import")
        model = self.corrections.model
        count = model.delete().where(model.import_ == self.id).execute()
        count or refuse("nothing_corrected")
        self._check_again(by, count)

    @db.atomic()
    def decide_twin(self, by, number, same):
        """Say of the name in this row that is nearly that of a customer: they are the same, or not,
        or (None) ask again."""
        by.must("import")
        twins = {twin["row"]: twin for twin in self.findings.get("twins", ())}
        twin = twins.get(number) or refuse("row_unknown", number=number)
        decided = {**self.options.get("twins", {}), twin["value"]: twin["known"] if same else ""}
        if same is None:
            del decided[twin["value"]]
        self._check_again(by, twin["count"], options={**self.options, "twins": decided})

    def _keep(self, corrections):
        model, kept = self.corrections.model, self.corrected()
        rows = [
            {
                "import_": self.id,
                "number": number,
                "cells": cells if cells is None else {**(kept.get(number) or {}), **cells},
            }
            for number, cells in corrections.items()
        ]
        for portion in pw.chunked(rows, PORTION):
            model.insert_many(portion).on_conflict(
                conflict_target=[model.import_, model.number], preserve=[model.cells]
            ).execute()

    def _check_again(self, by, rows, **changes):
        self.move("checked", to="checking", claimed_at=None, by=by, **changes)
        self.record("corrected", by, rows=rows)

    def faulty_rows(self):
        """(number, cells, faults) of every row that has any, portion by portion; no cells where
        the fault is not of a row."""
        check = self.check_file or refuse("check_again")
        table = self.table()
        for numbers in pw.chunked(check.numbers(), PORTION):
            faults, rows = check.faults_of(numbers), table.numbered(numbers)
            for number in numbers:
                yield number, rows.get(number) or [], faults[number]

    def differences(self, data, filename):
        """The corrections in a list of faults that comes back: its rows name those of the file.
        Refused when its heads are others. A row that is not changed is none."""
        own = self.table()
        table = tables.read(data, filename, head_row=1, head_rows=1, totals="keep")
        width = len(own.heads)
        table.heads[1 : width + 1] == own.heads or refuse("other_heads")
        found = {}
        for portion in pw.chunked(table.rows, PORTION):
            rows = {int(row[0]): row[1 : width + 1] for _, row in portion if _is_number(row[0])}
            known = own.numbered(list(rows))
            for number in rows.keys() & known.keys():
                before = known[number] or [""] * width
                changed = {
                    str(c): text[:MOST_CELL]
                    for c, (text, old) in enumerate(zip(rows[number], before, strict=True))
                    if text != old
                }
                if changed:
                    found[number] = changed
        return found


def _is_number(text):
    """Whether it can be that of a row: no file has as many as ten digits count."""
    return text.isdecimal() and len(text) < 10


class _Rows:
    """A few rows as a table."""

    def __init__(self, table, rows):
        self.heads, self.rows = table.heads, rows
        self.left_out, self.notes, self.questions, self.stored = [], [], [], table.stored
