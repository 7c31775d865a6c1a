"""What a query reads of tables into which imports write.

The rows of an import that is not published are in the table, but exist for nobody: each FROM and
JOIN leaves them out, so that no scope, list or sum has to think of it. Statements that write name
the table itself."""

import contextlib
import contextvars
import functools

import peewee as pw

from models.core.database import db
from models.core.peers import Reference

# `imported_range` names the rows of each import; at most one import is hidden at a time. What is
# asked of it is answered once a statement, not once a row.
BOUND = (
    "(SELECT COALESCE(MAX({bound}), {none}) FROM imported_range "
    "WHERE hidden = 1 AND name = '{name}')"
)
HIDDEN_IMPORT = "(SELECT COALESCE(MAX(import_id), -1) FROM imported_range WHERE hidden = 1)"
USED = 0  # the import of which `imported_range` keeps the highest ids that are used up
NEXT_ID = (
    '(SELECT MAX(COALESCE((SELECT MAX(id) FROM "{name}"), 0), COALESCE((SELECT last FROM '
    "imported_range WHERE import_id = 0 AND name = '{name}'), 0)) + 1)"
)
_all_rows = contextvars.ContextVar("all_rows", default=False)


@contextlib.contextmanager
def with_unpublished():
    """Inside, queries read the rows of unpublished imports too."""
    token = _all_rows.set(True)
    try:
        yield
    finally:
        _all_rows.reset(token)


def reads_all_rows():
    return _all_rows.get()


class PublishedTable(pw.Table):
    """A table that is read without the rows of unpublished imports."""

    def __sql__(self, ctx):
        if ctx.scope != pw.SCOPE_SOURCE or reads_all_rows():
            return super().__sql__(ctx)
        if self._alias:
            ctx.alias_manager[self] = self._alias
        return self.apply_alias(ctx.literal(self._model._meta.published))


class PublishedAlias(pw.ModelAlias):
    """The same under another name."""

    def __sql__(self, ctx):
        if ctx.scope != pw.SCOPE_SOURCE or reads_all_rows():
            return super().__sql__(ctx)
        if self.alias:
            ctx.alias_manager[self] = self.alias
        own_name = pw.Entity(ctx.alias_manager[self])
        return ctx.literal(self.model._meta.published).literal(" AS ").sql(own_name)


class Metadata(pw.Metadata):
    """`hidden_by` says by which column rows of an unpublished import are known: "id", or the id of
    a row of the table `hidden_with`, or "import_id"; None where imports write nothing."""

    hidden_by = hidden_with = None

    def add_field(self, field_name, field, set_attribute=True):
        if isinstance(field, pw.ForeignKeyField):
            field.accessor_class = Reference
        super().add_field(field_name, field, set_attribute)

    @property
    def table(self):
        if self._table is None and self.hidden_by:
            columns = [field.column_name for field in self.sorted_fields]
            self._table = PublishedTable(self.table_name, columns, _model=self.model)
            self._table.bind(self.database)
        return super().table

    @table.deleter
    def table(self):
        self._table = None

    @property
    def next_id(self):
        """The id of a new row in SQL, None where the database knows it: SQLite would give the id of
        a row that is gone again, by which others may still name that row."""
        if self.hidden_by == "id" and isinstance(db.obj, pw.SqliteDatabase):
            return NEXT_ID.format(name=self.table_name)

    @functools.cached_property
    def published(self):
        """The table without hidden rows, as it stands in a FROM."""
        return f'(SELECT * FROM "{self.table_name}" WHERE {self.is_published})'

    @property
    def is_published(self):
        """The condition, in SQL."""
        if self.hidden_by == "import_id":
            return f'"import_id" <> {HIDDEN_IMPORT}'
        name = self.hidden_with or self.table_name
        first = BOUND.format(bound="first", none=1, name=name)
        last = BOUND.format(bound="last", none=0, name=name)
        return f'"{self.hidden_by}" NOT BETWEEN {first} AND {last}'
