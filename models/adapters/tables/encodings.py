"""The encoding of a text by evidence: which one makes words of the bytes above 127."""

import codecs
import re
from itertools import islice

from models.adapters.tables.heads import plain
from models.adapters.tables.table import question
from models.core.errors import refuse

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a person may choose, and Python's name of it.
CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "cp1252": "cp1252",
    "cp850": "cp850",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "euc_kr": "cp949",
}
GUESSED = ("gb18030", "big5", "shift_jis", "cp1252", "cp850")
SHOWN_TOO = ("cp1250", "cp1251", "euc_kr")  # where none is certain; by their letters none is told
CERTAIN, LEAD = 0.25, 0.3
SEPARATED = re.compile(r"[,;\t|\r\n]")
# Chinese with nothing but these may be Korean: each of its bytes is a syllable there.
KOREAN = re.compile(rb"(?:[\x00-\x7f]|[\xb0-\xc8][\xa1-\xfe])*")
KOREAN_LEAST = 3
HIGH_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")
HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
HIGH_RUN = re.compile(r"[^\x00-\x7f]+")
BLOCK = 2**20


def _decoded(codec, first, last):
    """The two-byte characters of a block of rows of a code table."""
    pairs = (bytes((a, b)) for a in range(first[0], last[0] + 1) for b in range(0x40, 0xFF))
    return frozenset(
        "".join(
            pair.decode(codec, "ignore") for pair in pairs if bytes(first) <= pair <= bytes(last)
        )
    )


# The characters that a code table lists first, as they are the common ones.
COMMON = {
    "gb18030": frozenset(c for c in _decoded("gb2312", (0xB0, 0xA1), (0xD7, 0xF9)) if c > "\u3000"),
    "big5": _decoded("cp950", (0xA4, 0x40), (0xC6, 0x7E)),
    "shift_jis": _decoded("cp932", (0x82, 0x9F), (0x83, 0x96))
    | _decoded("cp932", (0x88, 0x9F), (0x98, 0x72)),
}
SIGNS = frozenset("，。、；：（）《》【】“”‘’·—…￥％＋－／　「」『』！？℃×①②③④⑤") | {
    chr(c) for c in range(0xFF01, 0xFF5F)
}
LETTERS = dict.fromkeys("üöäÜÖÄßéèêëàâçîïôûùñáíóúåæøÅÆØÉÑ", 1.0) | dict.fromkeys(
    "ÈÊËÀÂÇÎÏÔÛÙÁÍÓÚãõÃÕìòÌÒœŒšžŠŽýÿÝðþÐÞ", 0.6
)
WESTERN_SIGNS = frozenset("€£§°²³½¼«»–—‘’“”…•·®©™ºª¿¡µ×±\xa0¥")


def find(data, chosen="", words=()):
    """(name, questions, notes): a mark or valid UTF-8 is certain; among the others the one that
    makes the most common characters and words, above all `words`, the heads that the caller knows,
    and a question where two are near."""
    if chosen:
        chosen in CODECS or refuse("choice_unknown")
        return chosen, [], _lost(data, chosen)
    for mark, name in MARKS:
        if data.startswith(mark):
            return name, [], _lost(data, name)
    if b"\x00" in data[:4096]:
        return _wide(data), [], []
    if _valid(data, "utf-8"):
        return "utf-8", [], []
    lines = list(dict.fromkeys(m[0] for m in islice(HIGH_LINE.finditer(data), 3000)))
    if _mostly_utf8(b"\n".join(lines)):
        return "utf-8", [], _lost(data, "utf-8")
    sample = b"\n".join(line[:2000] for line in lines[:500])
    scores = {name: _score(decode(sample, name), name) for name in GUESSED}
    proved = {name for name in GUESSED if _has_words(data[:BLOCK], name, words)}
    if len(proved) == 1:
        return *proved, [], _lost(data, *proved)
    ranked = sorted(GUESSED, key=lambda name: -scores[name])
    best, second = (scores[name] for name in ranked[:2])
    asked = []
    if best < CERTAIN or best - second < LEAD or _may_be_korean(sample, ranked[0]):
        near = [name for name in ranked if scores[name] > best - 1][:4]
        near += [name for name in SHOWN_TOO if _valid(sample, CODECS[name])]
        shown = [line[:200] for line in lines[:3]]
        asked = [
            question(
                "encoding", ranked[0], [(n, [[decode(s, n).strip()] for s in shown]) for n in near]
            )
        ]
    return ranked[0], asked, _lost(data, ranked[0])


