"""Queries that every page or every verb asks: their text is made once. Making it takes peewee ten
times as long as SQLite takes to answer."""

import functools
import inspect

import peewee as pw

from models.core.database import db
from models.core.published import reads_all_rows
from models.core.queries import narrow_rows


class _Place:
    """Where a value goes when the query is asked."""

    def __init__(self, number):
        self.number = number


def prepared(make):
    """Turn `make(…)`, which gives a query, into a function of the same values that gives its rows
    as a list; one that only writes gives none. `make` is called once for each
    kind of database, with places instead of the values: it may compare columns with them, or set
    columns to them, and nothing else. Values are passed as the column keeps them: ids, texts,
    numbers, moments."""
    places = [
        pw.Value(_Place(number), converter=False)
        for number, _name in enumerate(inspect.signature(make).parameters)
    ]

    @functools.cache
    def text(_database, _all_rows):
        query = make(*places)
        return query, *query.sql()

    @functools.wraps(make)
    def rows(*values):
        query, sql, parameters = text(type(db.obj), reads_all_rows())
        given = [values[p.number] if isinstance(p, _Place) else p for p in parameters]
        cursor = db.execute_sql(sql, given)
        if cursor.description is None:
            return []
        if getattr(query, "_row_type", None) == pw.ROW.NAMED_TUPLE:
            return narrow_rows(query, cursor)
        found = query._get_cursor_wrapper(cursor)
        found.fill_cache()
        return found.row_cache

    return rows
