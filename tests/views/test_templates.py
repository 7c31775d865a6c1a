"""Templates are compiled for each language, with their sentences in place."""

import pytest
from flask import get_template_attribute, render_template, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader, nodes

from views.web.templates import piece

SOURCE = """{% set n = 2 %}{{ _("Customer") }} {{ _("100%% of <b>", n=n) }}
{{ _("Customer")|upper }} {{ pgettext("amount", "Open") }} {{ _("%(n)s done.", n=n) }}
{{ {"a": N_("Paid")}["a"] }} {{ _(word) }}"""


@pytest.fixture
def templates(app, monkeypatch):
    made = app.jinja_env.overlay(loader=DictLoader({"a.html": SOURCE, "a.txt": SOURCE}))
    made.translated = {}
    monkeypatch.setattr(app, "jinja_env", made)


def said(app, name, language):
    with app.test_request_context(), force_locale(language):
        return render_template(name, word="Paid")


@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_each_reader_gets_the_own_language_as_if_nothing_were_compiled(app, templates, name):
    for language in ("zh", "en", "zh"):
        with app.test_request_context(), force_locale(language):
            plain = render_template_string(SOURCE, word="Paid")
        said_now = said(app, name, language)
        assert said_now == plain if name == "a.html" else said_now == plain.replace("&lt;", "<")
        assert ("客户" in said_now) == (language == "zh")


def test_what_is_constant_is_not_looked_up_when_the_page_is_made(app, templates, monkeypatch):
    said(app, "a.html", "zh")
    looked_up = []
    spy = {"gettext": looked_up.append, "pgettext": lambda _context, text: looked_up.append(text)}
    for name, seen in spy.items():
        monkeypatch.setitem(
            app.jinja_env.globals, name, lambda *texts, seen=seen, **_more: seen(*texts)
        )
    said(app, "a.html", "zh")
    assert looked_up == ["100%% of <b>", "%(n)s done.", "Paid"]


# What a macro may ask for besides its values: all are the same for everybody at any time, in one
# language and one format of dates.
WAYS = ("load", "store", "param")
SAME_FOR_ALL = {"url_for", "icon", "kind_icon", "ngettext", "pgettext", "_", "gettext"}


def parsed(app, name):
    return app.jinja_env.parse(app.jinja_env.loader.get_source(app.jinja_env, name)[0])


def imported(tree):
    """{name here: (template, name there)}"""
    found = {}
    for node in tree.find_all(nodes.FromImport):
        for name in node.names:
            there, here = name if isinstance(name, tuple) else (name, name)
            found[here] = node.template.value, there
    return found


def asked_by(app, name, macro):
    """Every name that the macro of the template reads besides its values, and those that it calls
    read."""
    tree = parsed(app, name)
    own = {node.name: node for node in tree.find_all(nodes.Macro)}
    set_here = {node.target.name for node in tree.find_all(nodes.Assign) if node in tree.body}
    names = {way: {n.name for n in own[macro].find_all(nodes.Name) if n.ctx == way} for way in WAYS}
    found = set()
    for read in names["load"] - names["store"] - names["param"] - set_here:
        if read in own:
            found |= asked_by(app, name, read) if read != macro else set()
        elif read in imported(tree):
            found |= asked_by(app, *imported(tree)[read])
        else:
            found.add(read)
    return found


def pieces(app):
    """(template, macro) of everything that is made once for the same values."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        tree = parsed(app, name)
        own = {node.name for node in tree.find_all(nodes.Macro)}
        for call in tree.find_all(nodes.Call):
            if getattr(call.node, "name", "") in ("piece", "pieces_of"):
                macro = call.args[0].name
                yield (name, macro) if macro in own else imported(tree)[macro]


def test_what_is_made_once_depends_on_its_values_alone(app):
    found = set(pieces(app))
    assert ("staff/documents/rows.html", "document_row") in found
    for template, macro in found:
        assert asked_by(app, template, macro) <= SAME_FOR_ALL, (template, macro)
    assert "request" in asked_by(app, "shared/tables.html", "th_sort")


def test_a_row_is_made_anew_when_anything_of_it_changes(app, firm):
    with app.test_request_context():
        row = get_template_attribute("shared/tables.html", "th_sorted")
        first = piece(row, "A", "a", "", "", "")
        assert piece(row, "A", "a", "", "", "") is first
        assert piece(row, "A", "a", "", "", "q=1&") != first
