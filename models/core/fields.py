"""Field types: money, quantity, price and rate as integers; JSON in one canonical text."""

import datetime as dt
import json

import peewee as pw


class MoneyField(pw.BigIntegerField):
    """Minor units of the row's currency."""


class QuantityField(pw.BigIntegerField):
    """1/10000 of the unit."""


class PriceField(pw.BigIntegerField):
    """A unit price in 1/10000 of the currency's major unit: prices have more digits than money."""


class RateField(pw.IntegerField):
    """Basis points: 1300 is 13 %."""


def canonical(value):
    """JSON that is the same text for equal values, for storing and hashing."""
    return _encoder.encode(value)


def _json_value(value):
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, pw.Model):
        return value.get_id()
    raise TypeError(type(value).__name__)


_encoder = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_json_value
)


class JSONField(pw.TextField):
    """A Python value kept as canonical JSON text."""

    def db_value(self, value):
        return None if value is None else canonical(value)

    def python_value(self, value):
        try:
            return None if value is None else json.loads(value)
        except ValueError:
            # Changed by hand: it stays text, so that `flask verify` reports the row instead of
            # failing at it.
            return value
