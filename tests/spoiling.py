"""Ways to spoil a form, what a view reads of it, and what its answer says."""

import ast
import functools
import hashlib
import inspect
import re
import sys
import textwrap
from html.parser import HTMLParser

from flask_wtf import FlaskForm

from models.core.database import db
from models.core.model import tables
from tests.valid_forms.fields import KINDS, NAMES, filled
from views.web import fields as web_fields

SCRIPT = "<script>alert(1)</script>"
SPOILS = {
    "long": "x" * 5000,
    "huge": "长" * 100_000,
    "negative": "-5",
    "NaN": "NaN",
    "1e18": "1e18",
    "10**18": str(10**18),
    "thirty nines": "9" * 30,
    "word": "abc",
    "superscript": "²",
    "emoji": "笔🙂",
    "hebrew": "שלום",
    "override": "a\u202egpj.exe",
    "script": SCRIPT,
    "nul": "a\0b",
    "control": "a\x07b",
    "stale": "999999",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "missing": None,
    "twice": None,
}
UNPRINTABLE = {"long", "huge", "override", "nul", "control"}
ANY = {"missing", "twice"}
WIRED = {
    "huge",
    "control",
    "missing",
}  # show that a field is looked at at all, where another of its kind was spoiled in every way
BAD = {
    "line": UNPRINTABLE,
    "prose": UNPRINTABLE,
    "secret": {"huge", "long"},
    "old": set(SPOILS) - ANY,
    "free": set(),
    "bool": set(),
    "mail": set(SPOILS) - ANY,
    "login": set(SPOILS) - ANY,
    "number": set(SPOILS) - ANY - {"stale"},
    "day": set(SPOILS) - ANY - {"negative"},  # -5 is five days ago
    "choice": set(SPOILS) - ANY,
    "id": set(SPOILS) - ANY,
    "pattern": set(SPOILS) - ANY,
    "amount": set(SPOILS) - ANY - {"negative", "stale"},
    "days": set(SPOILS) - ANY - {"negative"},
    "file": set(),
}
READERS = {name for name in vars(web_fields) if name.startswith("form_")} - {"form_file"}
READERS |= {"request.form.get", "request.form.getlist", "form.getlist"}
GUARDED = ("idempotency_key", "proof", "proof_answer")
UNTOUCHED = {"AccessEntry", "Attempt", "Session", "Autosave", "IdempotencyKey", "Lease", "Progress"}


# What a route reads, found in its source
# -----------------------------------------------------------------------


def posts(app):
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}


@functools.cache
def fields_read(view):
    """{name or prefix: form class or None} that a view, and the functions of views/ it calls, take
    from the form."""
    found, waiting, seen = {}, [inspect.unwrap(view)], set()
    while waiting:
        function = waiting.pop()
        if function not in seen and function.__module__.startswith("views"):
            seen.add(function)
            read, called = _read_by(function)
            found |= read
            waiting += called
    # what stands in front of every view reads these: tests/views/test_proof.py
    return {name: cls for name, cls in found.items() if name not in GUARDED}


@functools.cache
def _read_by(function):
    """(what this function itself takes from the form, the functions it calls): helpers are called
    by many views, and their text is looked through once."""
    home, found, functions = vars(sys.modules[function.__module__]), {}, []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if not isinstance(node, ast.Call):
            continue
        reader = ast.unparse(node.func)
        called = home.get(reader.removesuffix(".of"))
        if (
            inspect.isclass(called)
            and issubclass(called, FlaskForm)
            and not {"formdata", "typed"} & {k.arg for k in node.keywords}
        ):
            found |= {name: called for name in unbound(called)}
        elif inspect.isfunction(called):
            functions.append(inspect.unwrap(called))
        if node.args and reader in READERS:
            first = (
                node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            )
            if isinstance(first, ast.Constant):
                found[first.value] = None
    return found, functions


