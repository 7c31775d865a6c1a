"""The fonts that documents are printed with, and the characters that each of them has."""

import functools
import json
import re
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "static" / "fonts"
COVERAGE = FOLDER / "coverage.json"  # {family: [[first, last character code], …]}, see README.md
BASE, LATIN = "NotoSansSC", "NotoSans"
NON_JOINER = "\u200c"
FAMILY = "font-family: Noto;"  # in the pages' style; replaced by the families that a page needs
# Characters that are never drawn: soft hyphen, joiners, marks of direction, variants of emoji.
INVISIBLE = re.compile(
    "[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
    "\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
# Signs that fonts have but that are not joined or stacked as their script asks: vowel points of
# Hebrew and Arabic, Devanagari, Thai.
UNSHAPED = re.compile(
    "[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u097f\u0e00-\u0e7f"
    "\u1cd0-\u1cff\ua8e0-\ua8ff]"
)


@functools.cache
def coverage():
    """{family: the characters that it has}, in the order in which families are tried."""
    return {name: characters(kept) for name, kept in json.loads(COVERAGE.read_text()).items()}


def characters(ranges):
    """The characters of [[first, last code], …]."""
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


def ranges(characters):
    """[[first, last code], …] of the characters."""
    found = []
    for code in sorted(map(ord, characters)):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def families(text):
    """The families that are needed to print the text, in the order in which each character looks
    for its glyph. Where a Latin letter is missing in the base font, all of them come from the Latin
    one: a word in two fonts looks torn."""
    rest, needed = set(text), []
    for family, characters in coverage().items():
        if family == BASE or rest & characters:
            needed.append(family)
            rest -= characters
    return sorted(needed, key=lambda family: family != LATIN)


def lacking(text):
    """The characters of the text that none of our fonts has."""
    return _drawn(text).difference(*coverage().values())


def not_printable(text, own=frozenset()):
    """The characters of the text that cannot be printed right, sorted, each once; `own` are those
    of the firm's font."""
    drawn = _drawn(text)
    unshaped = set(filter(UNSHAPED.match, drawn))
    return "".join(sorted(drawn.difference(*coverage().values()) - own | unshaped))


def _drawn(text):
    signs = set(unicodedata.normalize("NFC", INVISIBLE.sub("", text)))
    return {sign for sign in signs if not sign.isspace()}


def prepared(html, own=()):
    """(the page with its families named and without what is never drawn, these families), the
    firm's `own` last. Letters with separate accents become single characters, which fonts have."""
    html = unicodedata.normalize("NFC", html)
    needed = [*families(html), *own]
    kept = NON_JOINER if "NotoSansArabic" in needed else ""  # it ends the joining of letters
    html = INVISIBLE.sub(lambda found: found[0] if found[0] == kept else "", html)
    return html.replace(FAMILY, f"font-family: {', '.join(needed)};"), needed
