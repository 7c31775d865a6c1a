"""Currencies as cells name them: by code, sign, word or ISO's number."""

import re
import unicodedata

WORDS = {
    "CNY": "人民币 人民币元 元 圆 RMB CNH ¥ 156",
    "USD": "美元 美金 US$ $ 840",
    "EUR": "欧元 € EURO 978",
    "GBP": "英镑 英鎊 £ 826",
    "HKD": "港币 港元 港幣 HK$ 344",
    "JPY": "日元 日圆 日圓 円 JP¥ 392",
}
CODE_OF = {word: code for code, words in WORDS.items() for word in (code, *words.split())}


def currency(cell):
    """The code; what is no name of a currency that we know comes back as it is, in capitals."""
    text = " ".join(unicodedata.normalize("NFKC", cell).upper().split())
    without = re.sub(r"[(\[].*", "", text).strip()
    return CODE_OF.get(text) or CODE_OF.get(without) or text
