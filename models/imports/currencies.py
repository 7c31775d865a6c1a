"""Currencies as files name them: in a column of their own, beside a number, or in a head."""

import re
import unicodedata

from models.adapters import cells
from models.core.errors import Refused

CURRENCIES = ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")
WORDS = {
    "CNY": "人民币元 人民币 RMB CNY CNH",
    "USD": "美元 美金 US$ USD",
    "EUR": "欧元 € EURO EUR",
    "GBP": "英镑 £ GBP",
    "HKD": "港币 港元 港幣 HK$ HKD",
    "JPY": "日元 日圆 日圓 JPY",
}
# Signs that several currencies have.
SHARED = {"元": ("CNY", "HKD"), "圆": ("CNY",), "￥": ("CNY", "JPY"), "¥": ("CNY", "JPY")}
SHARED |= {"$": ("USD", "HKD")}
ALLOWED = {word: (code,) for code, words in WORDS.items() for word in words.split()} | SHARED
NAMED = re.compile("|".join(re.escape(w) for w in sorted(ALLOWED, key=len, reverse=True)), re.I)
# What a head says about the numbers below it: 金额(万元), 单价/元, Amount (USD), Amount in EUR.
MEASURE = re.compile(
    r"[（(\[【]([^（()）\[\]【】]+)[）)\]】]\s*$|[/／]\s*([^/／\s]+)$|\s([A-Z]{3})$"
)
TENS = {"万": 4, "千元": 3, "百万": 6, "亿": 8}


def currency_of(text):
    """The code: CNY, 人民币 and 人民币(CNY) are the same."""
    text = cells.text(unicodedata.normalize("NFKC", text)).upper()
    allowed = [ALLOWED[word.upper()] for word in NAMED.findall(text)]
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
    return ALLOWED[found[0].upper()] if found else ()


def measure(head):
    """What stands behind a head in brackets or behind a stroke, as 元, 万元 or USD; else ""."""
    match = MEASURE.search(head)
    return next(filter(None, match.groups()), "").strip() if match else ""


def tens(head):
    """The power of ten in which the numbers below a head are counted: 4 for 金额(万元)."""
    found = measure(head)
    return next((power for word, power in TENS.items() if found.startswith(word)), 0)
