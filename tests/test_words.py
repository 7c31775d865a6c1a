"""One word for each thing: what the glossary rules out stands in no text that anybody reads."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CATALOG = Path("translations/zh/LC_MESSAGES/messages.po")
GLOSSARY = Path("docs/glossary.md")
# Texts that stand in the models in both languages: levels, greetings, what the demo says.
SPOKEN = ("models/dunning", "models/care", "models/operations/demo")
NOT_WORDS = re.compile(r"`[^`]*`|\]\([^)]*\)|%\(\w+\)s|\{\w+\}|https?://\S+")
CHINESE = re.compile("[\u4e00-\u9fff]")


def banned():
    """{language: the words of the glossary's last columns}, of the tables that have "not"."""
    words, heads = {"en": set(), "zh": set()}, None
    for line in GLOSSARY.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else None
        if cells and heads is None:
            heads = cells
        elif not cells:
            heads = None
        elif "not" in heads[-1] and not set(cells[-1]) <= set("-"):
            for word in filter(None, (w.strip() for w in cells[-1].split(";"))):
                words["zh" if CHINESE.search(word) else "en"].add(word)
    return words


def texts(language):
    """(where, text) of everything that is read in this language."""
    with CATALOG.open("rb") as file:
        for message in filter(lambda m: m.id, read_po(file, locale="zh")):
            said = message.id if language == "en" else message.string
            for text in [said] if isinstance(said, str) else said:
                yield "catalog", text
    files = [
        p
        for folder in ("", "handbook", "training")
        for p in sorted(Path("docs", folder, language).glob("*.md"))
    ]
    for path in files + ([Path("README.md")] if language == "en" else []):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            yield f"{path}:{number}", line
    for path in (p for folder in SPOKEN for p in sorted(Path(folder).rglob("*.py"))):
        yield from ((f"{path}:{n}", text) for n, text in spoken(path, language))


def spoken(path, language):
    """(line, text) of the strings of a file in the language, without its docstrings."""
    tree = ast.parse(path.read_text())
    unsaid = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in unsaid else None
        if not isinstance(text, str):
            continue
        in_chinese = bool(CHINESE.search(text))
        if in_chinese if language == "zh" else not in_chinese and " " in text.strip():
            yield node.lineno, text


def found(words, language, pairs):
    """The places where one of the words stands; English words whole, whatever their case."""
    some = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = re.compile(some if language == "zh" else rf"\b(?:{some})\b", re.I)
    return [
        f"{where}: {hit[0]}: {text[:90]}"
        for where, text in pairs
        for hit in [pattern.search(NOT_WORDS.sub(" ", text))]
        if hit
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_banned_word_stands_anywhere(language):
    words = banned()[language]
    assert len(words) > 25
    assert found(words, language, texts(language)) == []


def test_a_banned_word_would_be_found():
    said = [("here", "Put the papers in this place."), ("there", "Read `papers` of %(firm)s")]
    assert found({"papers", "firm"}, "en", said) == ["here: papers: Put the papers in this place."]
    assert found({"存放处"}, "zh", [("here", "备份存放处")])
