"""Large writes in portions: short transactions with a moment between them for others."""

import itertools
import time
from contextlib import contextmanager

import peewee as pw

from models.core.database import db

AIM = 0.025  # seconds for which a portion holds the lock
PAUSE = 0.01  # seconds, at least, in which others may take it
REST = 0.5  # of the time that it was held, for the same
FIRST, LEAST, MOST = 100, 20, 5000  # rows


class Portions:
    """Makes each portion as large as the last one's time allows. `longest` is the longest time, in
    seconds, that one has held the lock."""

    def __init__(self):
        self.size, self.longest = FIRST, 0.0

    def write(self, rows, write):
        """Call write(some of the rows) in a transaction each until all are written."""
        rows, self.size = iter(rows), FIRST
        while some := list(itertools.islice(rows, self.size)):
            with self.transaction():
                write(some)

    def each(self, first, last, write):
        """Call write(first, last) in a transaction each for parts of these ids."""
        self.size = FIRST
        while first <= last:
            end = min(first + self.size - 1, last)
            with self.transaction():
                write(first, end)
            first = end + 1

    @contextmanager
    def transaction(self):
        began = time.monotonic()
        with db.atomic():
            began = time.monotonic()  # once the lock is ours
            yield
        held = time.monotonic() - began
        self.longest = max(self.longest, held)
        factor = min(max(AIM / max(held, 0.001), 0.25), 2)
        self.size = min(max(int(self.size * factor), LEAST), MOST)
        time.sleep(max(PAUSE, held * REST))


def insert(model, fields, rows, adding=(), replacing=(), new=(), next_id=None):
    """Insert tuples of values of these fields by one statement. Where a row with the same `adding`
    keys exists, the other values are added to it; with the same `replacing` keys, they take the
    place of its own; where one with the same `new` keys exists, it stays. `next_id`: the id of each
    in SQL, where it is not among the values."""
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join([db.param] * len(fields))
    if next_id:
        names, marks = f'"id", {names}', f"{next_id}, {marks}"
    sql = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'
    if adding or replacing:
        keys = [getattr(model, name).column_name for name in adding or replacing]
        before = f"{model._meta.table_name}.{{0}} + " if adding else ""
        sql += f" ON CONFLICT ({', '.join(keys)}) DO {_updated(fields, keys, before)}"
    if new:
        sql += f" ON CONFLICT ({', '.join(new)}) DO NOTHING"
    with pw.__exception_wrapper__:
        db.cursor().executemany(sql, _stored(fields, rows))


def insert_instances(model, instances):
    """Insert rows that were built but not saved, with their ids where they have one."""
    fields, next_id = model._meta.sorted_fields, None
    if instances and instances[0].get_id() is None:
        fields = [field for field in fields if not field.primary_key]
        next_id = model._meta.next_id
    names = [field.name for field in fields]
    insert(
        model, fields, [tuple(map(row.__data__.get, names)) for row in instances], next_id=next_id
    )


def _updated(fields, keys, before):
    others = [f.column_name for f in fields if f.column_name not in keys]
    return f"UPDATE SET {', '.join(f'{n} = {before.format(n)}EXCLUDED.{n}' for n in others)}"


def _stored(fields, rows):
    """The values as the database takes them. Those of most kinds of fields stay as they are."""
    changing = [(i, f.db_value) for i, f in enumerate(fields) if _is_changed(f)]
    for row in rows:
        values = list(row)
        for i, stored in changing:
            values[i] = stored(values[i])
        yield values


def _is_changed(field):
    plain = type(field).db_value is pw.Field.db_value or isinstance(field, pw.ForeignKeyField)
    return not plain
