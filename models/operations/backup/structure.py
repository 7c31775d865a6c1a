"""The database file: find damage in its pages and indexes, and build the file again from every row
that can still be read."""

import contextlib
import functools
import os
import re
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused
from models.core.model import tables
from models.operations import upkeep
from models.operations.backup import dump, keys, proof, run, schema, snapshot

MOST = 20
DAMAGED = "the database file is damaged"
IDS_BEYOND_LAST = 1000  # ids that are tried after the last readable one


def faults():
    """Sentences about damaged pages, keys and word indexes, with the table. Empty on PostgreSQL,
    which has its own checksums."""
    if not isinstance(db.obj, pw.SqliteDatabase):
        return []
    try:
        db.connect(reuse_if_open=True)
        found = [row[0] for row in db.execute_sql(f"PRAGMA integrity_check({MOST})").fetchall()]
        found = (
            []
            if found == ["ok"]
            else [
                _with_table_name(line)
                for text in found
                for line in text.splitlines()
                if not line.startswith("***")
            ]
        )
        found += [
            f"a row of {row[0]} points at nothing"
            for row in db.execute_sql("PRAGMA foreign_key_check").fetchmany(MOST)
        ]
        found = found or _indexes() or _definitions() or _texts() or _values()
    except Exception as error:  # on a damaged file SQLite may raise anything
        found = [str(error) or type(error).__name__]
    return [f"{DAMAGED}: {text}" for text in found]


def _with_table_name(line):
    """SQLite's message about a tree, with the name of the table or index."""
    roots = {
        page: name
        for name, page in db.execute_sql(
            "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"
        )
    }
    return re.sub(
        r"[Tt]ree (?:page )?(\d+)", lambda m: f"{roots.get(int(m[1]), 'tree')} (tree {m[1]})", line
    )


def word_indexes():
    return [
        name
        for (name,) in db.execute_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'"
        )
    ]


def _indexes():
    """Word indexes that fail their own check."""
    found = []
    for name in word_indexes():
        try:
            with db.atomic() as transaction:
                db.execute_sql(f'INSERT INTO "{name}"("{name}") VALUES (\'integrity-check\')')
                transaction.rollback()
        except pw.DatabaseError as error:
            found.append(f"word index {name}: {error}")
    return found


def _definitions():
    """Tables, indexes and triggers whose definition differs from this version's migrations, as
    SQLite does not notice a changed letter."""
    if not schema.is_current():
        return []
    present = _definitions_of(db.execute_sql)
    return [
        f"{name} is not defined as it should be"
        for name in sorted(
            set(present) ^ set(_expected())
            | {n for n, rest in _expected().items() if present.get(n, rest) != rest}
        )
    ]


def _texts():
    """Tables with a text that is not UTF-8 or became bytes: reading its row fails, and mails,
    sessions and leases have no hash."""
    found = []
    for name in sorted({cls._meta.table_name for cls in tables()}):
        rows = db.execute_sql(f'SELECT * FROM "{name}" NOT INDEXED')
        try:
            if any(bytes in map(type, row) for row in iter(rows.fetchone, None)):
                found.append(f"{name}: bytes where a text should be")
        except sqlite3.DatabaseError as error:
            found.append(f"{name}: {error}")
    return found[:MOST]


def _values():
    """Columns with a value of another type: mails, sessions and rows of backups have no hash."""
    found = []
    for table in sorted({cls._meta.table_name for cls in tables()}):
        kinds = {row[1]: row[2].upper() for row in db.execute_sql(f'PRAGMA table_info("{table}")')}
        conditions = dict(_conditions_of_wrong_type(kinds))
        if not conditions:
            continue
        any_of_each = ", ".join(f"MAX({condition})" for condition in conditions.values())
        seen = db.execute_sql(f'SELECT {any_of_each} FROM "{table}" NOT INDEXED').fetchone()
        found += [
            f"{table}.{column}: a value that is none"
            for column, wrong in zip(conditions, seen, strict=True)
            if wrong
        ]
    return found[:MOST]


def _conditions_of_wrong_type(kinds):
    """[(column, SQL condition that its value has a wrong type)], as far as SQLite can tell."""
    for column, kind in kinds.items():
        if kind in ("DATE", "DATETIME"):
            yield column, f'"{column}" IS NOT NULL AND date("{column}") IS NULL'
        elif kind.startswith(("INT", "BIGINT", "SMALLINT", "BOOL")):
            yield column, f"typeof(\"{column}\") NOT IN ('integer', 'null')"


