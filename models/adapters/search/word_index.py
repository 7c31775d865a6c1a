"""What both tables are indexed with: on SQLite word indexes beside the table (FTS5), on PostgreSQL
indexes of the table itself."""

import peewee as pw

from models.core.database import db


def on_sqlite():
    return isinstance(db.obj, pw.SqliteDatabase)


def match(model, table, expression, between=()):
    """The model's rows that their word index finds, of all or between two ids."""
    found = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
    found += " AND rowid BETWEEN ? AND ?" if between else ""
    return model.id.in_(pw.SQL(f"({found})", (expression, *between)))


def quoted(term):
    return '"' + term.replace('"', '""') + '"'


def command(name, *tables):
    if on_sqlite():
        for table in tables:
            db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('{name}')")


def every(model, size, *fields):
    """Every row, in pages by id, so that writing meanwhile disturbs no cursor; with all its fields,
    or these."""
    last, found = 0, model.select(*fields).order_by(model.id).limit(size)
    while rows := list(found.where(model.id > last)):
        yield from rows
        last = rows[-1].id
