"""Currencies as cells name them: by code, sign, word or ISO's number."""

import re
import unicodedata

WORDS = {
    "CNY": "人民币 人民币元 人民幣 RMB CNH 156",
    "USD": "美元 美金 US$ 840",
    "EUR": "欧元 歐元 € EURO 978",
    "GBP": "英镑 英鎊 £ 826",
    "HKD": "港币 港元 港幣 HK$ 344",
    "JPY": "日元 日圆 日圓 円 JP¥ 392",
}
# What several currencies have; alone it is the first.
SHARED = {"元": ("CNY", "HKD"), "圆": ("CNY",), "$": ("USD", "HKD")}
SHARED |= dict.fromkeys("¥￥", ("CNY", "JPY"))
# {name: the codes that it can mean}
POSSIBLE = {w: (code,) for code, words in WORDS.items() for w in (code, *words.split())} | SHARED


def currency(cell):
    """The code; what is no name of a currency that we know comes back as it is, in capitals."""
    text = " ".join(unicodedata.normalize("NFKC", cell).upper().split())
    without = re.sub(r"[(\[].*", "", text).strip()
    codes = POSSIBLE.get(text) or POSSIBLE.get(without)
    return codes[0] if codes else text
