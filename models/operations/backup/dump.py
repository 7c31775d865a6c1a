"""The portable dump: every row of every table as JSON lines, the same text for the same rows on
SQLite and PostgreSQL.

It is the one format of a backup, because it restores onto either database, survives a change of
schema (it is loaded into the schema it came from and then migrated), and two databases are equal
exactly when their dumps are. A pg_dump restores onto PostgreSQL alone, a file onto SQLite."""

import datetime as dt
import gzip
import hashlib
import json
import os
import sqlite3
import zlib
from contextlib import closing, contextmanager

import peewee as pw

from config import VERSION
from models.core import installation, optional
from models.core.database import WRITER_LOCK, Gone, db
from models.core.errors import refuse
from models.core.published import USED
from models.operations.backup import schema

FORMAT = 1
BATCH = 500
LEFT_OUT = (schema.HISTORY, installation.TABLE)  # what is the database's own, not the firm's


# What comes of a dump that was not written by us.
UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError)
UNREADABLE += (OverflowError, RecursionError, zlib.error)


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

    def rows(self, table, columns, key):
        return self.link.execute(_select(table, columns, [f'"{name}"' for name in key]))

    def migrations(self):
        rows = self.link.execute(f"SELECT name FROM {schema.HISTORY}").fetchall()
        return schema.renamed([name for (name,) in rows])

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

    def rows(self, table, columns, key):
        types, _ = self.columns(table)
        order = [
            f'"{k}" COLLATE "C"' if "CHAR" in types[k] or types[k] == "TEXT" else f'"{k}"'
            for k in key
        ]
        with self.link.transaction(), self.link.cursor(name="dump") as cursor:
            cursor.itersize = 2000
            yield from cursor.execute(_select(table, columns, order))

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


def _select(table, columns, order):
    names = ", ".join(f'"{c}"' for c in columns)
    return (
        f'SELECT {names} FROM "{table}" ORDER BY '
        f"{', '.join(order or [f'{i + 1}' for i in range(len(columns))])}"
    )


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


def lines(source, tick=lambda part: None):
    """The dump's lines. Columns are sorted by name and rows by key, so that equal databases give
    equal lines."""
    yield _json({"danju": FORMAT, "version": VERSION, "schema": source.migrations()})
    tables = source.tables()
    for n, table in enumerate(tables):
        types, key = source.columns(table)
        columns = sorted(types)
        header_row = _json({"table": table, "columns": columns})
        digest, count = hashlib.sha256(header_row.encode()), 0
        yield header_row
        for row in source.rows(table, columns, key):
            line = _json([_sqlite_value(value) for value in row])
            digest.update(line.encode())
            count += 1
            yield line
        yield _json({"end": table, "rows": count, "sha256": digest.hexdigest()})
        tick((n + 1) / len(tables))
    yield _json({"whole": len(tables)})


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def write(source, path, tick=lambda part: None):
    """Write the dump of `source` to `path`, compressed; returns {table: {rows, sha256}}."""
    tables = {}
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=5, newline="\n") as out:
        for line in lines(source, tick):
            out.write(line)
            if line.startswith('{"end":'):
                end = json.loads(line)
                tables[end["end"]] = {"rows": end["rows"], "sha256": end["sha256"]}
    return tables


def digests(source):
    """{table: {rows, sha256}} of a database."""
    with source.reading():
        ends = (json.loads(line) for line in lines(source) if line.startswith('{"end":'))
        return {end["end"]: {"rows": end["rows"], "sha256": end["sha256"]} for end in ends}


def header(path):
    """The first line of the dump: format, version, schema. Raises InvalidDump."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as text:
            header_row = json.loads(text.readline())
    except UNREADABLE as error:
        raise InvalidDump(str(error)) from error
    if not isinstance(header_row, dict) or "danju" not in header_row:
        raise InvalidDump("this is no dump")
    header_row["danju"] == FORMAT or refuse("backup_newer")
    return header_row


def load(target, path, tick=lambda part: None):
    """Replace every row of `target`, whose schema must be the dump's, in one transaction: all or
    nothing. Returns {table: {rows, sha256}} as loaded. Raises InvalidDump."""
    header_row, found = header(path), {}
    target.migrations() == schema.renamed(header_row["schema"]) or refuse("backup_other_schema")
    try:
        size = os.path.getsize(path)
        with (
            open(path, "rb") as raw,
            gzip.open(raw, "rt", encoding="utf-8") as text,
            target.writing(),
        ):
            target.empty(target.tables())
            next(text)
            _fill(target, text, found, lambda: tick(raw.tell() / size))
    except (*UNREADABLE, *target.refusals) as error:
        raise InvalidDump(str(error)) from error
    return found


def _fill(target, text, found, tick):
    table, columns, types, batch, digest, count = None, [], {}, [], None, 0
    expected, table_count = set(target.tables()), None
    for line in text:
        row = json.loads(line)
        if isinstance(row, list):
            batch.append(row)
            digest.update(line.encode())
            count += 1
            if len(batch) == BATCH:
                target.insert(table, columns, types, batch)
                batch = []
                tick()
        elif "table" in row:
            table, columns, batch, count = row["table"], row["columns"], [], 0
            types, _ = target.columns(table) if table in expected else ({}, [])
            if not set(columns) or len(set(columns) & set(types)) < len(columns):
                raise InvalidDump(f"no table {table} with these columns here")
            digest = hashlib.sha256(line.encode())
        elif "end" in row:
            if batch:
                target.insert(table, columns, types, batch)
            if row != {"end": table, "rows": count, "sha256": digest.hexdigest()}:
                raise InvalidDump(f"{table}: the rows are not those that were written")
            found[table] = {"rows": count, "sha256": row["sha256"]}
            tick()
        else:
            table_count = row.get("whole")
    if table_count is None or table_count != len(found):
        raise InvalidDump("the end is missing")
    for table in found:
        target.after(table)


SUMS = (
    (
        "documents",
        (
            "SELECT kind, state, currency, COUNT(*), SUM(net), SUM(tax), SUM(total) FROM "
            "document GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ),
    ),
    ("payments", "SELECT currency, COUNT(*), SUM(amount) FROM payment GROUP BY 1 ORDER BY 1"),
    ("numbers", "SELECT kind, period, last FROM number_series ORDER BY 1, 2"),
    ("journal", "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM event"),
    ("head", "SELECT hash FROM event ORDER BY id DESC LIMIT 1"),
)


def sums(source):
    """Counts and sums that a person can compare, computed by the database itself, not from the
    dump."""
    return {
        name: [
            [int(v) if isinstance(v, (int, pw.decimal.Decimal)) else v for v in row]
            for row in source.link.execute(query).fetchall()
        ]
        for name, query in SUMS
    }


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
