"""The rules of the house that a reader would otherwise have to remember."""

import ast
import functools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

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


read = functools.cache(Path.read_text)
JINJA = Environment(extensions=["jinja2.ext.i18n"])


def for_each(things):
    """One test for all of them, which names each that fails: 3,000 tests took longer to report than
    to run."""

    def one_test(check):
        def test():
            faults = []
            for thing in things:
                try:
                    check(thing)
                except AssertionError as error:
                    faults.append(f"{thing}: {error}")
            assert not faults, "\n".join(faults)

        test.__doc__ = check.__doc__
        return test

    return one_test


@for_each(SOURCES)
def test_data_flows_one_way(path):
    forbidden = {"views", "models", "jobs", "app"} - MAY_IMPORT[path.parts[0]]
    assert not [name for name in imports(path) if name.split(".")[0] in forbidden]


# Libraries that parse. What comes from outside is parsed in the sandbox alone (DESIGN rule 9b).
PARSERS = """PIL bs4 calamine csv dbfread defusedxml email filetype html5lib lxml mt940 odf ofxtools
    openpyxl pypdf pypdfium2 python_calamine tarfile xlrd xml zipfile""".split()
READERS = (
    "models/adapters/sandbox/readers",
    "models/adapters/tables",
    "models/bank/",
)
PARSES_NOTHING_FROM_OUTSIDE = {
    "models/adapters/outbox.py": "writes mail",
    "models/adapters/printing/stamping.py": "stamps PDFs that we laid out",
    "models/adapters/spreadsheets.py": "writes tables",
    "models/adapters/workbooks.py": "writes tables",
    "models/archive/year_package.py": "writes a zip and reads it again",
    "models/operations/demo/archive.py": "draws a picture",
    "models/operations/demo/look.py": "draws logo and seal",
    "models/operations/doctor.py": "writes a zip",
    "views/lists.py": "writes a zip",
}


@for_each([*SOURCES, Path("app.py"), Path("config.py"), Path("transport.py")])
@pytest.mark.asvs("5.2.1", "15.2.2")
def test_what_comes_from_outside_is_parsed_in_the_sandbox(path):
    if not str(path).startswith(READERS) and str(path) not in PARSES_NOTHING_FROM_OUTSIDE:
        assert not [name for name in imports(path) if name.split(".")[0] in PARSERS]
        assert not [name for name in imports(path) if ".sandbox.readers" in name]


READS = {"form_file", "form_files", "uploads"}


TAKES_FILES = {"views/web/fields.py", "views/forms.py"}


@for_each([p for p in SOURCES if str(p) not in TAKES_FILES])
@pytest.mark.asvs("5.4.3")
def test_files_come_in_at_one_place(path):
    """Where the virus scanner looks at them. views/forms.py asks for their names alone."""
    source = read(path)
    assert "request.files" not in source and "request.stream" not in source
    assert "request.get_data" not in source and "request.data" not in source


def called(node):
    """The names of what is called inside."""
    functions = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in functions}


