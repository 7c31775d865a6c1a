"""The database behind the models: SQLite in the data folder, or PostgreSQL, as one proxy."""

import errno
import os
import selectors
import sqlite3
from contextlib import contextmanager, nullcontext
from urllib.parse import quote

import peewee as pw

from models.core import optional

db = pw.DatabaseProxy()


WRITER_LOCK = 20261124
SHORT = 2000  # milliseconds for which a page waits for another's write
ONE_SNAPSHOT = "REPEATABLE READ, READ ONLY"


PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "synchronous": "full",
    "cache_size": -4000,  # KB; each thread has one, and the system keeps the pages of the file too
}  # of every connection to SQLite
TIMEOUTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
}  # seconds, but the last


class Gone(pw.OperationalError):
    """The database server does not answer, or has closed the connection. The open transaction is
    rolled back, unless it was just being committed."""


class Postgres(pw.PostgresqlDatabase):
    """PostgreSQL with one writer at a time, as on SQLite, so that the journal and the numbers never
    race or deadlock. Reconnects to a restarted server."""

    def connect(self, reuse_if_open=False):
        if reuse_if_open and not self._state.closed and self._closed_by_server():
            self.close()
        try:
            return super().connect(reuse_if_open)
        except pw.OperationalError as error:
            raise Gone(str(error)) from error

    def _closed_by_server(self):
        """On an idle connection no answer is awaited: anything readable is the server closing
        it."""
        if self._state.conn.closed:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._state.conn.fileno(), selectors.EVENT_READ)
            return bool(selector.select(0))

    @contextmanager
    def _raises_gone(self):
        try:
            yield
        except Exception as error:
            if self._state.conn is not None and self._state.conn.closed:
                raise Gone(str(error)) from error
            raise

    def _retrying(self, function, *args, **kwargs):
        """Call the function, once more on a new connection when the server has closed this one.
        Only for calls that may safely be repeated."""
        try:
            with self._raises_gone():
                return function(*args, **kwargs)
        except Gone:
            self.close()
            self.connect()
            with self._raises_gone():
                return function(*args, **kwargs)

    def begin(self, isolation_level=None):
        self._retrying(self._begin, isolation_level)

    def _begin(self, isolation_level):
        super().begin(isolation_level)
        if isolation_level != ONE_SNAPSHOT:
            try:
                super().execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))
            except Exception:
                self.rollback()  # peewee ends no transaction that did not begin
                raise

    def snapshot(self):
        """A transaction that reads one snapshot and waits for no writer."""
        return self.transaction(ONE_SNAPSHOT)

    def longest_wait(self):
        return self.execute_sql("SHOW lock_timeout").fetchone()[0]

    def wait_at_most(self, span):
        """Wait for locks so long: milliseconds, or what longest_wait() returned."""
        self.execute_sql("SELECT set_config('lock_timeout', %s, false)", (str(span or 1),))

    def execute_sql(self, sql, params=None, *args, **kwargs):
        if not self._state.transactions and sql.startswith("SELECT"):
            return self._retrying(super().execute_sql, sql, params, *args, **kwargs)
        with self._raises_gone():
            return super().execute_sql(sql, params, *args, **kwargs)

    def commit(self):
        with self._raises_gone():
            return super().commit()

    def rollback(self):
        if not self._state.conn.closed:  # a closed connection is rolled back by the server
            return super().rollback()


class SqliteDatabase(pw.SqliteDatabase):
    """SQLite on a disk that may become full or read-only."""

    def _connect(self):
        try:
            return super()._connect()
        except sqlite3.OperationalError:
            if not self._on_read_only_disk():
                raise
        connection = sqlite3.connect(
            f"file:{quote(self.database)}?immutable=1", uri=True, isolation_level=None
        )
        self._add_conn_hooks(connection)
        return connection

    def _on_read_only_disk(self):
        """Whether the database file is complete on a read-only disk, where SQLite cannot create the
        -shm file that it needs to open it."""
        wal = self.database + "-wal"
        if not os.path.exists(self.database) or os.path.exists(wal) and os.path.getsize(wal):
            return False
        try:
            os.close(os.open(self.database, os.O_RDWR))
        except OSError as error:
            return error.errno == errno.EROFS
        return False

    def execute_sql(self, sql, params=None, *args, **kwargs):
        """Refused when SQLite itself has rolled back, as it does when the disk is full: later
        statements of the transaction would be committed one by one."""
        if (
            self._state.transactions
            and self._state.conn is not None
            and not self._state.conn.in_transaction
        ):
            raise pw.OperationalError("the transaction is gone: the database rolled it back")
        return super().execute_sql(sql, params, *args, **kwargs)

    def rollback(self):
        if self._state.conn is not None and self._state.conn.in_transaction:
            super().rollback()

    def snapshot(self):
        """A transaction that reads one snapshot and waits for no writer."""
        return self.transaction("DEFERRED")

    def longest_wait(self):
        return self.execute_sql("PRAGMA busy_timeout").fetchone()[0]

    def wait_at_most(self, span):
        """Wait for locks so many milliseconds."""
        self.execute_sql(f"PRAGMA busy_timeout = {span:d}")


@contextmanager
def waiting(span):
    """Who writes inside waits at most so many milliseconds for other writers. Not for use inside
    a transaction."""
    before = db.longest_wait()
    db.wait_at_most(span)
    try:
        yield
    finally:
        db.wait_at_most(before)


@contextmanager
def one_snapshot():
    """Every read inside sees the rows as they were at the first of them, whatever others commit
    meanwhile; nothing can be written inside. A transaction that writes needs no more, as it is the
    only one."""
    with nullcontext() if db.in_transaction() else db.snapshot():
        yield


def check_no_transaction(work):
    """Work of unknown length, such as reading a file or laying out a page, is done before or after
    a transaction: meanwhile nobody else could write."""
    assert db.obj is None or not db.in_transaction(), f"{work} inside a transaction"


def connect(url):
    """Point the proxy at sqlite:///path or postgresql://…"""
    real = database_of(url)
    db.initialize(real)
    return real


def database_of(url):
    """The database at sqlite:///path or postgresql://…; durable, one writer, foreign keys on."""
    if url.startswith(("postgresql:", "postgres:")):
        params = optional.load("psycopg.conninfo").conninfo_to_dict(url)
        real = Postgres(params.pop("dbname"), prefer_psycopg3=True, **{**TIMEOUTS, **params})
    else:
        path = url.removeprefix("sqlite:///")
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        real = SqliteDatabase(
            path,
            lock_type="IMMEDIATE",
            timeout=60,
            pragmas=PRAGMAS,
        )
    return real
