"""Amounts as people write them and as they are stored: integers of the minor unit, never a
float."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NO_CENTS = {"JPY", "KRW", "VND"}
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
MOST = 10**15
SHAPE = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")


def digits(currency):
    """Decimal places of the currency (ISO 4217)."""
    return 0 if currency in NO_CENTS else 2


def round_half_up(value):
    """A Decimal rounded to the nearest int, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def half_up(value, unit):
    """The int nearest to value / unit, halves away from zero; both are ints, `unit` positive."""
    return (abs(value) * 2 + unit) // (2 * unit) * (1 if value >= 0 else -1)


def parse_scaled(text, scale):
    """ "1,234.5" as an int of 1/10**scale. ValueError when it is no number, too large, or has
    too many decimal places."""
    if any(unicodedata.category(c) == "No" for c in str(text)):  # NFKC would read 10² as 102
        raise ValueError(text)
    text = unicodedata.normalize("NFKC", str(text)).strip().replace(" ", "")
    if not text or not SHAPE.fullmatch(text) or not any(c.isdigit() for c in text):
        raise ValueError(text)
    try:
        value = Decimal(text.replace(",", "")).scaleb(scale)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if value != value.to_integral_value() or abs(value) > MOST:
        raise ValueError(text)
    return int(value)


def parse_money(text, currency):
    """ "1,234.50" in minor units of the currency."""
    return parse_scaled(text, digits(currency))


def format_scaled(value, scale):
    """The shortest decimal text: 25000 at scale 4 is "2.5"."""
    value = int(value)
    whole, part = divmod(abs(value), 10**scale)
    text = f"{whole}.{part:0{scale}}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if value < 0 else text


def format_price(value, currency):
    """A unit price (1/10000 of the major unit) with at least the currency's decimal places:
    "31.00", "0.0125"."""
    text, places = format_scaled(value, 4), digits(currency)
    major, _, minor = text.partition(".")
    return major + ("." + minor.ljust(places, "0") if places or minor else "")


def format_money(value, currency):
    """ "1,234.50": grouped, with the currency's decimal places, without its sign."""
    places = digits(currency)
    return f"{Decimal(value).scaleb(-places):,.{places}f}"