@for_each([p for p in SOURCES if p.parts[0] == "views"])
@pytest.mark.asvs("15.2.2")
def test_an_upload_is_read_before_the_transaction_of_its_view(path):
    """`@idempotent` opens one: what it is given as `reading` is called before."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
            assert "idempotent" not in marks or not READS & called(node)


# From below; the demo and what each person may see stand on top of all.
FLOORS = """core payment_details adapters printed company people account_change customers
    products numbering documents approvals payments disputes receivables dunning bank imports
    archive care insights operations governance demo scopes provider_sign_in sign_in
    load""".split()


def floor_of(module):
    """The floor of `models.….…` by its place in FLOORS."""
    parts = module.split(".")
    return FLOORS.index("demo" if parts[1:3] == ["operations", "demo"] else parts[1])


@for_each([p for p in SOURCES if p.parts[0] == "models"])
def test_a_file_of_the_models_imports_from_its_floor_and_below(path):
    own = floor_of(".".join(path.with_suffix("").parts)) if path.parts[1] != "__init__.py" else 0
    above = [
        module
        for module in imports(path)
        if module.startswith("models.")
        and floor_of(module) > own
        and not (module == "models.load" and path.name == "scratch.py")  # a process of its own
    ]
    assert not above


@for_each(sorted({p.parts[1] for p in SOURCES if p.parts[0] == "models"}))
def test_every_floor_is_named(top):
    assert top.removesuffix(".py") in [*FLOORS, "__init__"]


def test_no_files_import_in_a_circle():
    """At the head of the files; ruff (PLC0415) keeps imports from hiding inside functions."""
    names = {".".join(p.with_suffix("").parts).removesuffix(".__init__"): p for p in SOURCES}
    arrows = {name: set() for name in names}
    for name, path in names.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    arrows[name].add(full if full in names else node.module)
            elif isinstance(node, ast.Import):
                arrows[name] |= {alias.name for alias in node.names}
    while free := {n for n, to in arrows.items() if not to & arrows.keys() - {n}}:
        for name in free:
            del arrows[name]
    assert not arrows


@for_each([*SOURCES, *Path().glob("*.py"), *Path("tests").rglob("*.py")])
def test_files_stay_short(path):
    """As `ruff format` leaves them."""
    assert len(path.read_text().splitlines()) <= 400


@for_each([p for p in SOURCES if p.parts[0] != "models"])
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


@for_each([p for p in SOURCES if p.parts[0] == "views"])
def test_views_ask_who_is_signed_in_by_person(path):
    """`current_user` is a LocalProxy, and that name once went into the journal as the actor."""
    assert path == Path("views/web/scope.py") or "current_user" not in path.read_text()


TEMPLATES = sorted(Path("templates").rglob("*.html"))
PIECES = [p for p in TEMPLATES if p.name.startswith("_")]
VOID = {"br", "hr", "img", "input", "link", "meta"}
# Pieces that are no thing of their own on the page, and why.
WITHOUT_ROOT = {
    "pdf/_bank.html": "printed, never exchanged",
    "pdf/_foot.html": "printed, never exchanged",
    "pdf/_head.html": "printed, never exchanged",
    "pdf/_page.html": "printed, never exchanged",
    "shared/_dispute_form.html": "fields of a form that is the page's",
    "staff/customers/_acts.html": "buttons in the row of the page's head",
    "staff/documents/_acts.html": "buttons in the row of the page's head",
    "staff/documents/_line.html": "a line not yet saved has no number",
    "staff/documents/_line_fields.html": "the cells in the middle of a row",
    "staff/tasks/_count.html": "stands wherever the menu stands; exchanged by its class",
}


def most_lines(template):
    # A table of words is looked up, not read from top to bottom.
    return 120 if template == Path("templates/shared/labels.html") else 60


class Roots(HTMLParser):
    """The ids of the outermost elements, None for one without."""

    def __init__(self, source):
        super().__init__()
        self.ids, self.depth = [], 0
        source = re.sub(r"{#.*?#}|{%.*?%}", " ", source, flags=re.S)
        self.feed(re.sub(r"{{.*?}}", "said", source, flags=re.S))

    def handle_starttag(self, tag, attrs):
        if not self.depth:
            self.ids.append(dict(attrs).get("id"))
        self.depth += tag not in VOID

    def handle_endtag(self, tag):
        self.depth -= tag not in VOID


@for_each(TEMPLATES)
def test_templates_are_read_without_scrolling(template):
    lines = template.read_text().splitlines()
    assert len(lines) <= most_lines(template)
    # A sentence is one string, however long: what is translated is found by it.
    sentence = re.compile(r'\s*"[^"]*",?')
    wide = [
        n for n, line in enumerate(lines, 1) if len(line) > 120 and not sentence.fullmatch(line)
    ]
    assert not wide


@for_each(TEMPLATES)
def test_the_column_of_what_one_may_do_has_a_heading_too(template):
    """By th_unseen(): who hears a table is told in which column a button stands."""
    assert not re.search(r"<td[^>]*></td>\s*</tr>\s*</thead>", read(template))


@for_each(PIECES)
def test_each_piece_is_one_thing_with_a_name(piece):
    """Alternatives (`if … else`) may have a root each, of the same id."""
    if str(piece.relative_to("templates")) not in WITHOUT_ROOT:
        ids = set(Roots(piece.read_text()).ids)
        assert len(ids) == 1 and None not in ids


@for_each(PIECES)
def test_each_piece_is_used_by_its_page(piece):
    name = str(piece.relative_to("templates"))
    users = [p for p in TEMPLATES if p != piece and name in read(p)]
    assert users, f"{name} is rendered alone but no page includes it: the two will drift"


def parsed(template):
    return JINJA.parse(read(template))


MACROS = {m.name for t in TEMPLATES for m in parsed(t).find_all(nodes.Macro)}


@for_each(TEMPLATES)
def test_a_template_imports_the_macros_that_it_calls(template):
    """A piece that uses the imports of its page breaks where it is rendered alone."""
    tree = parsed(template)
    imported = {name for node in tree.find_all(nodes.FromImport) for name in node.names}
    own = {macro.name for macro in tree.find_all(nodes.Macro)}
    names = {node.name for node in tree.find_all(nodes.Name)}
    called = {c.node.name for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name)}
    assert imported <= names
    assert called & MACROS <= imported | own


def said(path):
    """The sentences that code translates, wherever they stand."""
    for call in ast.walk(ast.parse(read(path))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_":
            yield from (a.value for a in call.args[:1] if isinstance(a, ast.Constant))


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
    # Babel passes over those in f-strings.
    used |= {text for path in SOURCES for text in said(path)}
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


def test_every_page_below_a_list_shows_the_way_back():
    """A page of one record, or a form, without it was left by the menu alone."""
    pages = [
        p
        for p in Path("templates/staff").rglob("*.html")
        if p.name in ("edit.html", "new.html", "show.html")
    ]
    lacking = [
        str(p)
        for p in pages
        if "layouts/" in (text := p.read_text()) and "block crumbs" not in text
    ]
    assert not lacking
