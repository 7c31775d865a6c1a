"""Days as people write them: year first or last, in Chinese, with a month's name, or as Excel
counts."""

import datetime as dt
import re
import unicodedata

from models.core.clock import now
from models.core.errors import refuse

TIME = re.compile(
    r"(?:[T ]\s*|(?<=日)\s*|\s+)(?:上午|下午|am|pm)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:[.,]\d+)?)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d\d:?\d\d)?$",
    re.I,
)
WEEKDAY = re.compile(
    r"[(（]?(?:星期|周)[一二三四五六日天][)）]?|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.I
)
YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})[日号]?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})")
SHORT_CHINESE = re.compile(r"(\d{2})年(\d{1,2})月(\d{1,2})[日号]?")
PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{6})?(?:[T ]\d{2,6})?")
SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?")
SERIAL_FROM = dt.date(1899, 12, 30)
CHINESE = re.compile(r"[〇○零一二两三四五六七八九十廿卅年月日元]+")
MONTHS = {
    name: number
    for number, names in enumerate(
        "jan januar janvier ene|feb februar fevrier|mar mär mars maerz|apr avr abr|may mai|jun juin"
        "|jul juil|aug aout ago|sep sept set|oct okt out|nov|dec dez dic".split("|"),
        1,
    )
    for name in names.split()
}
NAMED = (
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-. /]*(?P<m>[a-zäéû]{3,9})[-., /]*(?P<y>\d{4}|\d{2})", re.I
    ),
    re.compile(
        r"(?P<m>[a-zäéû]{3,9})[-. /]*(?P<d>\d{1,2})(?:st|nd|rd|th)?[-, /]+(?P<y>\d{4}|\d{2})", re.I
    ),
    re.compile(r"(?P<y>\d{4})[-. /]*(?P<m>[a-zäéû]{3,9})[-. /]*(?P<d>\d{1,2})", re.I),
)
ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}


def day(cell, order=""):
    """A date; where its order is not plain, `order` says which part is first."""
    text = bare(cell)
    if match := YEAR_FIRST.fullmatch(text) or PACKED.fullmatch(text):
        return _date(*map(int, match.groups()[:3]))
    if parts := _three(text):
        possible = _orders(parts)
        order = order or (next(iter(possible)) if len(possible) == 1 else "")
        order in possible or refuse("cell_no_day" if order or not possible else "cell_day_unclear")
        year, month, date = (int(parts[i]) for i in ORDERS[order])
        return _date(_full_year(year), month, date)
    if match := SHORT_CHINESE.fullmatch(text):
        return _date(_full_year(int(match[1])), int(match[2]), int(match[3]))
    if SERIAL.fullmatch(text):
        return SERIAL_FROM + dt.timedelta(int(text[:5]))
    if CHINESE.fullmatch(text):
        return _chinese(text)
    return _named(text)


def is_serial(cell):
    """Whether the cell counts days as Excel does."""
    return bool(SERIAL.fullmatch(cell))


def bare(cell):
    """Without time and day of the week, in plain digits."""
    cell = cell if cell.isascii() else unicodedata.normalize("NFKC", cell)
    text = WEEKDAY.sub("", cell).strip() if not cell[:1].isdigit() or len(cell) > 10 else cell
    return TIME.sub("", text).strip() if len(text) > 8 else text


def possible_orders(cell):
    """The orders of year, month and day that fit a cell; None where nothing needs to be known."""
    parts = _three(bare(cell))
    return _orders(parts) if parts else None


def day_order(cells):
    """(order, odd cell): "mdy", "dmy" or "ymd" where the column of days shows it, "" where no cell
    needs it, None where a person must say it. The odd cell is one that contradicts the others."""
    asked = {
        cell: orders for cell in cells if cell and (orders := possible_orders(cell)) is not None
    }
    if not asked:
        return "", ""
    common = {"mdy", "dmy", "ymd"}.intersection(*asked.values())
    if len(common) == 1:
        return common.pop(), ""
    if common:
        points = "dmy" in common and "ymd" not in common and all("." in cell for cell in asked)
        return ("dmy" if points else None), ""
    support = {o: sum(o in orders for orders in asked.values()) for o in ORDERS}
    ranked = sorted(support, key=support.get, reverse=True)
    odd = next((cell for cell, orders in asked.items() if orders and ranked[0] not in orders), "")
    if support[ranked[0]] > support[ranked[1]]:
        return ranked[0], odd
    return None, odd


def _three(text):
    match = YEAR_LAST.fullmatch(text) or SHORT.fullmatch(text)
    return match and match.groups()


def _orders(parts):
    first, second, last = map(int, parts)
    ends_in_year = len(parts[2]) in (2, 4)
    fits = {
        "dmy": ends_in_year and 0 < first <= 31 and 0 < second <= 12,
        "mdy": ends_in_year and 0 < first <= 12 and 0 < second <= 31,
        "ymd": len(parts[0]) == 2 and 0 < second <= 12 and 0 < last <= 31,
    }
    return {order for order, fit in fits.items() if fit}


def _full_year(year):
    if year >= 100:
        return year
    return year + (2000 if year <= (now().year + 10) % 100 else 1900)


def _date(year, month, date):
    1900 <= year <= 2100 or refuse("cell_no_day")
    try:
        return dt.date(year, month, date)
    except ValueError:
        refuse("cell_no_day")


def _chinese(text):
    match = re.fullmatch(r"(.{2}|.{4})年(.{1,2})月([^日]{1,3})日?", text)
    match or refuse("cell_no_day")
    digits = "".join(str("零一二三四五六七八九".find(_digit(c))) for c in match[1])
    digits.isdigit() or refuse("cell_no_day")
    year = int(digits)
    return _date(_full_year(year), _counted(match[2]), _counted(match[3]))


def _digit(c):
    return {"〇": "零", "○": "零", "两": "二"}.get(c, c)


def _counted(text):
    """十二 is 12, 廿一 is 21, 三十 is 30."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十") if "十" in text else ("", "", text)
    value = {"": 1}.get(tens, "零一二三四五六七八九".find(_digit(tens))) * 10 if ten else 0
    value += "零一二三四五六七八九".find(_digit(ones)) if ones else 0
    value > 0 or refuse("cell_no_day")
    return value


def _named(text):
    text = re.sub(r"\bde\b", " ", text)
    for pattern in NAMED:
        match = pattern.fullmatch(text)
        if match:
            name = match["m"].lower().replace("é", "e").replace("û", "u")
            month = MONTHS.get(name) or MONTHS.get(name[:4]) or MONTHS.get(name[:3])
            month or refuse("cell_no_day")
            year = int(match["y"])
            return _date(_full_year(year), month, int(match["d"]))
    refuse("cell_no_day")
