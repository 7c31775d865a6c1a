"""The database of a firm as a dump reads and writes it: SQLite or PostgreSQL."""

import datetime as dt
import itertools
import json
import sqlite3
from contextlib import closing, contextmanager

import peewee as pw

from models.core import installation, optional
from models.core.database import WRITER_LOCK, Gone, db
from models.core.published import USED
from models.operations.backup import schema

SPAN = 2000  # ids in a block of lines
LARGE = 4 * 2**20  # bytes, after which a block ends before that
LEFT_OUT = (schema.HISTORY, installation.TABLE)  # what is the database's own, not the firm's
WHOLE = ("INTEGER", "BIGINT")


class InvalidDump(Exception):
    """The dump is incomplete, or the file is no dump."""


class Sqlite:
    """A SQLite file, read in one snapshot, or written."""

    def __init__(self, path):
        self.refusals = (sqlite3.IntegrityError, sqlite3.ProgrammingError)  # of a row
        self.link = sqlite3.connect(str(path), isolation_level=None, timeout=60)
        self.mark = "?"

    def tables(self):
        rows = self.link.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        virtual = [name for name, sql in rows if (sql or "").upper().startswith("CREATE VIRTUAL")]
        derived = lambda name: any(name == v or name.startswith(f"{v}_") for v in virtual)  # noqa: E731
        return [
            name
            for name, _ in rows
            if not name.startswith("sqlite_") and name not in LEFT_OUT and not derived(name)
        ]

    def columns(self, table):
        """{name: type}; and the names of the key."""
        rows = self.link.execute(f'PRAGMA table_info("{table}")').fetchall()
        return {r[1]: r[2].upper() for r in rows}, [r[1] for r in rows if r[5]]

    def blocks(self, table, columns, key):
        """The lines of the rows, some thousand at a time. SQLite writes them, in a third of the
        time that Python takes."""
        names = ", ".join(f'"{c}"' for c in columns)
        select = f'SELECT CAST(json_array({names}) || char(10) AS BLOB) FROM "{table}"'
        if not _by_id(self.columns(table)[0], key):
            yield from _blocks(self.link.execute(f"{select} ORDER BY {_order(columns, key)}"))
            return
        following, end = f'SELECT MIN(id) FROM "{table}" WHERE id > ?', -(2**63)
        while (ident := self.link.execute(following, (end,)).fetchone()[0]) is not None:
            end = min(ident - ident % SPAN + SPAN - 1, 2**63 - 1)
            yield from _blocks(
                self.link.execute(f"{select} WHERE id BETWEEN ? AND ? ORDER BY id", (ident, end))
            )

    def migrations(self):
        rows = self.link.execute(f"SELECT name FROM {schema.HISTORY}").fetchall()
        return schema.renamed([name for (name,) in rows])

    def integrity(self):
        """ "ok", or what is damaged in the file."""
        return self.link.execute("PRAGMA integrity_check").fetchone()[0]

    @contextmanager
    def reading(self):
        self.link.execute("BEGIN")
        try:
            yield self
        finally:
            self.link.execute("ROLLBACK")

    @contextmanager
    def writing(self):
        """One transaction without foreign keys, which must all hold at its end."""
        self.link.execute("PRAGMA foreign_keys = OFF")
        self.link.execute("BEGIN IMMEDIATE")
        try:
            yield
            broken = self.link.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise InvalidDump(f"a row of {broken[0][0]} points at nothing")
            self.link.execute("COMMIT")
        except BaseException:
            # after an error of the disk SQLite has rolled back already
            if self.link.in_transaction:
                self.link.execute("ROLLBACK")
            raise

    def empty(self, tables):
        for table in tables:
            self.link.execute(f'DELETE FROM "{table}"')

    def insert(self, table, columns, types, rows):
        self.link.executemany(insert_sql(table, columns, "?"), rows)

    def after(self, table):
        """Nothing to do: the next id follows the largest."""

    def close(self):
        self.link.close()


