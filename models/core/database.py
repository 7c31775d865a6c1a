"""The database behind the models: SQLite in the data folder, or PostgreSQL, as one proxy."""

import errno
import os
import selectors
import sqlite3
import threading
import time
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from urllib.parse import quote

import peewee as pw

from models.core import optional

db = pw.DatabaseProxy()
beside = pw.DatabaseProxy()  # the same, for what others shall see before a transaction ends


WRITER_LOCK = 20261124
JOB = 60_000  # milliseconds for which a job waits for another's write
SHORT = 2000  # and a page that can do without
EXCESS = 1000  # and a form, while so many others wait that nobody could read
FORMS = {"wait": 5000, "most": None}  # and a form else; how many may wait so, where all are served
ONE_SNAPSHOT = "REPEATABLE READ, READ ONLY"
ALONE = "READ COMMITTED"
WRITING = ("INSERT", "UPDATE", "DELETE")


PRAGMAS = {
    "journal_mode": "wal",
    "foreign_keys": 1,
    "synchronous": "full",
    "cache_size": -2000,  # KB; each thread has one, and the system keeps the pages of the file too
}  # of every connection to SQLite
TIMEOUTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
}  # seconds, but the last


_wait = ContextVar("wait", default=JOB)
_forms, _counting = {}, threading.Lock()  # {thread: since when its form waits for the writer}
_last = {"turn": 0.0}  # when a form got its turn


class Busy(pw.OperationalError):
    """Others write for long, and enough forms wait for them."""


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
            if self._is_away():
                raise Gone(str(error)) from error
            raise

    def _is_away(self):
        """Whether there is no connection, as connecting anew failed, or only a closed one."""
        return self._state.conn is None or self._state.conn.closed

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
        if isolation_level == ONE_SNAPSHOT:
            return super().begin(isolation_level)
        lock = "" if isolation_level == ALONE else f"SELECT pg_advisory_xact_lock({WRITER_LOCK})"
        try:
            with nullcontext(_wait.get()) if isolation_level == ALONE else turn() as span:
                # In one journey. For this transaction alone: a pooler gives the session to others.
                super().execute_sql(f"BEGIN; SET LOCAL lock_timeout = {span or 1:d}; {lock}")
        except Exception:
            self.rollback()  # peewee ends no transaction that did not begin
            raise

    def snapshot(self):
        """A transaction that reads one snapshot and waits for no writer."""
        return self.transaction(ONE_SNAPSHOT)

    def execute_sql(self, sql, params=None, *args, **kwargs):
        if not self._state.transactions and sql.startswith("SELECT"):
            return self._retrying(super().execute_sql, sql, params, *args, **kwargs)
        if not self._state.transactions and sql.startswith(WRITING):
            with self.transaction(ALONE):  # beside the writer, but it may wait for the same row
                return self.execute_sql(sql, params, *args, **kwargs)
        with self._raises_gone():
            return super().execute_sql(sql, params, *args, **kwargs)

    def commit(self):
        with self._raises_gone():
            return super().commit()

    def rollback(self):
        if not self._is_away():  # a closed connection is rolled back by the server
            return super().rollback()


class SqliteDatabase(pw.SqliteDatabase):
    """SQLite on a disk that may become full or read-only. Writers of one process queue here: SQLite
    lets whoever waits look again after a while, so that some would wait for ever."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._queue = threading.Lock()
        self._has = threading.local()

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
        if not self._state.transactions and sql.startswith(WRITING):
            with self._turn():
                cursor = super().execute_sql(sql, params, *args, **kwargs)
            self._end_turn()
            return cursor
        return super().execute_sql(sql, params, *args, **kwargs)

    def begin(self, lock_type=None):
        with nullcontext() if lock_type == "DEFERRED" else self._turn():
            super().begin(lock_type)

    @contextmanager
    def _turn(self):
        """Inside, this thread is the next to write; until _end_turn(), unless that fails."""
        with turn() as span:
            until = time.monotonic() + span / 1000
            if not self._queue.acquire(timeout=span / 1000):
                raise Busy("database is locked by another thread")
            self._has.turn = True
            try:
                left = max(0, round(1000 * (until - time.monotonic())))
                self.connection().execute(f"PRAGMA busy_timeout = {left}")
                yield
            except BaseException:
                self._end_turn()
                raise
            finally:
                self.connection().execute(f"PRAGMA busy_timeout = {JOB}")

    def _end_turn(self):
        if getattr(self._has, "turn", False):
            self._has.turn = False
            self._queue.release()

    def commit(self):
        super().commit()
        self._end_turn()

    def rollback(self):
        try:
            if self._state.conn is not None and self._state.conn.in_transaction:
                super().rollback()
        finally:
            self._end_turn()

    def snapshot(self):
        """A transaction that reads one snapshot and waits for no writer."""
        return self.transaction("DEFERRED")


def wait_at_most(span):
    """From now on in this thread, whoever writes waits at most so many milliseconds for others."""
    _wait.set(span)


@contextmanager
def waiting(span):
    """Who writes inside waits at most so many milliseconds for other writers."""
    token = _wait.set(span)
    try:
        yield
    finally:
        _wait.reset(token)


@contextmanager
def turn():
    """How long to wait for the writer, in milliseconds. Of the forms a few wait their whole time;
    those that come after them wait shortly, or not at all once nobody gets on, so that threads are
    left that read."""
    span, thread, begun = _wait.get(), threading.get_ident(), time.monotonic()
    if not FORMS["most"] or not 0 < span <= FORMS["wait"]:
        yield span
        return
    with _counting:
        if len(_forms) >= FORMS["most"]:
            if begun - max(_last["turn"], min(_forms.values())) > EXCESS / 1000:
                raise Busy("database is locked, and enough others wait for it")
            span = min(span, EXCESS)
        _forms[thread] = begun
    try:
        yield span
        _last["turn"] = time.monotonic()
    finally:
        del _forms[thread]


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
    """Point the proxies at sqlite:///path or postgresql://…"""
    real = database_of(url)
    db.initialize(real)
    beside.initialize(database_of(url, synchronous="normal", cache_size=-200))
    return real


def database_of(url, **pragmas):
    """The database at sqlite:///path or postgresql://…; durable, one writer, foreign keys on, but
    for what the pragmas say of SQLite."""
    if url.startswith(("postgresql:", "postgres:")):
        params = optional.load("psycopg.conninfo").conninfo_to_dict(url)
        real = Postgres(
            params.pop("dbname"),
            prefer_psycopg3=True,
            prepare_threshold=None,  # a pooler gives each transaction another session
            **{**TIMEOUTS, **params},
        )
    else:
        path = url.removeprefix("sqlite:///")
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        real = SqliteDatabase(
            path,
            lock_type="IMMEDIATE",
            timeout=60,
            pragmas={**PRAGMAS, **pragmas},
        )
    return real