@functools.cache
def _expected():
    with tempfile.TemporaryDirectory() as folder:
        schema.build(f"{folder}/empty.db", schema.known())
        with closing(sqlite3.connect(f"{folder}/empty.db")) as connection:
            return _definitions_of(connection.execute)


def _definitions_of(execute):
    return {
        name: (kind, table, _on_one_line(sql))
        for name, kind, table, sql in execute("SELECT name, type, tbl_name, sql FROM sqlite_master")
    }


def _on_one_line(sql):
    """The statement without its layout, as 0.9.0 wrote it on one line and the baseline on
    several."""
    return re.sub(r" ?([(),]) ?", r"\1", " ".join((sql or "").split()))


def repair_structure(stores):
    """Build the file again if it is damaged, and save the old one. Returns what was done, or None.
    Rows that cannot be read are taken from the newest backup of `stores`; afterwards `repair`
    compares them with the journal."""
    if not faults():
        return None
    database = db.obj
    for repair_indexes, name in ((_reindex, "indexes"), (_rebuild_word_indexes, "word indexes")):
        with contextlib.suppress(Exception):
            repair_indexes()
            if not faults():
                return name
    with run.scratch() as folder:
        backup = _newest_backup(stores, folder)
        path = folder / "new.db"
        schema.build(path, schema.known())
        with closing(dump.Sqlite(path)) as new, contextlib.ExitStack() as stack:
            old = stack.enter_context(closing(dump.Sqlite(backup))) if backup else None
            db.close()
            _copy_rows(_readable_copy(database.database, folder), new, old)
        aside = snapshot.folder() / f"damaged-{now():%Y%m%dT%H%M%S}-{os.urandom(2).hex()}"
        aside.mkdir(mode=0o700)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for end in ("-wal", "-shm"):
            if Path(database.database + end).exists():
                os.replace(database.database + end, aside / Path(database.database + end).name)
        shutil.copy(database.database, aside)
        handle = os.open(path, os.O_RDWR)
        os.fsync(handle)
        os.close(handle)
        os.replace(path, database.database)
    db.connect(reuse_if_open=True)
    upkeep.rebuild()
    return (
        "built anew, rows of torn pages as the newest backup has them; what stood there is "
        f"in {aside.name}"
    )


def _reindex():
    db.execute_sql("REINDEX")


@db.atomic()
def _rebuild_word_indexes():
    for name in word_indexes():
        sql = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        db.execute_sql(f'DROP TABLE "{name}"')
        db.execute_sql(sql)
    upkeep.rebuild()


def _newest_backup(stores, folder):
    """The newest backup that can be rebuilt, as a database in `folder`; None when there is none."""
    identity = keys.load(snapshot.folder())
    for store in stores:
        for facts in reversed(proof.found(store)):
            with contextlib.suppress(Refused, proof.Unproven, keys.WrongKey, OSError):
                proof.restored(folder, proof.fetched(store, facts, identity, folder))
                return folder / "scratch.db"
    return None


def _readable_copy(path, folder):
    """A copy with correct first bytes, by which SQLite recognises its files; they are the same in
    all of ours."""
    copy = folder / "damaged.db"
    for end in ("", "-wal"):
        if Path(path + end).exists():
            shutil.copy(path + end, f"{copy}{end}")
    with open(copy, "r+b") as out:
        out.write(b"SQLite format 3\0" + bytes((16, 0, 2, 2, 0, 64, 32, 32)))
    return copy


def _copy_rows(damaged, new, old):
    """Copy every row that can be read from the damaged file, the others from the backup."""
    new.link.execute("PRAGMA foreign_keys = OFF")
    new.link.execute("BEGIN IMMEDIATE")
    tables = new.tables()
    new.empty(tables)
    with closing(sqlite3.connect(damaged, isolation_level=None)) as connection:
        # a damaged definition of one table must not hide the others
        connection.execute("PRAGMA writable_schema = ON")
        # a changed letter is found later, by the hashes in the journal
        connection.text_factory = lambda raw: raw.decode(errors="replace")
        for table in tables:
            columns = sorted(new.columns(table)[0])
            if not _copy_readable(connection, new, table, columns):
                if old is None:
                    raise proof.Unproven(
                        f"{table} cannot be read whole, and no backup is at hand: flask "
                        "repair LOCATION"
                    )
                _from_backup(old, new, table, columns)
    _repair_values(new, old, tables)
    _repair_foreign_keys(new, old)
    new.link.execute("COMMIT")


