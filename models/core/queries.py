"""How the queries of a model are written and read: what peewee does anew for each of fifty columns
is done here once for all."""

import functools
from collections import namedtuple

import peewee as pw

from models.core.database import db
from models.core.dates import as_day

AS_STORED = (pw.IntegerField, pw.CharField, pw.TextField, pw.ForeignKeyField, pw.AutoField)


def narrow(query):
    """All rows of the query as named tuples, for lists: a value goes through its field only where
    that changes it."""
    return narrow_rows(query, db.execute_sql(*query.sql()))


def narrow_rows(query, cursor):
    """The same of a query that was asked."""
    made = _row(tuple(column[0] for column in cursor.description))._make
    changed = [(n, read) for n, c in enumerate(query._returning) if (read := _changing(c))]
    return [made(_changed(values, changed)) for values in cursor.fetchall()]


_row = functools.cache(functools.partial(namedtuple, "Row", rename=True))


def _changing(column):
    """What makes the value of a column out of the stored one, where that is another."""
    field = column.node if isinstance(column, pw.Alias) else column
    if isinstance(field, pw.DateField):
        return as_day
    return _reader(field) if isinstance(field, pw.Field) else None


def _changed(values, changed):
    values = list(values)
    for n, read in changed:
        if values[n] is not None:
            values[n] = read(values[n])
    return values


@functools.lru_cache(1000)
def all_columns(model, alias):
    return ", ".join(f'"{alias}"."{field.column_name}"' for field in model._meta.sorted_fields)


class Rows(pw.CursorWrapper):
    """Whole rows of one table."""

    def __init__(self, cursor, model):
        super().__init__(cursor)
        self.model, (self.names, self.changing) = model, _readers(model)

    def process_row(self, row):
        found = self.model(__no_default__=True)
        found.__data__ = data = dict(zip(self.names, row, strict=True))
        for name, convert in self.changing:
            if data[name] is not None:
                data[name] = convert(data[name])
        return found

    def fill_cache(self, n=0):
        if n:
            return super().fill_cache(n)
        if not self.populated:
            more = [self.process_row(row) for row in self.cursor.fetchall()]
            self.row_cache += more
            self.count += len(more)
            self.populated = True
            self.cursor.close()


@functools.cache
def _readers(model):
    """(the names of its fields, [(name, what turns a value that the database gives into that of
    the field)] of those where it is another)."""
    fields = [(field.name, _reader(field)) for field in model._meta.sorted_fields]
    return [name for name, _ in fields], [(n, read) for n, read in fields if read]


def _reader(field):
    while isinstance(field, pw.ForeignKeyField):
        field = field.rel_field
    if type(field).python_value is not pw.Field.python_value:
        return field.python_value
    return None if isinstance(field, AS_STORED) else field.adapt


class Insert(pw.ModelInsert):
    def _simple_insert(self, ctx):
        """One new row."""
        row = {
            **self.model._meta.get_default_dict(),
            **{k.name: v for k, v in self._insert.items()},
        }
        if not row:
            return super()._simple_insert(ctx)
        fields = self.model._meta.fields
        ctx.literal(_named_columns(self.model, tuple(row))).literal(" VALUES (")
        with ctx.scope_values(subquery=True):
            for n, (name, value) in enumerate(row.items()):
                ctx.literal(", " if n else "")
                if isinstance(value, pw.Node) and not isinstance(value, pw.Model):
                    ctx.sql(value)
                else:
                    ctx.value(value, fields[name].db_value)
        return ctx.literal(")")


@functools.lru_cache(1000)
def _named_columns(model, names):
    columns = [model._meta.fields[name].column_name for name in names]
    return "({})".format(", ".join(f'"{column}"' for column in columns))
