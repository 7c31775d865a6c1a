"""The time: UTC in the database, business dates in the firm's zone."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_moment = ContextVar("moment", default=None)


_zone = {"name": "Asia/Shanghai"}


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


def begin_of_day(day):
    """The UTC moment at which the day begins in the firm's zone."""
    begin = dt.datetime.combine(day, dt.time(), zone())
    return begin.astimezone(dt.timezone.utc).replace(tzinfo=None)


@contextmanager
def at(moment):
    """Stop the clock at `moment` (UTC) inside the block: for tests and the demo's past."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