@functools.cache
def form_classes(function):
    return {cls for cls in fields_read(function).values() if cls}


def unbound(cls):
    return [name for name in dir(cls) if hasattr(getattr(cls, name), "field_class")]


def kind_of(endpoint, name, cls):
    """What sort of value a field takes."""
    given = KINDS.get((endpoint, name))
    if given or cls is None:
        return given or NAMES.get(name) or NAMES[name.split("-")[0]]
    field = getattr(cls, name)
    validators = [
        getattr(v, "__name__", "")
        for v in [*field.args[1:2], field.kwargs.get("validators")]
        if v
        for v in v
    ]
    if "mail_address" in validators:
        return "mail"
    return {
        "ScaledField": "number",
        "WholeField": "number",
        "DayField": "day",
        "SelectField": "choice",
        "SelectMultipleField": "choice",
        "RowField": "choice",
        "BooleanField": "bool",
        "PasswordField": "secret",
        "TextAreaField": "prose",
        "HiddenField": "free",
        "FileField": "file",
    }.get(field.field_class.__name__, "line")


# Spoiling
# ------------------------------------------------------------------------------------------------


def dump():
    """A hash over all that the firm knows; sign-ins and keys of forms left out."""
    found = hashlib.sha256()
    for cls in tables():
        if cls.__name__ not in UNTOUCHED:
            rows = db.execute_sql(f'SELECT * FROM "{cls._meta.table_name}" ORDER BY 1').fetchall()
            found.update(repr(rows).encode())
    return found.hexdigest()


def enter(app, firm, sign_in, who, language, cookies=None):
    browser = sign_in(getattr(firm, who)) if who not in (None, "link") else app.test_client()
    if who == "link":
        browser.set_cookie("visit", firm.visit[1], path=firm.visit[0])
    give_cookies(browser, language, cookies)
    return browser


def give_cookies(browser, language, cookies=None):
    """What the person came with; a form that went through may have taken it."""
    browser.set_cookie("language", language)
    for name, value in (cookies or {}).items():
        browser.set_cookie(name, value, path="/sign-in" if name == "half" else "/links")


class Page(HTMLParser):
    """The sentences of trouble on a page, and what its form holds."""

    VOID = {"input", "br", "img", "meta", "link", "hr"}
    REST = re.compile(r"<(option|svg|nav)\b.*?</\1>", re.DOTALL)  # holds neither, half a page

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.errors, self.held, self.heading, self.open = [], [], "", []
        self.feed(self.REST.sub("", text))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input":
            self.held.append(given.get("value") or "")
        if tag not in self.VOID:
            classes = (given.get("class") or "").split()
            trouble = given.get("role") == "alert" or tag == "small" and "error" in classes
            self.open.append((tag, "error" if trouble else "held" if tag == "textarea" else tag))
            if trouble:
                self.errors.append("")
            elif tag == "textarea":
                self.held.append("")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        roles = [role for _tag, role in self.open]
        if "error" in roles:
            self.errors[-1] += data
        elif "held" in roles:
            self.held[-1] += data
        elif "h1" in roles:
            self.heading += data

    def sentences(self):
        return [text for text in self.errors if text.strip()] or [self.heading.lstrip("0123456789")]


def family(name):
    """Fields that are made in a row, such as least-3 and least-4, are tried once."""
    return re.sub(r"-\d+$", "", name)


def spoiled(fields, name, how, value):
    data = {k: v for k, v in fields.items() if k != name}
    if how == "missing":
        return data
    if how == "twice":
        given = fields[name] if isinstance(fields[name], list) else [fields[name]]
        return {**data, name: given * 2}
    return {**data, name: value}


def send(browser, path, data, how):
    """The answer to the form. The huge text goes as multipart: percent-encoded it is nine times as
    long, and is read for as long."""
    return browser.post(
        path, data=filled(data), content_type="multipart/form-data" if how == "huge" else None
    )
