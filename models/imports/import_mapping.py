"""What the columns of earlier files meant: a file with the same heads needs no answer again."""

import hashlib

import peewee as pw

from models.adapters.tables import plain
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, canonical
from models.core.model import Model
from models.imports import fields, known
from models.people import User

# Options that say nothing about the next file.
OF_ONE_FILE = ("reading", "line_name", "difference_name", "twins")
MOST_NAME = 60


class ImportMapping(Model):
    """The meanings of a set of heads, with the choices made beside them. The last file with these
    heads decides."""

    target = pw.CharField(max_length=12)
    heads = pw.CharField(max_length=64)
    name = pw.CharField(max_length=MOST_NAME)
    columns = JSONField()
    options = JSONField()
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("target", "heads"), True),)

    @classmethod
    def of(cls, target, heads):
        """The one for this set of heads, in any order; None where there is none."""
        return cls.get_or_none(cls.target == target, cls.heads == _key(heads))

    @classmethod
    def remember(cls, by, row):
        """Keep what the columns of an import mean."""
        names = _names(row.outlined["heads"])
        if not any(names):
            return
        options = {k: v for k, v in row.options.items() if k not in OF_ONE_FILE}
        columns = {names[int(c)]: field for c, field in row.mapping.items() if int(c) < len(names)}
        told = {"columns": columns, "options": options, "by": by.id, "at": now()}
        cls.insert(
            target=row.target,
            heads=_key(row.outlined["heads"]),
            name=row.filename[:MOST_NAME],
            **told,
        ).on_conflict(
            conflict_target=[cls.target, cls.heads],
            update={getattr(cls, name): value for name, value in told.items()},
        ).execute()

    def mapping(self, heads):
        """{column as text: field} for these heads."""
        return {
            str(column): self.columns[name]
            for column, name in enumerate(_names(heads))
            if name in self.columns
        }

    @db.atomic()
    def rename(self, by, name):
        by.must("import")
        name or refuse("name_needed")
        ImportMapping.update(name=name).where(ImportMapping.id == self.id).execute()

    @db.atomic()
    def forget(self, by):
        by.must("import")
        ImportMapping.delete().where(ImportMapping.id == self.id).execute()


def meanings(target, heads, in_two_rows=False):
    """(mapping, options, how it is known) of a new file: as the last file with these heads, as
    an export of another program, or by the words of its heads."""
    earlier = ImportMapping.of(target, heads)
    if earlier:
        return earlier.mapping(heads), earlier.options, {"mapping": earlier.id}
    guessed = fields.guess(target, heads, in_two_rows)
    export = known.recognised(target, heads, guessed)
    if export:
        return export[1], {}, {"program": export[0]}
    return guessed, {}, {}


def _names(heads):
    """Heads as they are compared; one that stands there again has its count behind it."""
    seen, names = {}, []
    for head in map(plain, heads):
        seen[head] = seen.get(head, 0) + 1
        names.append(head if seen[head] == 1 else f"{head} {seen[head]}")
    return names


def _key(heads):
    return hashlib.sha256(canonical(sorted(_names(heads))).encode()).hexdigest()
