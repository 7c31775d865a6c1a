"""Numbers as people in China, Europe and America write them."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from models.adapters.cells.currencies import POSSIBLE
from models.core.errors import refuse

FLOAT_ERROR = Decimal("0.000001")
NOISE = Decimal("1E-9")  # what a binary float has behind the ninth place is no digit of anybody's
# Words for "no number yet" in a column of numbers.
NONE = {"面议", "待定", "询价", "暂无", "无", "n/a", "na", "-", "--", "—", "/", "tbd", "on request"}
WORDS = sorted((w for w in (*POSSIBLE, "CHF") if not w.isdigit()), key=len, reverse=True)
CURRENCY = re.compile("|".join(map(re.escape, WORDS)), re.I)
TIMES = {"万": 4, "萬": 4, "亿": 8, "億": 8, "千": 3}
BODY = re.compile(r"[\d.,'’ ]*\d[\d.,'’ ]*")
SHAPES = {
    ".": re.compile(
        r"(\d{1,3}(?:([,'’ ])\d{3})(?:\2\d{3})*|\d{1,2}(?:,\d\d)*,\d{3}|\d+)?(?:\.(\d*))?"
    ),
    ",": re.compile(r"(\d{1,3}(?:([.'’ ])\d{3})(?:\2\d{3})*|\d+)?(?:,(\d*))?"),
}
PLAIN = re.compile(r"-?\d+(\.\d+)?")
POWER = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d{1,2}")
MINUS = "-−–"


def number(cell, scale, least=None, most=10**14, decimal="."):
    """An int of 1/10**scale. The rounding error of a binary float is dropped; too many decimal
    places are refused."""
    return scaled(plain(cell, decimal), scale, least, most)


def plain(cell, decimal="."):
    """The Decimal. Refused with a unit behind it."""
    exact, unit = split(cell, decimal)
    unit and refuse("cell_no_number")
    return exact


def scaled(exact, scale, least=None, most=10**14):
    """The int of 1/10**scale that the Decimal is. Refused where it has more places."""
    value = rounded(exact, scale, least, most)
    abs(Decimal(value).scaleb(-scale) - exact) <= FLOAT_ERROR or refuse(
        "cell_too_exact", places=scale
    )
    return value


def rounded(exact, scale, least=None, most=10**14):
    """The nearest int of 1/10**scale, halves away from zero: 1.2349999999999 is such a half."""
    abs(exact) < 10**15 or refuse("cell_out_of_range")
    exact = exact.quantize(NOISE, rounding=ROUND_HALF_UP)
    value = int(exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP).scaleb(scale))
    (least is None or value >= least) and value <= most or refuse("cell_out_of_range")
    return value


def integer(cell, least, most):
    return number(cell, 0, least, most)


def is_none(cell):
    """Whether the cell says in words that there is no number."""
    return cell.strip().lower() in NONE


def split(cell, decimal="."):
    """(Decimal, unit) of a number that may have a currency, a sign before or behind, brackets for
    less than nothing, 万 or 亿, and a unit behind it."""
    if PLAIN.fullmatch(cell) and (decimal == "." or "." not in cell):
        return Decimal(cell), ""
    if any(unicodedata.category(c) == "No" for c in cell):  # NFKC would read 10² as 102
        refuse("cell_no_number")
    text = CURRENCY.sub(" ", unicodedata.normalize("NFKC", cell)).strip()
    if decimal == "." and POWER.fullmatch(text):
        return Decimal(text), ""
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()").strip() if negative else text
    if text[:1] in MINUS or text[:1] == "+":
        negative, text = negative ^ (text[:1] != "+" and bool(text)), text[1:].strip()
    body = BODY.match(text)
    body or refuse("cell_no_number")
    digits, rest = body[0].strip(), text[body.end() :].strip()
    if rest[:1] and rest[0] in MINUS and not rest[1:].strip():
        negative, rest = not negative, ""
    power = TIMES.get(rest[:1], 0)
    rest = rest[1:].strip() if power else rest
    exact = _decimal(digits, decimal).scaleb(power)
    return -exact if negative else exact, rest


def _decimal(digits, decimal):
    match = SHAPES[decimal].fullmatch(digits)
    match and any(c.isdigit() for c in digits) or refuse("cell_no_number")
    whole = re.sub(r"\D", "", match[1] or "0")
    try:
        return Decimal(f"{whole}.{match[3]}" if match[3] else whole)
    except InvalidOperation:
        refuse("cell_no_number")


def unit(cell, decimal="."):
    """The unit behind a number, "" where there is none: 10箱 has 箱."""
    found = split(cell, decimal)[1].strip(" /")
    len(found) <= 20 and not any(c.isdigit() for c in found) or refuse("cell_no_number")
    return found


def habit(cells):
    """The decimal sign of a column: "." or ",", "" where no cell has a sign, None where both
    readings fit every cell, as 1.234 and 1,234 do."""
    votes, unclear = signs(cells)
    if votes["."] != votes[","]:
        return max(votes, key=votes.get)
    return None if unclear or votes["."] else ""


def signs(cells):
    """({sign: how many cells show that it is the decimal one}, whether a cell fits both)."""
    votes, unclear = {".": 0, ",": 0}, False
    for cell in cells:
        sign = _sign_of(cell)
        if sign is None:
            unclear = True
        elif sign:
            votes[sign] += 1
    return votes, unclear


def _sign_of(cell):
    """What one cell says about the decimal sign of its column."""
    if cell.isdigit():
        return ""
    if "，" in cell:  # nobody writes decimals behind a full-width comma
        return "."
    body = BODY.search(unicodedata.normalize("NFKC", cell))
    digits = body[0].strip(" '’") if body else ""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = "." if digits.rindex(".") > digits.rindex(",") else ","
        return last if digits.count(last) == 1 else ""
    if not points and not commas:
        return ""
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    before, _, after = digits.partition(sign)
    if len(after) != 3 or not before or before[0] == "0" or len(before) > 3:
        return sign
    return None
