"""The text of one cell as a person would have typed it."""

import datetime as dt
import re

from models.adapters.tables.table import MOST_CELL

EMPTY = {"NULL", "null", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"}
INVISIBLE = re.compile("[\u200b\u2060\ufeff\u200e\u200f]")
QUOTED = re.compile(r'="([^"]*)"')


def clean(text):
    """Without what Excel adds to keep zeros (="00123", '00124) and what nobody sees."""
    text = text.strip()
    if not text:
        return ""
    if text[0] == "=" and (match := QUOTED.fullmatch(text)):
        text = match[1].strip()
    elif text[0] == "'" and text[1:2] in "0123456789+-=@＋－＝＠" and len(text) > 1:
        text = text[1:]
    if not text.isascii():
        text = INVISIBLE.sub("", text).replace("\xa0", " ").strip()
    return text[:MOST_CELL]


def text_of(value):
    """A workbook's value; 15 digits hide the rounding error of a binary float, and beyond them
    the digits are lost, which the power of ten shows."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}" if abs(value) < 1e15 else str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)
