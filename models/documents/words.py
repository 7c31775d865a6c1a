"""Amounts in words: Chinese capitals (支付结算办法, annex 1) and English."""

from models.core.money import digits

NUMERALS, UNITS, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")
ZH = {"CNY": "人民币", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元"}
EN = {
    "CNY": "Chinese yuan",
    "USD": "US dollars",
    "EUR": "euros",
    "GBP": "pounds sterling",
    "HKD": "Hong Kong dollars",
    "JPY": "Japanese yen",
}
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))


def in_words(amount, currency, language):
    """The amount (minor units) in words, as printed on a document."""
    return chinese(amount, currency) if language == "zh" else english(amount, currency)


def chinese(amount, currency="CNY"):
    """Such as 人民币壹仟肆佰零玖元伍角: 整 only after 元; 零 before 分 when there are 元 but no
    角."""
    head = ZH.get(currency, currency) + ("负" if amount < 0 else "")
    scale = 10 ** digits(currency)
    whole, part = divmod(abs(amount), scale)
    jiao, fen = divmod(part, 10) if scale == 100 else (0, 0)
    text = _chinese_integer(whole) + "元" if whole else ""
    if not jiao and not fen:
        return head + (text or "零元") + "整"
    if jiao:
        text += NUMERALS[jiao] + "角"
    elif whole:
        text += "零"
    return head + text + (NUMERALS[fen] + "分" if fen else "")


def _chinese_integer(n):
    text, groups = "", []
    while n:
        n, low = divmod(n, 10000)
        groups.append(low)
    zeros_skipped = False
    for i in range(len(groups) - 1, -1, -1):
        group = groups[i]
        if not group:
            zeros_skipped = True
            continue
        if text and (zeros_skipped or group < 1000):
            text += "零"
        carries = i == 3 and groups[2] == 0
        text += _chinese_group(group) + (GROUPS[i] if i < 3 else "万亿" if carries else "万")
        zeros_skipped = False
    return text


def _chinese_group(n):
    text, zeros_skipped = "", False
    for power in range(3, -1, -1):
        digit = n // 10**power % 10
        if digit:
            text += ("零" if zeros_skipped and text else "") + NUMERALS[digit] + UNITS[power]
            zeros_skipped = False
        else:
            zeros_skipped = True
    return text


def english(amount, currency="CNY"):
    """Such as: One thousand four hundred nine and 50/100 Chinese yuan."""
    scale = 10 ** digits(currency)
    whole, part = divmod(abs(amount), scale)
    text = ("minus " if amount < 0 else "") + _english_integer(whole)
    text += f" and {part:02d}/100" if scale == 100 else ""
    return text[0].upper() + text[1:] + " " + EN.get(currency, currency)


def _english_integer(n):
    if n < 20:
        return SMALL[n]
    if n < 100:
        return TENS[n // 10] + ("-" + SMALL[n % 10] if n % 10 else "")
    if n < 1000:
        return SMALL[n // 100] + " hundred" + (" " + _english_integer(n % 100) if n % 100 else "")
    for size, name in SCALES:
        if n >= size:
            return (
                _english_integer(n // size)
                + " "
                + name
                + (" " + _english_integer(n % size) if n % size else "")
            )
