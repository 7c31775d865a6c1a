"""The portable dump: every row of every table as JSON lines, the same text for the same rows on
SQLite and PostgreSQL.

It is the one format of a backup, because it restores onto either database, survives a change of
schema (it is loaded into the schema it came from and then migrated), and two databases are equal
exactly when their dumps are. A pg_dump restores onto PostgreSQL alone, a file onto SQLite."""

import gzip
import hashlib
import json
import os
import zlib

import peewee as pw

from config import VERSION
from models.core.errors import refuse
from models.operations.backup import schema
from models.operations.backup.databases import (
    LARGE,
    InvalidDump,
    Postgres,
    Sqlite,
    insert_sql,
    json_line,
    opened,
)

__all__ = ["InvalidDump", "Postgres", "Sqlite", "insert_sql", "opened"]
FORMAT = 1
BATCH = 500
SMALL = 2**16  # bytes


# What comes of a dump that was not written by us.
UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError)
UNREADABLE += (OverflowError, RecursionError, zlib.error)


def pieces(source, tick=lambda part: None):
    """The dump's lines, as bytes of one or of many. Columns are sorted by name and rows by key, so
    that equal databases give equal lines."""
    yield json_line({"danju": FORMAT, "version": VERSION, "schema": source.migrations()})
    tables = source.tables()
    for n, table in enumerate(tables):
        types, key = source.columns(table)
        columns = sorted(types)
        header_row = json_line({"table": table, "columns": columns})
        digest, count = hashlib.sha256(header_row), 0
        yield header_row
        for block in source.blocks(table, columns, key):
            digest.update(block)
            count += block.count(b"\n")
            yield block
        yield json_line({"end": table, "rows": count, "sha256": digest.hexdigest()})
        tick((n + 1) / len(tables))
    yield json_line({"whole": len(tables)})


def parts(source, ends, tick=lambda part: None):
    """The dump's lines in parts which stay the same while their rows do: large blocks alone, and
    what is small between them together. Adds {table: {rows, sha256}} to `ends`."""
    small = b""
    for piece in pieces(source, tick):
        if piece.startswith(b'{"end":'):
            _note(ends, piece)
        if len(piece) < SMALL and len(small) < LARGE:
            small += piece
            continue
        if small:
            yield small
        small = b""
        yield piece
    yield small


def compressed(part):
    """The part as gzip; several of them after each other are gzip of the whole. Raises
    UnicodeDecodeError for what no restore could read."""
    part.decode()
    return gzip.compress(part, 1, mtime=0)


def write(source, path, tick=lambda part: None):
    """Write the dump of `source` to `path`, compressed; returns {table: {rows, sha256}}."""
    tables = {}
    with open(path, "wb") as out:
        for part in parts(source, tables, tick):
            out.write(compressed(part))
    return tables


def digests(source):
    """{table: {rows, sha256}} of a database."""
    tables = {}
    with source.reading():
        for piece in pieces(source):
            if piece.startswith(b'{"end":'):
                _note(tables, piece)
    return tables


def _note(tables, line):
    end = json.loads(line)
    tables[end["end"]] = {"rows": end["rows"], "sha256": end["sha256"]}


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
