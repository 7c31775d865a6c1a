"""Values of cells: numbers, percents and days as people in China, Europe and America write them."""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from models.core.errors import Refused, refuse
from models.core.mail_address import MAIL

FLOAT_ERROR = Decimal("0.000001")
SIGNS = "¥￥$€£ 元%"
YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")
WITHOUT_SEPARATORS = re.compile(r"(19|20)(\d\d)(\d\d)(\d\d)")
YES, NO = (
    {"1", "yes", "y", "true", "是", "有", "active", "启用"},
    {"0", "no", "n", "false", "否", "无", "inactive", "停用"},
)


def text(cell, most=250):
    """Printable text on one line, at most so many characters."""
    value = " ".join(cell.split())
    len(value) <= most or refuse("cell_too_long", most=most)
    if any(unicodedata.category(c) == "Cc" for c in value):
        refuse("cell_unprintable")
    return value


def number(cell, scale, least=None, most=10**14):
    """An int of 1/10**scale. The rounding error of a binary float is dropped; too many decimal
    places are refused."""
    digits = unicodedata.normalize("NFKC", cell).strip(SIGNS).strip()
    minus = digits.startswith("(") and digits.endswith(")")
    digits = digits.strip("()").replace(" ", "").replace("'", "")
    try:
        re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d{1,2})?", digits) or refuse(
            "cell_no_number"
        )
        exact = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        refuse("cell_no_number")
    abs(exact) < 10**15 or refuse("cell_out_of_range")
    rounded = exact.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
    abs(rounded - exact) <= FLOAT_ERROR or refuse("cell_too_exact", places=scale)
    value = int(rounded.scaleb(scale)) * (-1 if minus else 1)
    (least is None or value >= least) and value <= most or refuse("cell_out_of_range")
    return value


def integer(cell, least, most):
    return number(cell, 0, least, most)


def flag(cell):
    low = cell.strip().lower()
    low in YES | NO or refuse("cell_no_yes")
    return low in YES


def mail(cell):
    MAIL.fullmatch(cell) or refuse("cell_no_mail")
    return text(cell).lower()


def fractions(cells):
    """True when a column of discounts writes 20 % as 0.2: no percent sign and nothing above 1."""
    values = []
    for cell in filter(None, cells):
        if "%" in cell:
            return False
        try:
            values.append(number(cell, 6))
        except Refused:
            continue
    return bool(values) and max(values) <= 10**6 and any(0 < v < 10**6 for v in values)


def percent(cell, as_fraction=False):
    """Basis points."""
    return number(cell, 4 if as_fraction else 2, 0, 10**4)


def day_order(cells):
    """ "mdy" or "dmy" where a column of days with the year last shows it, "" without such days,
    None where a person must say it."""
    found = [YEAR_LAST.fullmatch(c) for c in cells if c]
    found = [(int(m[1]), int(m[2])) for m in found if m]
    if not found:
        return ""
    if any(b > 12 for _, b in found):
        return "mdy"
    return "dmy" if any(a > 12 for a, _ in found) or all("." in c for c in cells if c) else None


def day(cell, order=""):
    """A date; where the year is last, `order` says whether month or day is first."""
    for pattern, parts in (
        (YEAR_FIRST, (1, 2, 3)),
        (YEAR_LAST, (3, 2, 1) if order == "dmy" else (3, 1, 2)),
        (WITHOUT_SEPARATORS, None),
    ):
        m = pattern.fullmatch(cell)
        if m:
            if pattern is YEAR_LAST and order not in ("mdy", "dmy"):
                refuse("cell_day_unclear")
            year, month, date = (
                [int(m[p]) for p in parts] if parts else (int(m[1] + m[2]), int(m[3]), int(m[4]))
            )
            try:
                found = dt.date(year, month, date)
            except ValueError:
                refuse("cell_no_day")
            1900 <= year <= 2100 or refuse("cell_no_day")
            return found
    refuse("cell_no_day")