def _copy_readable(connection, new, table, columns):
    """Copy the readable rows; True when that is the whole table."""
    # If the definition of the key is damaged, `id` reads as NULL: SQLite stores it only as rowid.
    column_list = ", ".join(f'"{c}"' for c in columns)
    named = column_list.replace('"id"', 'COALESCE("id", rowid)')
    insert = (
        f'INSERT OR IGNORE INTO "{table}" (rowid, {column_list}) VALUES (?, '
        f"{', '.join('?' * len(columns))})"
    )
    try:
        for row in connection.execute(f'SELECT rowid, {named} FROM "{table}" NOT INDEXED'):
            _insert_row(new, insert, row)
        count = connection.execute(f'SELECT COUNT(*) FROM "{table}" NOT INDEXED').fetchone()[0]
        if count == new.link.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[
            0
        ] and _is_intact(connection, table):
            return True
    except (sqlite3.DatabaseError, OverflowError):
        pass
    last = 0
    with contextlib.suppress(sqlite3.DatabaseError):
        newest = connection.execute(f'SELECT MAX(rowid) FROM "{table}" NOT INDEXED').fetchone()
        last = newest[0] or 0
    for ident in range(1, min(last, 10**8) + IDS_BEYOND_LAST):
        try:
            row = connection.execute(
                f'SELECT rowid, {named} FROM "{table}" WHERE rowid = ?', (ident,)
            ).fetchone()
            if row is not None:
                _insert_row(new, insert, row)
        except sqlite3.DatabaseError as error:
            if "no such" in str(error):
                return False
    return False


def _is_intact(connection, table):
    with contextlib.suppress(sqlite3.DatabaseError):
        rows = connection.execute(f'PRAGMA integrity_check("{table}")').fetchall()
        return [row[0] for row in rows] == ["ok"]
    return False


def _insert_row(new, sql, row):
    """True when the row could be inserted. Bytes are a text whose type was damaged."""
    try:
        return (
            new.link.execute(
                sql,
                [
                    value.decode(errors="replace") if isinstance(value, bytes) else value
                    for value in row
                ],
            ).rowcount
            == 1
        )
    except (sqlite3.DatabaseError, OverflowError):
        return False


def _from_backup(old, new, table, columns):
    """Copy the rows of the backup that are not in the new file, also those deleted since; `repair`
    compares them with the journal."""
    present_ids = {r[0] for r in new.link.execute(f'SELECT rowid FROM "{table}"')}
    named = ", ".join(f'"{c}"' for c in columns)
    insert = (
        f'INSERT OR IGNORE INTO "{table}" (rowid, {named}) VALUES (?, '
        f"{', '.join('?' * len(columns))})"
    )
    for row in old.link.execute(f'SELECT rowid, {named} FROM "{table}"').fetchall():
        if row[0] not in present_ids:
            _insert_row(new, insert, row)


def _repair_values(new, old, tables):
    """Replace a value of a wrong type by the backup's, or by this moment or zero if the backup has
    none."""
    for table in tables:
        kinds = new.columns(table)[0]
        for column, condition in _conditions_of_wrong_type(kinds):
            for (ident,) in new.link.execute(
                f'SELECT rowid FROM "{table}" WHERE {condition}'
            ).fetchall():
                row = (
                    old
                    and old.link.execute(
                        f'SELECT "{column}" FROM "{table}" WHERE rowid = ? AND NOT ({condition})',
                        (ident,),
                    ).fetchone()
                )
                value = (
                    row[0]
                    if row
                    else {"DATE": str(now().date()), "DATETIME": str(now())}.get(kinds[column], 0)
                )
                new.link.execute(
                    f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, ident)
                )


def _repair_foreign_keys(new, old):
    """Replace a row that refers to a missing one by the backup's, or delete it if the backup has
    none."""
    for _ in range(3):
        broken = {(r[0], r[1]) for r in new.link.execute("PRAGMA foreign_key_check").fetchall()}
        for table, ident in broken:
            columns = sorted(new.columns(table)[0])
            named = ", ".join(f'"{c}"' for c in columns)
            row = (
                old
                and old.link.execute(
                    f'SELECT rowid, {named} FROM "{table}" WHERE rowid = ?', (ident,)
                ).fetchone()
            )
            new.link.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (ident,))
            if row:
                _insert_row(
                    new,
                    (
                        f'INSERT OR IGNORE INTO "{table}" (rowid, {named}) VALUES (?, '
                        f"{', '.join('?' * len(columns))})"
                    ),
                    row,
                )
