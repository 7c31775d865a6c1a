"""How a text is compared and taken apart; the same for what is indexed and for what is asked."""

import functools
import re
import unicodedata

from models.adapters.chinese import Style, lazy_pinyin

# The Chinese signs that SQLite's tokenizer `unicode61` takes for letters.
CHINESE = re.compile("[\u3400-\u4db5\u4e00-\u9fcc\U00020000-\U0002a6d6]+")
GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
MOST_TEXT, MOST_WORDS = 400_000, 12


def plain(text):
    """Text as it is compared: one width, lower case, a number without its commas. A plain text
    stays as it is."""
    text = unicodedata.normalize("NFKC", str(text or "")).replace("\0", "").lower()
    return GROUPED.sub("", text)[:MOST_TEXT]


def words(text):
    """What is looked for, word by word."""
    return plain(text).split()[:MOST_WORDS]


def lines(texts):
    """What is indexed of a row: a line for each of its texts that says something new."""
    found = (" ".join(plain(text).split()) for text in texts)
    return "\n".join(dict.fromkeys(line for line in found if line))


def pairs(run):
    """華信貿易 as 華信 信貿 貿易, for words of two signs that a trigram cannot find."""
    return [run[i : i + 2] for i in range(len(run) - 1)]


@functools.lru_cache(maxsize=20_000)
def pinyin(name):
    """A Chinese name as it is typed in Latin letters, by initials and in full: hxsm,
    huaxinshangmao; else nothing."""
    if not CHINESE.search(name or ""):
        return []
    return [
        "".join(lazy_pinyin(name, style=style)).lower()
        for style in (Style.FIRST_LETTER, Style.NORMAL)
    ]
