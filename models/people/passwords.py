"""Which passwords are too easy to guess: the most common ones, and those made of obvious words."""

import functools
import re
from pathlib import Path

# Shared by the accounts of the demo firm and shown on its sign-in page; refused for other firms.
DEMO = "danju demo 2026"
OBVIOUS = (
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
    """The 5000 most common leaked passwords of 12 characters or more (SecLists, from the top ten
    million), in lower case."""
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split("\n")) - {
        ""
    }


def easy(password, *known):
    """True for a common password, for one with fewer than five different characters, and for one
    that is little more than obvious words and those in `known` (names, mail addresses, the firm's
    name), whatever is between them."""
    lower_case = password.lower()
    letters = re.sub(r"[\W_]+", "", lower_case)
    if len(set(lower_case)) < 5 or lower_case in common() or letters in common():
        return True
    for word in sorted({*OBVIOUS, *_words(known)}, key=len, reverse=True):
        letters = letters.replace(word, "")
    return len(letters) < 7


def _words(texts):
    """The parts of names and addresses that are long enough to count: three letters, or two Chinese
    characters."""
    parts = {part for text in texts for part in re.split(r"[\W_]+", (text or "").lower())}
    return {part for part in parts if len(part) >= (2 if max(part, default="") > "\u2fff" else 3)}
