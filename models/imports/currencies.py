"""Currencies as files name them: in a column of their own, beside a number, or in a head."""

import re
import unicodedata

from models.adapters import cells
from models.adapters.cells.currencies import POSSIBLE
from models.core.errors import Refused

# Beside a number, where ISO's numbers of currencies are none.
NAMES = sorted((name for name in POSSIBLE if not name.isdigit()), key=len, reverse=True)
NAMED = re.compile("|".join(map(re.escape, NAMES)), re.I)
# What a head says about the numbers below it: 金额(万元), 单价/元, Amount (USD), Amount in EUR.
MEASURE = re.compile(
    r"[（(\[【]([^（()）\[\]【】]+)[）)\]】]\s*$|[/／]\s*([^/／\s]+)$|\s([A-Z]{3})$"
)
TENS = {"万": 4, "千元": 3, "百万": 6, "亿": 8}


def currency_of(text):
    """The code: CNY, 人民币 and 人民币(CNY) are the same."""
    text = cells.text(unicodedata.normalize("NFKC", text)).upper()
    allowed = [POSSIBLE[word.upper()] for word in NAMED.findall(text)]
    rest = re.sub(r"[\s()/.-]+", "", NAMED.sub("", text))
    first = allowed[0][0] if allowed else ""
    if not first or rest or any(first not in codes for codes in allowed):
        raise Refused("cell_unknown")
    return first


def named_beside(text):
    """The currencies that a number's sign or word can mean; () where it has none."""
    if not text or text[0].isdigit() and text[-1].isdigit():
        return ()
    found = NAMED.search(text)
    return POSSIBLE[found[0].upper()] if found else ()


def measure(head):
    """What stands behind a head in brackets or behind a stroke, as 元, 万元 or USD; else ""."""
    match = MEASURE.search(head)
    return next(filter(None, match.groups()), "").strip() if match else ""


def tens(head):
    """The power of ten in which the numbers below a head are counted: 4 for 金额(万元)."""
    found = measure(head)
    return next((power for word, power in TENS.items() if found.startswith(word)), 0)
