"""The base of every model: saves only what changed, moves between states, pages by keyset."""

import functools

import peewee as pw

from models.core.database import db
from models.core.errors import Refused
from models.core.peers import introduce
from models.core.prepared import prepared
from models.core.published import Metadata, PublishedAlias
from models.core.queries import Insert, Rows, all_columns, narrow

_tables = {}  # name: model, in the order they were defined


class Select(pw.ModelSelect):
    """A query whose rows are all read before the first is used. A loop that writes while its query
    is half read holds an old snapshot: SQLite refuses the write at once ("database is locked",
    whatever the timeout) when another connection has written meanwhile."""

    def __iter__(self):
        self._ensure_execution()
        self._cursor_wrapper.fill_cache()
        introduce(self._cursor_wrapper.row_cache)
        return super().__iter__()

    def __sql_selection__(self, ctx, is_subquery=False):
        """The columns as peewee writes them, without its dozen objects for each: they made nine
        tenths of the time that a query's text took."""
        if is_subquery:
            return super().__sql_selection__(ctx, is_subquery)
        if self._is_default:
            return ctx.literal(all_columns(self.model, ctx.alias_manager[self.model._meta.table]))
        for n, column in enumerate(self._returning):
            if n:
                ctx.literal(", ")
            if type(column).__sql__ is pw.Field.__sql__:
                table = ctx.alias_manager[column.model._meta.table]
                ctx.literal(f'"{table}"."{column.column_name}"')
            else:
                ctx.sql(column)
        return ctx

    def _get_model_cursor_wrapper(self, cursor):
        if self._is_default and len(self._from_list) == 1 and not self._joins:
            return Rows(cursor, self.model)
        return super()._get_model_cursor_wrapper(cursor)

    def first(self, *args, **kwargs):
        """The first in the order that was asked for, else the oldest row: without an order
        PostgreSQL gives whichever was written last."""
        rows = self._is_default and not (self._order_by or self._group_by or self._distinct)
        asked = self.order_by(self.model._meta.primary_key) if rows else self
        return super(Select, asked).first(*args, **kwargs)


@functools.cache
def _by_key(cls):
    return prepared(lambda key: cls.select().where(cls._meta.primary_key == key))


