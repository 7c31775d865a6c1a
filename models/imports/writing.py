"""Writes the rows of an import in portions. They are hidden until the import is published."""

from models.core.database import db
from models.core.imported_range import ImportedRange
from models.core.portions import Portions, insert_instances

PARTS = {"created": 0.75, "summed": 0.85, "found": 0.95, "sealed": 1}  # how far each phase comes


class Writer:
    """Writes for one import; `note(part)` is told how much is written, of `total` rows."""

    def __init__(self, import_, total, note):
        self.import_, self.total, self.note = import_, total, note
        self.portions, self.written = Portions(), 0
        self.changes = []  # [(row that exists, {name: value})], to be made once it is published
        self.settled = set()  # ids of invoices that existed and are credited by this import

    def create(self, model, count, build):
        """Write `count` rows of the model; build(i, id) returns the i-th, perhaps with rows that
        belong to it. Returns the first id. The last row is written first: others get ids after
        its."""
        if not count:
            return None
        with self.portions.transaction():
            first = ImportedRange.reserve(self.import_.id, model, count)
            _insert([build(count - 1, first + count - 1)])
        rows = (build(i, first + i) for i in range(count - 1))
        self.portions.write(rows, self._insert)
        return first

    def create_all(self, model, rows):
        """Write these rows."""

        def build(i, ident):
            rows[i].id = ident
            return [rows[i]]

        return self.create(model, len(rows), build)

    def change(self, row, changes):
        """Change a row that exists, once the import is published."""
        self.changes.append((row, changes))

    def _insert(self, rows):
        _insert(rows)
        self.written += len(rows)
        self.note(min(self.written / max(self.total, 1), 1))


def _insert(rows):
    """Insert lists of rows: the first of each is the row, the others belong to it."""
    assert db.in_transaction()
    insert_instances(type(rows[0][0]), [row[0] for row in rows])
    if parts := [part for row in rows for part in row[1:]]:
        insert_instances(type(parts[0]), parts)
