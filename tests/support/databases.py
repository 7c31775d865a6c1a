"""A database of its own for each test, laid down from one that is made once a process; PostgreSQL
by TEST_DATABASE_URL."""

import atexit
import copy
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from app import create_app
from models.core.database import db
from tests.firm import Firm

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if WORKER and os.environ.get(
    "TEST_DATABASE_URL"
):  # the processes of one run share the server, not the database
    os.environ["TEST_DATABASE_URL"] = (
        os.environ["TEST_DATABASE_URL"].removesuffix(f"_{WORKER}") + f"_{WORKER}"
    )
POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
SERVER, _, NAME = POSTGRES.rpartition("/")
SHAPE = """SELECT md5(string_agg(
             concat(c.oid, c.relname, c.relhastriggers, a.attname, a.atttypid, a.attnotnull), ','
             ORDER BY c.oid, a.attnum))
           FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
           WHERE c.relnamespace = 'public'::regnamespace"""
_begun = {}


def begun():
    """(folder, firm): a migrated database without a firm and one with it are made once and kept;
    each test gets a copy of what it needs."""
    if not _begun:
        folder = _begun["folder"] = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        made = create_app(**settings_of(folder))
        with made.app_context():
            db.close()
            POSTGRES and copy_on_postgres(NAME, f"{NAME}_kept")
            keep("empty", folder)
            db.connect()
            _begun["firm"] = Firm()
            db.close()
            keep("firm", folder)
    return _begun["folder"], _begun["firm"]


def keep(name, folder):
    """Keep the closed database of this data folder as it stands for lay_down()."""
    if POSTGRES:
        _begun[f"rows of {name}"] = Rows()
    else:
        with closing(sqlite3.connect(folder / "danju.db")) as link:
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(folder / "danju.db", _begun["folder"] / f"{name}.db")


def lay_down(name, folder):
    """The kept database of this name, for one test."""
    begun()
    if POSTGRES:
        _begun[f"rows of {name}"].lay_down()
    else:
        for left in folder.glob("danju.db*"):
            left.unlink()
        shutil.copy(_begun["folder"] / f"{name}.db", folder / "danju.db")


def made_once(name, firm, folder, make):
    """What make(firm) leaves in the database and the data folder, and what it returned: made for
    the first test of this process that asks, laid down for the others. Nothing in it may name the
    folder of the test that made it."""
    files = begun()[0] / f"{name}.files"
    if name not in _begun:
        made = make(firm)
        db.close()
        keep(name, folder)
        shutil.copytree(folder, files, ignore=shutil.ignore_patterns("danju.db*"))
        _begun[name] = copy.deepcopy((made, vars(firm)))
        return made
    db.close()
    lay_down(name, folder)
    shutil.copytree(files, folder, dirs_exist_ok=True)
    made, cast = copy.deepcopy(_begun[name])
    vars(firm).update(cast)
    return made


class Rows:
    """The rows of all tables on PostgreSQL, and where its sequences stand, as one text of
    statements. Laying them down takes a tenth of the time of a copy of the database, which is made
    only when the test before changed the tables themselves."""

    def __init__(self):
        with psycopg.connect(POSTGRES) as link:
            self.shape = link.execute(SHAPE).fetchone()
            tables = [
                name
                for (name,) in link.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
                )
            ]
            self.tables = [(name, self._columns(link, name)) for name in tables]
            steps = [
                sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name, _ in self.tables
            ]
            steps += [insert for table in self.tables if (insert := self._insert(link, *table))]
            self.steps = sql.SQL("; ").join([*steps, self._sequences(link)]).as_string(link)

    @staticmethod
    def _columns(link, table):
        """Its columns, but those that the database computes itself."""
        return [
            name
            for (name,) in link.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND "
                "attnum > 0 AND NOT attisdropped "
                "AND attgenerated = '' ORDER BY attnum",
                (f'"{table}"',),
            )
        ]

    @staticmethod
    def _insert(link, table, columns):
        """What writes the rows of the table again, or None."""
        table, names = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        values = sql.SQL(", ").join(
            sql.SQL("quote_nullable({}::text)").format(sql.Identifier(name)) for name in columns
        )
        asked = sql.SQL("SELECT concat_ws(', ', {}) FROM {}").format(values, table)
        rows = [sql.SQL(f"({row})") for (row,) in link.execute(asked)]
        if not rows:
            return None
        rows = sql.SQL(", ").join(rows)
        return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(table, names, rows)

    @staticmethod
    def _sequences(link):
        """What sets the sequences to where they stand."""
        found = link.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        )
        calls = [
            sql.SQL("setval({}, {}, {})").format(f'"{name}"', last or 1, last is not None)
            for name, last in found
        ]
        return sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))

    def lay_down(self):
        if not self._fill():
            copy_on_postgres(f"{NAME}_kept", NAME)
            assert self._fill(), "the kept database has other tables"

    def _fill(self):
        """Empty all tables and fill them anew; False, and nothing done, when they are not those
        that were kept."""
        try:
            link = standing()
            link.execute(
                (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
                    "%s AND pid <> pg_backend_pid()"
                ),
                (NAME,),
            )
        except psycopg.OperationalError:  # a test ended it, or the whole database
            _begun.pop("link", None)
            return False
        with link.transaction():
            if link.execute(SHAPE).fetchone() != self.shape:
                return False
            link.execute("SET session_replication_role = replica")
            link.execute(self.steps)
        return True


def standing():
    """A connection to this process's database that stays open: a new one would read up on ninety
    tables for each test."""
    if "link" not in _begun or _begun["link"].closed:
        _begun["link"] = psycopg.connect(POSTGRES, autocommit=True)
    return _begun["link"]


def copy_on_postgres(source, target):
    """`target` anew, as a copy of `source`: a tenth of the time that the migrations take."""
    drop_on_postgres(target)
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def drop_on_postgres(*names):
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as link:
        for name in names:
            link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def settings_of(folder):
    """A portal's settings in this folder, with an empty database."""
    POSTGRES and copy_on_postgres("template1", NAME)
    return settings(folder)


def settings(folder):
    return dict(
        DATA_DIR=folder,
        DATABASE_URL=POSTGRES or f"sqlite:///{folder / 'danju.db'}",
        SECRET_KEY="k" * 40,
        SMTP_URL="",
        BASE_URL="http://localhost:8000",
        WTF_CSRF_ENABLED=False,
        TESTING=False,
    )
