"""Discounts: 8折, 九五折, 85% and 0.85, which say what is paid or what is taken off."""

import re
from decimal import Decimal

from models.adapters.cells import numbers
from models.core.errors import Refused, refuse

PAID = re.compile(r"(\d+(?:\.\d+)?|[一二三四五六七八九零点]{1,3})折")
DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"点": "."}
NONE = {"无", "原价", "全价", "不打折", "无折扣", "none"}
FULL = 10_000


def rate_of(cell, whole, decimal="."):
    """(basis points, whether it is certainly what is paid or taken off): "paid", "off", or "" for
    85%, 0.85 and 15. `whole` says that bare numbers are parts of 1."""
    text = cell.strip().lower().replace("％", "%")
    if text in NONE:
        return 0, "off"
    if match := PAID.fullmatch(text):
        return _paid(match[1]), "paid"
    how = "off" if text.endswith("off") or text[:1] in "-−" else ""
    text = text.removesuffix("off").lstrip("-−").strip()
    is_percent = text.endswith("%")
    numbers.CURRENCY.search(text) and refuse("discount_is_money")
    exact = numbers.split(text.rstrip("%").strip(), decimal)[0]
    points = exact * (100 if is_percent or not whole else FULL)
    0 <= points <= FULL or refuse("cell_out_of_range")
    return numbers.rounded(points, 0), how


def _paid(digits):
    """8, 8.5, 85 and 八五 of 折: the part of ten, or of a hundred, that is paid."""
    value = Decimal("".join(DIGITS.get(c, c) for c in digits))
    points = value * (1000 if value < 10 else 100)
    0 < points <= FULL or refuse("cell_no_number")
    return int(points)


def percent(cell, whole, habit, decimal="."):
    """Basis points that are taken off."""
    points, how = rate_of(cell, whole, decimal)
    return FULL - points if (how or habit) == "paid" else points


def are_parts(cells):
    """True when a column writes 20 % as 0.2: nothing bare above 1, and something below."""
    values = []
    for cell in cells:
        try:
            if "%" not in cell and "折" not in cell:
                values.append(numbers.split(cell)[0])
        except Refused:
            continue
    return bool(values) and max(values) <= 1 and any(0 < v < 1 for v in values)


def habit(cells, head, whole, decimal="."):
    """ "paid" or "off" where the column itself shows it, "" where nothing needs it, else None."""
    rates = set()
    for cell in cells:
        try:
            points, how = rate_of(cell, whole, decimal)
        except Refused:
            continue
        if not how:
            rates.add(points)
    if not rates:
        return ""
    if 0 in rates and FULL not in rates:
        return "off"  # nothing is ever paid for 0
    chinese = any(c > "\u2e80" for c in head)
    return "off" if not chinese and max(rates) <= FULL // 2 else None
