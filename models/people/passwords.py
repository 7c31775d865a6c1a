"""Which passwords are too easy to guess: the most common ones, and those made of obvious words, of
names, of years and of keys that lie side by side."""

import functools
import itertools
import re
import unicodedata
from pathlib import Path

from models.adapters.chinese import lazy_pinyin

# Shared by the accounts of the demo firm and shown on its sign-in page; refused for other firms.
DEMO = "danju demo 2026"
LEAST_REST = 7  # characters that must be left when all that anyone would guess is taken away
# The keys in the orders in which fingers walk over them; also backwards, from any key to any later.
WALKS = (
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1qazxsw23edcvfr45tgbnhy67ujm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "qawsedrftgyhujikolp",
    "azsxdcfvgbhnjmkl",
    "qweasdzxc123qwe123asd123zxc123",
    "qweasdzxcqweqwe",
    "123123123321321321",
    "abc123abc",
    "aabbccddeeff",
    "112233445566778899",
    "147258369",
    "159357",
    "13579",
    "24680",
)
LEAST_WALK = 4
KEYS = str.maketrans("!@#$%^&*()", "1234567890")  # what the digits are when shifted
# What stands for a letter that it looks like; 1 and ! stand for two.
LOOKS = [str.maketrans("@430$5781!|", f"aaeosstb{one * 3}") for one in "il"]
DAY = re.compile(r"(19|20)\d\d((0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))?")
MOBILE = re.compile(r"1[3-9]\d{9}")
# The commonest names of China, by sound: a surname and one or two signs, or the other way round.
SURNAMES = """wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo
liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv su lu jiang
cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan liao zou xiong jin
hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei qian yin""".split()
SIGNS = """wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xiu ying hua
gang ping hui hong yu xin bo bin jian guo zhi hao ting xue lin peng fei dan kai rui chen mei xia
long yi ning ling dong cheng wen feng liang hai qing yuan lan kun xiang zi han yue xuan jia zhe yun
shan bing rong bao cui zhen zhong le guang""".split()
_GIVEN = f"(?:{'|'.join(SIGNS)}){{1,2}}"
_SURNAME = f"(?:{'|'.join(SURNAMES)})"
CHINESE_NAME = re.compile(f"(?<![a-z])(?:{_SURNAME}{_GIVEN}|{_GIVEN}{_SURNAME})(?![a-z])")


def _lines(name):
    return frozenset(Path(__file__).with_name(name).read_text("utf-8").split("\n")) - {""}


@functools.cache
def common():
    """The 5000 most common leaked passwords of 12 characters or more (SecLists, from the top ten
    million), in lower case."""
    return _lines("common_passwords.txt")


@functools.cache
def obvious():
    """Words that anyone would try; longer ones first."""
    return sorted(_lines("common_words.txt"), key=len, reverse=True)


@functools.cache
def _walks():
    """Every stretch of a walk, in one pattern that prefers the longer."""
    found = set()
    for line in (*WALKS, *(walk[::-1] for walk in WALKS)):
        for begin, end in itertools.combinations(range(len(line) + 1), 2):
            if end - begin >= LEAST_WALK:
                found.add(line[begin:end])
    return re.compile("|".join(sorted(found, key=len, reverse=True)))


def easy(password, *known):
    """True for a common password, for one with fewer than five different characters, and for one
    that is little more than what anyone would guess: obvious words, names and dates, keys side by
    side, and what is in `known` (names, mail addresses, the firm's name), however it is spelled."""
    text = unicodedata.normalize("NFKC", password).lower()
    if len(set(text)) < 5 or text in common() or _letters(text) in common():
        return True
    words = sorted(_words(known), key=len, reverse=True) + obvious()
    rest = _without(text, words)
    readings = [text, text.translate(KEYS), rest, *(rest.translate(looks) for looks in LOOKS)]
    return any(len(_once(_without(_letters(reading), words))) < LEAST_REST for reading in readings)


def _letters(text):
    """The text without blanks and marks; pictures count as letters."""
    return "".join(c for c in text if c.isalnum() or unicodedata.category(c) == "So")


def _without(text, words):
    """What is left of the text without the words and without what is no better than one."""
    for word in words:
        text = text.replace(word, "")
    for pattern in (MOBILE, DAY, _walks(), CHINESE_NAME):
        text = pattern.sub("", text)
    return text


def _once(text):
    """The text, or the part of it that it only repeats."""
    return re.sub(r"^(.+?)\1+$", r"\1", text)


def _words(texts):
    """The parts of names and addresses that are long enough to count: three letters, or two Chinese
    characters; of Chinese ones also how they sound."""
    found = set()
    for part in {part for text in texts for part in re.split(r"[\W_]+", (text or "").lower())}:
        if max(part, default="") > "\u2fff":
            found |= _spoken(part)
        elif len(part) >= 3:
            found.add(part)
    return found


def _spoken(name):
    """Each stretch of a Chinese name, as it is written and in pinyin; all of it also by initials,
    and with the surname last."""
    sounds = lazy_pinyin(name, errors=list)  # a letter or digit sounds as itself
    found = {"".join(sounds[1:] + sounds[:1]), "".join(sound[:1] for sound in sounds)}
    for begin, end in itertools.combinations(range(len(name) + 1), 2):
        if end - begin >= 2:
            found |= {name[begin:end], "".join(sounds[begin:end])}
    return {word for word in found if len(word) >= (2 if max(word) > "\u2fff" else 4)}
