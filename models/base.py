"""The ground every model stands on: the database, the clock, the field types, one way to refuse."""

import datetime as dt
import errno
import json
import os
import selectors
import sqlite3
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

import peewee as pw

db = pw.DatabaseProxy()
_moment = ContextVar("moment", default=None)
_zone = {"name": "Asia/Shanghai"}
WRITER_LOCK = 20261124
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
}  # seconds, but the last


class Refused(Exception):
    """A verb said no; `code` names the reason, `facts` fill the sentence shown to the person."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code, self.facts = code, facts


class Forbidden(Exception):
    """The actor sees the thing but may not do this to it."""


def refuse(code, **facts):
    """Raise Refused; reads well behind `or`."""
    raise Refused(code, **facts)


class Gone(pw.OperationalError):
    """The database server does not answer, or has hung up. What was under way there is undone,
    unless it was just being kept."""


class Postgres(pw.PostgresqlDatabase):
    """One writer at a time, as on SQLite, so that chain and numbers never race or deadlock. A
    server that was started anew is found again, one that fell silent is given up."""

    def connect(self, reuse_if_open=False):
        if reuse_if_open and not self._state.closed and self._hung_up():
            self.close()
        try:
            return super().connect(reuse_if_open)
        except pw.OperationalError as error:
            raise Gone(str(error)) from error

    def _hung_up(self):
        """Nothing is awaited on a connection at rest, so that what can be read there is the
        server's farewell."""
        if self._state.conn.closed:
            return True
        with selectors.DefaultSelector() as ear:
            ear.register(self._state.conn.fileno(), selectors.EVENT_READ)
            return bool(ear.select(0))

    @contextmanager
    def _answering(self):
        try:
            yield
        except Exception as error:
            if self._state.conn is not None and self._state.conn.closed:
                raise Gone(str(error)) from error
            raise

    def _anew(self, ask, *args, **kwargs):
        """Ask; once more on a new connection when the server has hung up. Only for what may be
        asked twice."""
        try:
            with self._answering():
                return ask(*args, **kwargs)
        except Gone:
            self.close()
            self.connect()
            with self._answering():
                return ask(*args, **kwargs)

    def begin(self, isolation_level=None):
        self._anew(self._begin, isolation_level)

    def _begin(self, isolation_level):
        super().begin(isolation_level)
        super().execute_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER_LOCK,))

    def execute_sql(self, sql, params=None, *args, **kwargs):
        if not self._state.transactions and sql.startswith("SELECT"):
            return self._anew(super().execute_sql, sql, params, *args, **kwargs)
        with self._answering():
            return super().execute_sql(sql, params, *args, **kwargs)

    def commit(self):
        with self._answering():
            return super().commit()

    def rollback(self):
        if not self._state.conn.closed:  # else the server has done it
            return super().rollback()


class SqliteDatabase(pw.SqliteDatabase):
    """SQLite on a disk that may fill up or turn read-only."""

    def _connect(self):
        try:
            return super()._connect()
        except sqlite3.OperationalError:
            if not self._frozen():
                raise
        link = sqlite3.connect(
            f"file:{quote(self.database)}?immutable=1", uri=True, isolation_level=None
        )
        self._add_conn_hooks(link)
        return link

    def _frozen(self):
        """Whether the file lies whole on a disk that takes no changes: SQLite would want to make
        its -shm beside it."""
        wal = self.database + "-wal"
        if not os.path.exists(self.database) or os.path.exists(wal) and os.path.getsize(wal):
            return False
        try:
            os.close(os.open(self.database, os.O_RDWR))
        except OSError as error:
            return error.errno == errno.EROFS
        return False

    def execute_sql(self, sql, params=None, *args, **kwargs):
        """Refused when SQLite itself has rolled back, as it does when the disk is full: what
        follows would be kept at once, alone."""
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


def connect(url):
    """Point the proxy at sqlite:///path or postgresql://…"""
    real = database_of(url)
    db.initialize(real)
    return real


