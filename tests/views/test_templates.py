"""Templates are compiled for each language, with their sentences in place."""

import pytest
from flask import render_template, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader

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
