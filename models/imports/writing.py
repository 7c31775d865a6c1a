"""Writes the rows of an import in portions. They are hidden until the import is published."""

from models.core.database import db
from models.core.imported_range import ImportedContent, ImportedRange
from models.core.portions import Portions, insert_instances


class Writer:
    """Writes for one import; `note(part)` is told how much is written, of `total` rows."""

    def __init__(self, import_, total, note):
        self.import_, self.total, self.note = import_, total, note
        self.portions, self.written = Portions(), 0
        self.changes = []  # [(row that exists, before, after)], to be made once it is published
        self.first_part = None
        self.settled = set()  # ids of invoices that existed and are credited by this import

    def create(self, model, count, build, part=None, parts=0):
        """Write `count` rows of the model; build(i, id) returns the i-th, perhaps with rows of the
        model `part` that belong to it, `parts` in all, whose ids begin at `first_part`. Returns the
        first id. The last row is written first: others get ids after its."""
        if not count:
            return None
        with self.portions.transaction():
            first = ImportedRange.reserve(self.import_.id, model, count)
            if parts:
                self.first_part = ImportedRange.reserve(self.import_.id, part, parts)
            rows, content = _hashed(build(count - 1, first + count - 1))
            references = _cut_references(rows[0])
            self._insert([(rows, content)])
        rows = (_hashed(build(i, first + i)) for i in range(count - 1))
        self.portions.write(rows, self._insert)
        if references:
            model.update(references).where(model.id == first + count - 1).execute()
        return first

    def create_all(self, model, rows):
        """Write these rows."""

        def build(i, ident):
            rows[i].id = ident
            return [rows[i]]

        return self.create(model, len(rows), build)

    def change(self, row, changes):
        """Change a row that exists, once the import is published."""
        before = {name: row.__data__[name] for name in changes}
        self.changes.append((row, before, changes))

    def replace(self, row, before, after):
        """Replace the content of a row that exists, once the import is published."""
        self.changes.append((row, before, after))

    def _insert(self, built):
        """Insert [(rows, hash)]: the first of the rows is the row, the others belong to it."""
        assert db.in_transaction()
        rows = [found[0] for found, _hash in built]
        insert_instances(type(rows[0]), rows)
        if parts := [part for found, _hash in built for part in found[1:]]:
            insert_instances(type(parts[0]), parts)
        ImportedContent.seal(self.import_.id, rows, [content for _found, content in built])
        self.written += len(rows)
        self.note(min(self.written / max(self.total, 1), 1))


def _hashed(rows):
    """The rows, with the hash of the first one's content."""
    for row in rows:
        for name in row._meta.fields.keys() - row.__data__.keys():
            row.__data__[name] = None
    return rows, rows[0].content_as_read()


def _cut_references(row):
    """Let the row, which is written first, refer to none of its own table. Returns what was cut."""
    own = [key.name for key, model in row._meta.refs.items() if model is type(row)]
    cut = {name: row.__data__[name] for name in own if row.__data__[name] is not None}
    row.__data__.update(dict.fromkeys(cut))
    return cut
