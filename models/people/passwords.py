"""Which passwords are too easy: the commonest, and those made of words that anyone would try
here."""

import functools
import re
from pathlib import Path

# What the demo firm's accounts share and its sign-in page shows; no other firm takes it.
DEMO = "danju demo 2026"
HERE = (
    "danju",
    "单据",
    "demo",
    "password",
    "passwort",
    "密码",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "qwerty",
    "portal",
    "invoice",
    "发票",
    "kunde",
    "customer",
    "客户",
    "secret",
    "login",
    "changeme",
)


@functools.cache
def common():
    """The 5000 commonest of 12 characters or more that leaked (SecLists, the top of ten million),
    in small letters."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split("\n")) - {
        ""
    }


def easy(password, *known):
    """True for a common password, for one of fewer than five signs, and for one that is little more
    than the words in `known` (names, mail addresses, the firm's name) and those of every such
    portal, whatever stands between them."""
    low = password.lower()
    bare = re.sub(r"[\W_]+", "", low)
    if len(set(low)) < 5 or low in common() or bare in common():
        return True
    for word in sorted({*HERE, *_words(known)}, key=len, reverse=True):
        bare = bare.replace(word, "")
    return len(bare) < 7


def _words(texts):
    """The parts of names and addresses that are long enough to be meant: three letters, or two
    Chinese signs."""
    parts = {part for text in texts for part in re.split(r"[\W_]+", (text or "").lower())}
    return {part for part in parts if len(part) >= (2 if max(part, default="") > "\u2fff" else 3)}
