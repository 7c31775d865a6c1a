"""The time: UTC in the database, business dates in the firm's zone."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_moment = ContextVar("moment", default=None)
_zone = ContextVar("zone", default="")
_of_firm = {"read": lambda: "Asia/Shanghai"}


def now():
    """The moment in UTC, without zone, as stored."""
    return _moment.get() or dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)


def zone():
    """The firm's time zone, as it stood when this request or job began; in a thread beside them, as
    it stands now."""
    return ZoneInfo(_zone.get() or _of_firm["read"]())


def set_zone(name):
    """Use this zone for business dates in this request or job. Never for the whole process: another
    one, or another host, may change it."""
    ZoneInfo(name)
    _zone.set(name)


def zone_from(read):
    """Ask `read` for the name of the firm's zone where none was set."""
    _of_firm["read"] = read


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