class Model(pw.Model):
    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        _tables[cls.__name__] = cls

    class Meta:
        database = db
        only_save_dirty = True
        legacy_table_names = False
        model_metadata_class = Metadata

    @classmethod
    def select(cls, *fields):
        return Select(cls, fields or cls._meta.sorted_fields, is_default=not fields)

    @classmethod
    def get(cls, *query, **filters):
        """One row. By its key, as most are, and as those that others refer to, with a kept text."""
        asked = query[0] if len(query) == 1 and not filters else None
        key = cls._meta.primary_key
        by_key = type(asked) is pw.Expression and asked.lhs is key and asked.op == pw.OP.EQ
        if not by_key or isinstance(asked.rhs, pw.Node):
            return super().get(*query, **filters)
        for row in _by_key(cls)(key.db_value(asked.rhs)):
            return row
        raise cls.DoesNotExist(f"{cls.__name__} {asked.rhs}")

    @classmethod
    def insert(cls, data=None, /, **values):
        """A new row, with an id that no row of an undone import had."""
        key = cls._meta.primary_key
        if cls._meta.next_id and not {key, key.name} & {*values, *(data or ())}:
            values[key.name] = pw.SQL(cls._meta.next_id)
        return Insert(cls, cls._normalize_data(data, values))

    @classmethod
    def alias(cls, alias=None):
        return PublishedAlias(cls, alias) if cls._meta.hidden_by else super().alias(alias)

    @classmethod
    def of_values(cls, values):
        """A new row of {field name: value as stored}, for insert_instances(): setting each by its
        own descriptor takes longer than all else about a row."""
        row = cls(__no_default__=True)
        row.__data__ = {**cls._meta.get_default_dict(), **values}
        row._dirty.update(row.__data__)
        return row

    def move(self, *allowed, to, **changes):
        """Change the state if it is one of `allowed`, in one conditional UPDATE; refused
        otherwise."""
        cls, new = type(self), {"state": to, **changes}
        fields = [cls._meta.fields[name] for name in new]
        sets = ", ".join(f'"{field.column_name}" = {db.param}' for field in fields)
        key, states = cls._meta.primary_key.column_name, ", ".join([db.param] * len(allowed))
        sql = f'UPDATE "{cls._meta.table_name}" SET {sets} WHERE "{key}" = {db.param}'
        values = [field.db_value(value) for field, value in zip(fields, new.values(), strict=True)]
        given = (*values, self.get_id(), *allowed)
        if not db.execute_sql(f'{sql} AND "state" IN ({states})', given).rowcount:
            raise Refused("state_changed", now=cls.get_by_id(self.get_id()).state)
        self.__data__.update(
            {
                "state": to,
                **{k: v.get_id() if isinstance(v, pw.Model) else v for k, v in changes.items()},
            }
        )
        self._dirty -= {"state", *changes}
        for key, value in changes.items():
            if isinstance(value, pw.Model):
                self.__rel__[key] = value

    def read_again(self):
        """Forget what was set, and what others refer to, and take the row as it is now."""
        fresh = type(self).get_by_id(self.get_id())
        self.__data__, self.__rel__ = fresh.__data__, {}
        self._dirty.clear()

    def differing(self, data):
        """Those of the values {field name: value} that are not the row's already. A verb that
        would change nothing writes nothing, and no event."""
        return {
            name: value
            for name, value in data.items()
            if (value.get_id() if isinstance(value, pw.Model) else value) != self.__data__.get(name)
        }

    @classmethod
    def page(cls, query, keys, after=None, count=51):
        """The rows of `portion`."""
        query = cls.portion(query, keys, after, count)
        return narrow(query) if query._row_type == pw.ROW.NAMED_TUPLE else list(query)

    @staticmethod
    def portion(query, keys, after=None, count=51):
        """The first `count` rows of `query` by `keys` [(expression, 'asc'|'desc')] strictly after
        the values `after`, as a query."""
        if after:
            later = None
            for i, (expr, direction) in enumerate(keys):
                step = (expr > after[i]) if direction == "asc" else (expr < after[i])
                for (same, _), value in zip(keys[:i], after, strict=False):
                    step = (same == value) & step
                later = step if later is None else later | step
            first, direction = keys[0]  # repeated as a plain bound, at which an index can start
            query = query.where(
                (first >= after[0]) if direction == "asc" else (first <= after[0]), later
            )
        order = [expr.asc() if direction == "asc" else expr.desc() for expr, direction in keys]
        return query.order_by(*order).limit(count)


def without_index(column):
    """The number column where it only leaves out rows: of `+column` the database knows no index, so
    it goes through the rows in the order that is asked for, until a page is full. By the index it
    would gather all that fit first, and sort them."""
    return pw.NodeList((pw.SQL("+"), column), glue="")


def present(**queries):
    """The names of the queries that find a row, asked all at once: what is seldom there is then
    not asked for one by one."""
    named_ = [pw.fn.EXISTS(query.select(pw.SQL("1"))).alias(n) for n, query in queries.items()]
    found = pw.Select(columns=named_).bind(db).tuples()[0]
    return {name for name, there in zip(queries, found, strict=True) if there}


def first_rows(query, order, most):
    """The first rows of the query in this order, of which the database sorts only the ids: whole
    rows are long."""
    model = query.model
    ids = query.select(model.id).order_by(*order).limit(most)
    return list(model.select().where(model.id.in_(ids)).order_by(*order))


def counts(queries):
    """How many rows each of the queries finds, asked all at once."""
    columns = [query.select(pw.fn.COUNT(pw.SQL("*"))).order_by() for query in queries]
    return pw.Select(columns=columns).bind(db).tuples()[0] if columns else ()


def tables():
    """Every model with a table, in an order in which they can be created; models/load.py imports
    them."""
    return list(_tables.values())


def model_named(name):
    """The model class of that name, for a floor below it."""
    return _tables[name]