def _has_words(data, name, words):
    """Whether known heads with letters beyond ASCII stand in the first lines."""
    lines = data.split(b"\n", 41)[:40]
    cells = SEPARATED.split(decode(b"\n".join(line[:2000] for line in lines), name))
    return any(not cell.isascii() and plain(cell) in words for cell in cells)


def _may_be_korean(sample, name):
    return (
        name == "gb18030"
        and bool(KOREAN.fullmatch(sample))
        and len(set(HIGH_PAIR.findall(sample))) >= KOREAN_LEAST
    )


def text(data):
    """The text in the bytes, in the encoding that is most likely."""
    return decode(data, find(data)[0])


def decode(data, name):
    """The text, with U+FFFD for what is no letter in this encoding."""
    return data.decode(CODECS[name], "replace")


def _wide(data):
    """UTF-16 without a mark: every other byte of the blanks, signs and digits is zero."""
    zeros = [data[:4096][start::2].count(0) for start in (0, 1)]
    name = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    text = decode(data[: len(data[:4096]) // 2 * 2], name)
    odd = sum(c < " " and c not in "\r\n\t" or c == "\ufffd" for c in text)
    ("\n" in text or "\r" in text) and not odd or refuse("file_not_a_table")
    return name


def _valid(data, name):
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for start in range(0, len(data), BLOCK):
            decoder.decode(data[start : start + BLOCK])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(sample):
    """A text in UTF-8 with a few damaged letters."""
    text = sample.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return lost * 20 < sum(c > "\x7f" for c in text) - lost


def _lost(data, name):
    codec = CODECS[name]
    if _valid(data, codec):
        return []
    return [("letters_lost", {"count": max(1, data.decode(codec, "replace").count("\ufffd"))})]


def _score(text, name):
    """From -2 to 1 for each run of letters beyond ASCII: how much it looks like words."""
    marks = _han if name in COMMON else _western
    points, count = 0.0, 0
    for match in HIGH_RUN.finditer(text):
        start, end = match.span()
        around = text[max(0, start - 2) : start], text[end : end + 2]
        points += marks(match[0], around, name)
        count += len(match[0])
    return points / count if count else 0.0


def _han(run, around, name):
    common, points = COMMON[name], 0.0
    for c in run:
        points += 1 if c in common else 0.5 if c in SIGNS else -2 if c == "\ufffd" else -0.8
    lone = len(run) == 1 and around[0][-1:].isalpha() and around[1][:1].isalpha()
    if lone and run not in common:
        points -= 1
    return points


def _stands_right(c, before, after):
    """Whether a sign stands where only it can: a euro beside its number, a dash between blanks."""
    if c == "€":
        return any(n.isdigit() for n in before + after)
    return c in "–—" and before[-1:] in (" ", "") and after[:1] in (" ", "")


def _western(run, around, name):
    before, after = around
    points = 0.0
    for c in run:
        worth = LETTERS.get(c)
        if worth:
            neighbour = (after[:1] + before[-1:]).strip()
            letters = any(n.isascii() and n.isalpha() for n in neighbour)
            odd = c.isupper() and before[-1:].islower() or c.islower() and before[-2:].isupper()
            points += (worth if letters else 0.1) - (0.8 if odd and len(before) == 2 else 0)
        elif _stands_right(c, before, after):
            points += 1
        else:
            inside = before[-1:].isalpha() and after[:1].isalpha() and c not in "’‘·"
            points += 0.2 if c in WESTERN_SIGNS and not inside else -2 if c == "\ufffd" else -1
    return points - (1.5 * len(run) if len(run) > 2 else 0)
