"""The schema's versions: numbered SQL files for each database, the table of those applied, and how
to bring a database to any of them.

A change of the schema is one small file for each database, `0002_name.sqlite.sql` and
`0002_name.postgres.sql`; on PostgreSQL a `%` is written as it is. Data is changed elsewhere:
docs/migrations.md."""

import sqlite3
from pathlib import Path

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse

FOLDER = Path(__file__).resolve().parents[3] / "migrations"
HISTORY = "schema_migration"
BASELINE = "0001_baseline"
NAMES_OF_0_9_0 = sorted((FOLDER / "names_of_0.9.0.txt").read_text().split())
KEY_AND_MOMENT = {
    "sqlite": ("INTEGER NOT NULL PRIMARY KEY", "DATETIME"),
    "postgres": ("SERIAL NOT NULL PRIMARY KEY", "TIMESTAMP"),
}


def known():
    """Names of all migrations of this version, in order."""
    return sorted(path.name.removesuffix(".sqlite.sql") for path in FOLDER.glob("*.sqlite.sql"))


def renamed(names):
    """Names of applied migrations, sorted, with the baseline instead of those of 0.9.0. Refused
    when they are of an earlier version."""
    if sorted(names) == NAMES_OF_0_9_0:
        return [BASELINE]
    if names and BASELINE not in names:
        refuse("data_too_old")
    return sorted(names)


def applied(database=None):
    """Names of the migrations applied to the database, as renamed() returns them."""
    return renamed(_recorded(database or db.obj))


def pending(database=None):
    """Names of this version's migrations not yet applied to the database, in order. Refused when
    it has others: a later version wrote it, and this one would not know what it means."""
    applied_names = applied(database)
    set(applied_names) <= set(known()) or refuse("data_newer")
    return [name for name in known() if name not in applied_names]


def is_current():
    """Whether all migrations of this version have been applied to the database."""
    try:
        return not pending()
    except Refused:
        return False


def adopt_baseline(database=None):
    """Replace the names of 0.9.0 by the baseline, once."""
    database = database or db.obj
    if sorted(_recorded(database)) != NAMES_OF_0_9_0:
        return
    with database.atomic():
        # another process may have been faster
        if sorted(_recorded(database)) == NAMES_OF_0_9_0:
            database.execute_sql(f"DELETE FROM {HISTORY}")
            _record(database, BASELINE)


def bring_up(database=None, only=None):
    """Apply the pending migrations, or those of them in `only`, all or nothing. Returns their
    names."""
    database = database or db.obj
    with database.atomic():
        _make_history(database)
        adopt_baseline(database)
        names = [name for name in pending(database) if only is None or name in only]
        for name in names:
            _apply(database, name)
            _record(database, name)
    return names


def build(path, names):
    """Create an empty SQLite database at `path` with exactly these migrations. Refused when one is
    unknown to this version."""
    names = renamed(names)
    set(names) <= set(known()) or refuse("backup_newer")
    bring_up_file(path, names)


def bring_up_file(path, only=None):
    """bring_up() for the SQLite database at `path`."""
    database = pw.SqliteDatabase(str(path))
    with database.connection_context():
        return bring_up(database, only)


def _kind(database):
    return "sqlite" if isinstance(database, pw.SqliteDatabase) else "postgres"


def _recorded(database):
    if not database.table_exists(HISTORY):
        return []
    return [name for (name,) in database.execute_sql(f"SELECT name FROM {HISTORY}").fetchall()]


def _make_history(database):
    key, moment = KEY_AND_MOMENT[_kind(database)]
    database.execute_sql(
        f'CREATE TABLE IF NOT EXISTS "{HISTORY}" ("id" {key}, "name" VARCHAR(255) NOT NULL, '
        f'"applied" {moment} NOT NULL)'
    )
    database.execute_sql(
        f'CREATE UNIQUE INDEX IF NOT EXISTS "{HISTORY}_name" ON "{HISTORY}" ("name")'
    )


def _record(database, name):
    database.execute_sql(
        f"INSERT INTO {HISTORY} (name, applied) VALUES ({database.param}, {database.param})",
        (name, str(now())),
    )


def _apply(database, name):
    text = (FOLDER / f"{name}.{_kind(database)}.sql").read_text()
    if _kind(database) == "postgres":
        database.execute_sql(text.replace("%", "%%"))  # takes a whole file; % marks a parameter
        return
    for statement in _statements(text):
        database.execute_sql(statement)


def _statements(text):
    """The statements one by one: SQLite takes a whole file only outside a transaction."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
