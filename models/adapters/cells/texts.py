"""Cells of text, of yes or no, and of mail addresses."""

import unicodedata

from models.core.errors import refuse
from models.core.mail_address import MAIL

YES, NO = (
    {"1", "yes", "y", "true", "是", "有", "active", "启用", "正常", "上架", "在售"},
    {"0", "no", "n", "false", "否", "无", "inactive", "停用", "禁用", "下架", "停售", "停产"},
)
# Letters, digits and signs as wide as Chinese ones.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def text(cell, most=250):
    """Printable text on one line, at most so many characters."""
    value = " ".join(cell.split())
    len(value) <= most or refuse("cell_too_long", most=most)
    if "\ufffd" in value:
        refuse("cell_damaged")
    if not value.isprintable() and any(unicodedata.category(c) == "Cc" for c in value):
        refuse("cell_unprintable")
    return value


def flag(cell):
    low = cell.strip().lower()
    low in YES | NO or refuse("cell_no_yes")
    return low in YES


def mail(cell):
    MAIL.fullmatch(cell) or refuse("cell_no_mail")
    return text(cell).lower()


def identifier(cell, most=250, is_number=False):
    """What names something. Refused where a spreadsheet has rounded its digits away. `is_number`
    says that the whole column was made a number, so that 12.0 is 12."""
    value = text(cell, most)
    if not value.isascii():
        value = value.translate(WIDE)
    if value[:1].isdigit() and ("E+" in value or "e+" in value):
        mantissa, _, power = value.lower().partition("e+")
        lost = mantissa.replace(".", "", 1).isdigit() and power.isdigit()
        lost and refuse("cell_digits_lost")
    if ends_like_a_number(value) and (is_number or len(value) > 5):
        return value[:-2]
    return value


def ends_like_a_number(value):
    return value.endswith(".0") and value[:-2].isdigit()


def has_round_digits(value):
    """Whether a long number ends as those of which a spreadsheet kept fifteen digits."""
    return len(value) > 17 and value.isdigit() and not value[15:].strip("0")
