"""The baseline is the schema of 0.9.0 on both databases; what came before is refused; later changes
are one file each."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import peewee as pw
import psycopg
import pytest

from models.core.database import database_of
from models.core.errors import Refused
from models.operations.backup import schema, structure
from tests.support import databases

DATA = Path(__file__).parent.parent / "data"
NEWER = "0002_newer"
COLUMNS = """
    SELECT format('column %s.%s: %s%s%s', c.relname, attname, format_type(atttypid, atttypmod),
             CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END,
             ' DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
      AND NOT attisdropped
    ORDER BY c.relname COLLATE "C", attnum"""
CONSTRAINTS = """
    SELECT format('constraint %s: %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY conname COLLATE "C" """
INDEXES = """
    SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY indexname COLLATE "C" """


def written(path):
    with closing(sqlite3.connect(path)) as link:
        return structure._definitions_of(link.execute)


def named(database, names):
    """Let the database say that it has had these migrations."""
    database.execute_sql("DELETE FROM schema_migration")
    for name in names:
        schema._record(database, name)
    return database


@pytest.fixture
def empty(tmp_path):
    """A database of the baseline on SQLite."""
    schema.build(tmp_path / "empty.db", [schema.BASELINE])
    database = pw.SqliteDatabase(str(tmp_path / "empty.db"))
    with database.connection_context():
        yield database


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A version with one more migration."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for path in schema.FOLDER.glob("0001*"):
        (folder / path.name).write_text(path.read_text())
    for kind in ("sqlite", "postgres"):
        (folder / f"{NEWER}.{kind}.sql").write_text(
            "-- One thing; two statements.\n"
            "CREATE TABLE newer (\n    id INTEGER NOT NULL PRIMARY KEY,\n    part TEXT\n);\n"
            "INSERT INTO newer (id, part) VALUES (1, '20 %');\n"
        )
    monkeypatch.setattr(schema, "FOLDER", folder)


@pytest.mark.on_sqlite
def test_the_baseline_is_the_schema_of_0_9_0(tmp_path):
    schema.build(tmp_path / "new.db", [schema.BASELINE])
    with zipfile.ZipFile(DATA / "0.9.0.zip") as kept:
        (tmp_path / "kept.db").write_bytes(kept.read("data/danju.db"))
    assert written(tmp_path / "new.db") == written(tmp_path / "kept.db")


@pytest.mark.on_postgres
def test_the_baseline_is_the_schema_of_0_9_0_on_postgresql():
    name = f"{databases.NAME}_baseline"
    databases.copy_on_postgres("template1", name)
    database = database_of(f"{databases.SERVER}/{name}")
    with database.connection_context():
        schema.bring_up(database, [schema.BASELINE])
    with psycopg.connect(f"{databases.SERVER}/{name}") as link:
        lines = [
            line for query in (COLUMNS, CONSTRAINTS, INDEXES) for (line,) in link.execute(query)
        ]
        fast = link.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()
    databases.drop_on_postgres(name)
    kept = (DATA / "0.9.0.postgres.txt").read_text().splitlines()
    assert lines == [line for line in kept if fast or "gin_trgm_ops" not in line]


@pytest.mark.on_sqlite
def test_the_names_of_0_9_0_become_the_baseline_once(empty):
    named(empty, schema.NAMES_OF_0_9_0)
    assert schema.pending(empty) == schema.known()[1:]
    assert schema.applied(empty) == [schema.BASELINE]
    for _again in range(2):
        schema.adopt_baseline(empty)
        assert schema._recorded(empty) == [schema.BASELINE]


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "names",
    [schema.NAMES_OF_0_9_0[:1], schema.NAMES_OF_0_9_0[:-1], schema.NAMES_OF_0_9_0[1:], ["other"]],
    ids=["first", "all but the last", "all but the first", "strange"],
)
def test_what_is_older_or_in_part_is_refused_and_left_alone(empty, names):
    named(empty, names)
    for verb in (schema.pending, schema.bring_up):
        with pytest.raises(Refused, match="data_too_old"):
            verb(empty)
    schema.adopt_baseline(empty)
    assert sorted(schema._recorded(empty)) == sorted(names)


@pytest.mark.on_sqlite
def test_a_later_change_is_one_file_more(empty, newer):
    named(empty, schema.NAMES_OF_0_9_0)
    assert schema.pending(empty) == [NEWER]
    assert schema.bring_up(empty) == [NEWER] and schema.bring_up(empty) == []
    assert empty.execute_sql("SELECT part FROM newer").fetchall() == [("20 %",)]
    assert schema.applied(empty) == [schema.BASELINE, NEWER]


@pytest.mark.on_postgres
def test_a_later_change_is_one_file_more_on_postgresql(newer):
    name = f"{databases.NAME}_newer"
    databases.copy_on_postgres("template1", name)
    database = database_of(f"{databases.SERVER}/{name}")
    with database.connection_context():
        assert schema.bring_up(database) == [schema.BASELINE, NEWER]
        assert database.execute_sql("SELECT part FROM newer").fetchall() == [("20 %",)]
    databases.drop_on_postgres(name)


@pytest.mark.on_sqlite
def test_a_change_that_fails_in_the_middle_was_never_there(empty, newer):
    (schema.FOLDER / f"{NEWER}.sqlite.sql").write_text("CREATE TABLE newer (id INTEGER);\nNO;\n")
    with pytest.raises(pw.OperationalError):
        schema.bring_up(empty)
    assert not empty.table_exists("newer") and schema.pending(empty) == [NEWER]


def test_each_change_has_a_file_for_each_database():
    names = {path.name.rsplit(".", 2)[0] for path in schema.FOLDER.glob("*.sql")}
    kinds = [f"{name}.{kind}.sql" for name in names for kind in ("sqlite", "postgres")]
    assert sorted(kinds) == sorted(path.name for path in schema.FOLDER.glob("*.sql"))