def database_of(url):
    """The database at sqlite:///path or postgresql://…; durable, one writer, foreign keys on."""
    if url.startswith(("postgresql:", "postgres:")):
        from psycopg.conninfo import conninfo_to_dict

        params = conninfo_to_dict(url)
        real = Postgres(params.pop("dbname"), prefer_psycopg3=True, **{**PATIENCE, **params})
    else:
        path = url.removeprefix("sqlite:///")
        if os.path.dirname(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
        real = SqliteDatabase(
            path,
            lock_type="IMMEDIATE",
            timeout=60,
            pragmas={
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "full",
                "cache_size": -16000,
            },
        )
    return real


def now():
    """The moment in UTC, without zone, as stored."""
    return _moment.get() or dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def zone():
    """The firm's time zone."""
    return ZoneInfo(_zone["name"])


def set_zone(name):
    """Use this zone for business dates; called when the firm is loaded or changed."""
    ZoneInfo(name)
    _zone["name"] = name


def local(moment, name=""):
    """A stored UTC moment in the firm's zone, or in the one named."""
    return moment.replace(tzinfo=dt.timezone.utc).astimezone(ZoneInfo(name) if name else zone())


def today():
    """The business date in the firm's zone."""
    return local(now()).date()


@contextmanager
def at(moment):
    """Let the clock stand at `moment` (UTC) inside the block: for tests and the demo's past."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


class MoneyField(pw.BigIntegerField):
    """Minor units of the row's currency."""


class QuantityField(pw.BigIntegerField):
    """1/10000 of the unit."""


class PriceField(pw.BigIntegerField):
    """A unit price in 1/10000 of the currency's major unit: prices have more digits than money."""


class RateField(pw.IntegerField):
    """Basis points: 1300 is 13 %."""


def canonical(value):
    """JSON that is the same text for the same value, for storing and hashing."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def _plain(value):
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, pw.Model):
        return value.get_id()
    raise TypeError(type(value).__name__)


class JSONField(pw.TextField):
    """A Python value kept as canonical JSON text."""

    def db_value(self, value):
        return None if value is None else canonical(value)

    def python_value(self, value):
        try:
            return None if value is None else json.loads(value)
        except ValueError:
            # changed by hand: stays text, so that `flask verify` names the row and does not fall
            # over it
            return value


class Select(pw.ModelSelect):
    """A list read to its end before its first row is used. A loop that writes while its own list is
    half read stands on the past: SQLite refuses the write at once ("database is locked", no waiting
    helps) when anybody else has written meanwhile."""

    def __iter__(self):
        self._ensure_execution()
        self._cursor_wrapper.fill_cache()
        return super().__iter__()


class Model(pw.Model):
    class Meta:
        database = db
        only_save_dirty = True
        legacy_table_names = False

    @classmethod
    def select(cls, *fields):
        return Select(cls, fields or cls._meta.sorted_fields, is_default=not fields)

    def move(self, *allowed, to, **changes):
        """Change the state if it is one of `allowed`, in one conditional UPDATE; refused
        otherwise."""
        cls = type(self)
        hit = (
            cls.update(state=to, **changes)
            .where(cls._meta.primary_key == self.get_id(), cls.state.in_(allowed))
            .execute()
        )
        if not hit:
            raise Refused("state_changed", now=cls.get_by_id(self.get_id()).state)
        self.__data__.update(
            {
                "state": to,
                **{k: v.get_id() if isinstance(v, pw.Model) else v for k, v in changes.items()},
            }
        )
        for key, value in changes.items():
            if isinstance(value, pw.Model):
                self.__rel__[key] = value

    @classmethod
    def page(cls, query, keys, after=None, size=50):
        """Keyset page of `query` by `keys` [(expression, 'asc'|'desc')], rows strictly behind
        `after`."""
        if after:
            behind = None
            for i, (expr, way) in enumerate(keys):
                step = (expr > after[i]) if way == "asc" else (expr < after[i])
                for (same, _), value in zip(keys[:i], after, strict=False):
                    step = (same == value) & step
                behind = step if behind is None else behind | step
            first, way = keys[0]  # said once more as a plain bound, which an index can begin at
            query = query.where(
                (first >= after[0]) if way == "asc" else (first <= after[0]), behind
            )
        order = [e.asc() if way == "asc" else e.desc() for e, way in keys]
        return list(query.order_by(*order).limit(size + 1))
