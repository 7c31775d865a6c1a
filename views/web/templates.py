"""Templates, compiled once for each language with their sentences in it: a page has a thousand of
them, and looking each up again took a third of its time."""

import functools

from flask import g, url_for
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_domain, get_locale
from flask_wtf.csrf import generate_csrf
from jinja2 import Template as JinjaTemplate
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from views.web.days import date_format
from views.web.icons import icon

MOST_PIECES = 8192  # kept at a time, of a kilobyte each


def csrf_token():
    """Flask-WTF's, which else looks at its settings anew for each form of a page."""
    return g.get("csrf_token") or generate_csrf()


class Template(JinjaTemplate):
    """Imported once; Jinja would look at each import whether the importing one has more globals,
    name by name, and ours all have the same."""

    def _get_default_module(self, ctx=None):
        return super()._get_default_module()


class Environment(FlaskEnvironment):
    """Gives each template in the reader's language; `language` is empty in the one that Flask
    knows, which hands on to one of its `translated`."""

    language = ""
    template_class = Template

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.translated, self.loaded = {}, {}

    def get_template(self, name, parent=None, globals=None):
        if not self.language or globals or name not in self.loaded:
            return super().get_template(name, parent, globals)
        return self.loaded[name]

    def _load_template(self, name, globals):
        if self.language:
            found = super()._load_template(name, globals)
            if not self.auto_reload:
                self.loaded[name] = found
            return found
        language = str(get_locale())
        if language not in self.translated:
            made = self.overlay()
            made.language, made.loaded = language, {}
            self.translated[language] = made
        return self.translated[language]._load_template(name, globals)

    def _parse(self, source, name, filename):
        tree = super()._parse(source, name, filename)
        return Translator().visit(tree) if self.language else tree


class Translator(NodeTransformer):
    """Puts the translation where a template asks for one by constant text, and addresses and icons
    that are always the same; a sentence with variables, or of a table, is looked up when it is
    printed."""

    def visit_Call(self, node):
        node = self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        given = node.args + [each.value for each in node.kwargs]
        constant = all(isinstance(each, nodes.Const) for each in given)
        if not constant or node.dyn_args or node.dyn_kwargs:
            return node
        texts = [each.value for each in node.args]
        if called == "url_for" and not texts[0].startswith("."):
            return nodes.Const(url_for(*texts, **{k.key: k.value.value for k in node.kwargs}))
        if called == "icon":
            return nodes.MarkSafe(nodes.Const(str(icon(*texts))))
        if node.kwargs:
            return node
        if called == "N_":
            return node.args[0]
        if called == "_":
            return printed(get_domain().gettext(*texts))
        return printed(get_domain().pgettext(*texts)) if called == "pgettext" else node


def printed(text):
    """Markup where the template escapes, as Jinja's own gettext gives it; it is a format too."""
    return nodes.MarkSafeIfAutoescape(nodes.Const(text % {}))


def piece(macro, *values):
    """What the macro makes of these values, taken from memory where it was made before: most rows
    of a list are those of the last page. For macros that ask for nothing but their values, which
    are plain and never changed: texts, numbers, days, tuples of them; who may do what is one."""
    return _made(macro, date_format(), *values)


def pieces_of(macro, rows):
    """The pieces of many rows, each of the values of one."""
    written = date_format()
    return Markup("").join([_made(macro, written, *values) for values in rows])


@functools.lru_cache(MOST_PIECES)
def _made(macro, _date_format, *values):
    return macro(*values)
