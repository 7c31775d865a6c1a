"""The manual that ships with Danju: how each job is done. What the firm itself has laid down is the
handbook."""

import functools
import re
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
CHAPTER = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
MORE = ("approvals", "banks")  # files of their own beside the manual
AROUND = 60  # letters on each side of what was found


class Section(NamedTuple):
    """A chapter, by its number, or a file of its own, by its name."""

    key: str
    title: str
    text: str


@functools.cache
def sections(language):
    """All of it in this language, in its order."""
    parts = CHAPTER.split((DOCS / language / "manual.md").read_text())[1:]
    chapters = [Section(*parts[i : i + 3]) for i in range(0, len(parts), 3)]
    for name in MORE:
        title, _line, text = (DOCS / language / f"{name}.md").read_text().partition("\n")
        chapters.append(Section(name, title.lstrip("# "), text))
    return chapters


def section(key, language):
    """The section, or None."""
    return next((one for one in sections(language) if one.key == key), None)


def found(text, language):
    """[(section, the words around the first place)] of the sections with all these words; first
    those that have them in their titles."""
    words = text.casefold().split()
    hits = [
        one
        for one in sections(language)
        if words and all(word in f"{one.title}\n{one.text}".casefold() for word in words)
    ]
    hits.sort(key=lambda one: not all(word in one.title.casefold() for word in words))
    return [(one, _around(one.text, words[0])) for one in hits]


def picture(name, language=""):
    """The path of a picture of the manual, or None; without a language of one for both."""
    path = DOCS / "pictures" / language / name
    return path if path.suffix == ".png" and path.name == name and path.is_file() else None


def _around(text, word):
    """The place in plain words, with what stands around it."""
    plain = " ".join(re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*`|#]", r"\1", text).split())
    at = max(plain.casefold().find(word), 0)
    start, end = max(at - AROUND, 0), at + len(word) + AROUND
    return "…" * (start > 0) + plain[start:end].strip() + "…" * (end < len(plain))
