"""How many rows each table has. Counting reads whole tables, so pages show what the last check
counted."""

import peewee as pw

from models.core.model import tables


def row_counts():
    """{table: rows}"""
    counts = {cls._meta.table_name: _rows(cls) for cls in tables() if cls.__name__ != "Model"}
    return dict(sorted(counts.items()))


def _rows(cls):
    """The number of rows, or "unreadable" for a damaged table, so that other figures are shown."""
    try:
        return cls.select().count()
    except pw.DatabaseError:
        return "unreadable"