class Postgres:
    """A PostgreSQL database, read in one snapshot."""

    def __init__(self, database):
        psycopg = optional.load("psycopg")
        self.refusals = (psycopg.DataError, psycopg.IntegrityError)  # of a row
        try:
            self.link = psycopg.connect(
                dbname=database.database, autocommit=True, **database.connect_params
            )
        except psycopg.OperationalError as error:
            raise Gone(str(error)) from error

    @contextmanager
    def reading(self):
        with self.link.transaction():
            self.link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield self

    def tables(self):
        rows = self.link.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
            "AND table_type = 'BASE TABLE'"
        ).fetchall()
        return sorted(name for (name,) in rows if name not in LEFT_OUT)

    def columns(self, table):
        rows = self.link.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE "
            "table_schema = 'public' "
            "AND table_name = %s AND is_generated = 'NEVER'",
            (table,),
        ).fetchall()
        key = self.link.execute(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND "
            "a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary",
            (f'"{table}"',),
        )
        return {name: kind.upper() for name, kind in rows}, [name for (name,) in key.fetchall()]

    def blocks(self, table, columns, key):
        """The lines of the rows, some thousand at a time, the same as SQLite's."""
        rows, at = self._rows(table, columns, key), columns.index(key[0]) if key else 0
        by_id = _by_id(self.columns(table)[0], key)
        for _, span in itertools.groupby(rows, lambda row: row[at] // SPAN if by_id else 0):
            yield from _blocks((json_line([_sqlite_value(v) for v in row]),) for row in span)

    def integrity(self):
        """ "ok": the server answers for its own files."""
        return "ok"

    def _rows(self, table, columns, key):
        types, _ = self.columns(table)
        names = ", ".join(f'"{c}"' for c in columns)
        order = _order(
            columns,
            key,
            lambda k: ' COLLATE "C"' if "CHAR" in types[k] or types[k] == "TEXT" else "",
        )
        with self.link.transaction(), self.link.cursor(name="dump") as cursor:
            cursor.itersize = 2000
            yield from cursor.execute(f'SELECT {names} FROM "{table}" ORDER BY {order}')

    def migrations(self):
        rows = self.link.execute(f"SELECT name FROM {schema.HISTORY}").fetchall()
        return schema.renamed([name for (name,) in rows])

    @contextmanager
    def writing(self):
        """One transaction; the foreign keys are taken off and put on again, which checks every
        row."""
        with self.link.transaction():
            self.link.execute("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))
            keys = self.link.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
                "FROM pg_constraint "
                "WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
            ).fetchall()
            for table, name, _ in keys:
                self.link.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            yield
            for table, name, rule in keys:
                self.link.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}')

    def empty(self, tables):
        if tables:
            self.link.execute("TRUNCATE " + ", ".join(f'"{t}"' for t in tables))

    def insert(self, table, columns, types, rows):
        boolean_columns = [i for i, name in enumerate(columns) if types[name] == "BOOLEAN"]
        converted = [
            [bool(v) if i in boolean_columns and v is not None else v for i, v in enumerate(row)]
            for row in rows
        ]
        with (
            self.link.cursor() as cursor,
            cursor.copy(
                f'COPY "{table}" (' + ", ".join(f'"{c}"' for c in columns) + ") FROM STDIN"
            ) as copy,
        ):
            for row in converted:
                copy.write_row(row)

    def after(self, table):
        types, key = self.columns(table)
        if (
            key == ["id"]
            and self.link.execute(
                "SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',)
            ).fetchone()[0]
        ):
            self.link.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), 1 + GREATEST((SELECT "
                f'MAX(id) FROM "{table}"), (SELECT last FROM imported_range WHERE import_id = %s '
                "AND name = %s), 0), false)",
                (f'"{table}"', USED, table),
            )

    def close(self):
        self.link.close()


def _by_id(types, key):
    return key == ["id"] and types["id"] in WHOLE


def _order(columns, key, collation=lambda name: ""):
    return ", ".join(f'"{name}"{collation(name)}' for name in key or columns)


def _blocks(rows):
    block, size = [], 0
    for (line,) in rows:
        block.append(line)
        size += len(line)
        if size > LARGE:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def insert_sql(table, columns, mark):
    return (
        f'INSERT INTO "{table}" ('
        + ", ".join(f'"{c}"' for c in columns)
        + ") VALUES ("
        + ", ".join([mark] * len(columns))
        + ")"
    )


def _sqlite_value(value):
    """The value as SQLite stores it: booleans are 0 and 1, moments are text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dt.datetime, dt.date)):
        return str(value)
    if isinstance(value, bytes):
        raise TypeError("bytes in a table: keep them in blobs")
    return value


def json_line(value):
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


@contextmanager
def opened(given=None):
    """A reader and writer for the present database, or the given one. Raises Gone when its server
    closes the connection."""
    given = given or db.obj
    with closing(
        Sqlite(given.database) if isinstance(given, pw.SqliteDatabase) else Postgres(given)
    ) as base:
        try:
            yield base
        except Exception as error:
            if getattr(base.link, "closed", False):
                raise Gone(str(error)) from error
            raise
