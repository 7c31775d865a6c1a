"""Queries that every page or every verb asks: their text is made once. Making it takes peewee ten
times as long as SQLite takes to answer."""

import copy
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


def _reading(query, cursor):
    """What makes rows out of those of the cursor; which column is what of the row was found out by
    the first that was asked."""
    if "_first_read" not in query.__dict__:
        query._first_read = query._get_cursor_wrapper(cursor)
        query._first_read.initialize()
        query._first_read.initialized = True
    found = copy.copy(query._first_read)
    found.cursor, found.row_cache = cursor, []
    return found


def prepared(make):
    """Turn `make(…)`, which gives a query, into a function of the same values that gives its rows
    as a list; one that only writes gives none. `make` is called once for each
    kind of database, with places instead of the values: it may compare columns with them, or set
    columns to them, and nothing else. Values are passed as the column keeps them: ids, texts,
    numbers, moments."""
    text = _kept_text(make)

    @functools.wraps(make)
    def rows(*values):
        query, sql, given = text(values)
        cursor = db.execute_sql(sql, given)
        if cursor.description is None:
            return []
        if getattr(query, "_row_type", None) == pw.ROW.NAMED_TUPLE:
            return narrow_rows(query, cursor)
        found = _reading(query, cursor)
        found.fill_cache()
        return found.row_cache

    return rows


def prepared_part(make):
    """The same for a query that stands within others, as what a person may see does in nearly
    all of theirs: gives its text with the values in it. It must refer to nothing around it."""
    text = _kept_text(make)

    @functools.wraps(make)
    def part(*values):
        _query, sql, given = text(values)
        return pw.SQL(f"({sql})", given)

    return part


def _kept_text(make):
    """A function of the values that gives (query, its text, the values in the text's order)."""
    places = [
        pw.Value(_Place(number), converter=False)
        for number, _name in enumerate(inspect.signature(make).parameters)
    ]

    @functools.cache
    def text(_database, _all_rows):
        query = make(*places)
        return query, *query.sql()

    def filled(values):
        query, sql, parameters = text(type(db.obj), reads_all_rows())
        return query, sql, [values[p.number] if isinstance(p, _Place) else p for p in parameters]

    return filled
