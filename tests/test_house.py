"""The rules of the house that a reader would otherwise have to remember."""

import ast
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

MAY_IMPORT = {"models": {"models"}, "jobs": {"jobs", "models"}, "views": {"views", "models"}}
SOURCES = [p for top in MAY_IMPORT for p in Path(top).rglob("*.py")]
QUERY = {
    "get",
    "get_by_id",
    "get_or_none",
    "insert",
    "update",
    "delete",
    "save",
    "create",
    "execute",
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_data_flows_one_way(path):
    forbidden = {"views", "models", "jobs", "app"} - MAY_IMPORT[path.parts[0]]
    assert not [name for name in imports(path) if name.split(".")[0] in forbidden]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_files_stay_short(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", [p for p in SOURCES if p.parts[0] != "models"], ids=str)
def test_only_models_touch_tables_and_states(path):
    tree = ast.parse(path.read_text())
    models = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models")
        for alias in node.names
        if alias.name[0].isupper()
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            assert not (node.func.value.id in models and node.func.attr in QUERY), (
                f"line {node.lineno}: ask a scope"
            )
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            assert node.attr != "state", f"line {node.lineno}: call a verb"


@pytest.mark.parametrize("piece", sorted(Path("templates").rglob("_*.html")), ids=str)
def test_each_piece_is_used_by_its_page(piece):
    name = str(piece.relative_to("templates"))
    users = [p for p in Path("templates").rglob("*.html") if p != piece and name in p.read_text()]
    assert users, f"{name} is rendered alone but no page includes it: the two will drift"


def test_every_sentence_is_said_in_chinese_too():
    with open("babel.cfg") as source:
        methods, options = parse_mapping_cfg(source)
    kept = Path("translations/zh/LC_MESSAGES/messages.po")
    with kept.open("rb") as source:
        known = {m.id: m.string for m in read_po(source, "zh")}
    used = {
        text
        for path, _line, text, *_ in extract_from_dir(
            ".",
            methods,
            options,
            keywords={"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2)},
            directory_filter=lambda d: not Path(d).name.startswith("."),
        )
    }
    assert [text for text in sorted(used, key=str) if not known.get(text)] == []


def test_a_translation_takes_the_same_facts_and_no_stray_percent():
    """Templates fill every sentence by %, so a bare one in the Chinese would break the page; view
    code fills none without facts."""

    class Any(dict):
        def __missing__(self, name):
            self[name] = 1
            return 1

    def facts(text):
        seen = Any()
        try:
            text % seen
        except (ValueError, TypeError):
            return "not to be filled"
        return sorted(seen)

    with Path("translations/zh/LC_MESSAGES/messages.po").open("rb") as source:
        pairs = [
            (m.id[1], m.string[0]) if m.pluralizable else (m.id, m.string)
            for m in read_po(source, "zh")
            if m.id
        ]
    assert [said for said, meant in pairs if facts(said) != facts(meant)] == []
