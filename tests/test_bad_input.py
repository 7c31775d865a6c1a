"""Every field of every POST route, spoiled in every way, in both languages: generated from the
routes themselves."""

import ast
import functools
import hashlib
import inspect
import io
import re
import sys
import textwrap
from html.parser import HTMLParser

import pytest
from flask_wtf import FlaskForm

from models.core.database import db
from models.core.model import tables
from tests.support.sets import FULL, one_in
from tests.valid_forms import CASES
from tests.valid_forms.fields import KINDS, NAMES, UNSEEN, filled

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
    "day": set(SPOILS) - ANY,
    "choice": set(SPOILS) - ANY,
    "id": set(SPOILS) - ANY,
    "pattern": set(SPOILS) - ANY,
    "amount": set(SPOILS) - ANY - {"negative", "stale"},
    "days": set(SPOILS) - ANY - {"negative"},
    "file": set(),
}
UNTOUCHED = {"Attempt", "Session", "Autosave", "Outcome", "Lease"}
ONLY_SOME = {"valid_until", "delivery_on"}  # only some kinds of document show these
CHINESE = re.compile("[\u4e00-\u9fff]")


# What a route reads, found in its source
# -----------------------------------------------------------------------


def posts(app):
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}


def fields_read(function, seen=None):
    """{name or prefix: form class or None} that a view, and the functions of views/ it calls, take
    from the form."""
    function, seen, found = inspect.unwrap(function), set() if seen is None else seen, {}
    if function in seen or not function.__module__.startswith("views"):
        return found
    seen.add(function)
    home = vars(sys.modules[function.__module__])
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        if not isinstance(node, ast.Call):
            continue
        called = home.get(ast.unparse(node.func))
        if (
            inspect.isclass(called)
            and issubclass(called, FlaskForm)
            and "formdata" not in [k.arg for k in node.keywords]
        ):
            found |= {name: called for name in unbound(called)}
        elif inspect.isfunction(called):
            found |= fields_read(called, seen)
        if node.args and ast.unparse(node.func) in (
            "request.form.get",
            "request.form.getlist",
            "said",
            "form.getlist",
        ):
            first = (
                node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            )
            if isinstance(first, ast.Constant):
                found[first.value] = None
    return {name: cls for name, cls in found.items() if name != "idempotency_key"}


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
        "IntegerField": "number",
        "DateField": "day",
        "SelectField": "choice",
        "SelectMultipleField": "choice",
        "BooleanField": "bool",
        "PasswordField": "secret",
        "TextAreaField": "prose",
        "HiddenField": "free",
        "FileField": "file",
    }.get(field.field_class.__name__, "line")


def test_every_post_that_reads_fields_has_a_good_form(app):
    missing = []
    for endpoint in posts(app):
        read = fields_read(app.view_functions[endpoint])
        if read and endpoint not in CASES:
            missing.append(f"{endpoint} reads {sorted(read)}")
    assert not missing, "give these a good form in tests/valid_forms"
    assert not set(CASES) - set(posts(app))


@pytest.mark.parametrize(
    "endpoint", [e for e in CASES if e not in ("setup.new", "restoring.create")]
)
def test_a_good_form_fills_every_field_and_is_taken(app, firm, sign_in, endpoint):
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    for name in fields_read(app.view_functions[endpoint]):
        assert any(given.startswith(name) for given in fields), f"{name} is not filled"
    assert enter(app, firm, sign_in, who, "en", *rest).post(
        path, data=filled(fields)
    ).status_code in (200, 303)


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
    browser = sign_in(getattr(firm, who)) if who else app.test_client()
    browser.set_cookie("language", language)
    for name, value in (cookies or {}).items():
        browser.set_cookie(name, value, path="/links")
    return browser


class Page(HTMLParser):
    """The sentences of trouble on a page, and what its form holds."""

    VOID = {"input", "br", "img", "meta", "link", "hr"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.errors, self.held, self.heading, self.open = [], [], "", []
        self.feed(text)

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


def complaints(browser, path, data, name, kinds, how, language, before):
    """What is wrong with the answer to a form that must be refused."""
    answer = send(browser, path, data, how)
    if not 400 <= answer.status_code < 500:
        return [f"answered {answer.status_code}"]
    page, found = Page(answer.get_data(as_text=True)), []
    for sentence in page.sentences():
        told = sentence.replace(str(data.get(name)), "")
        if bool(CHINESE.search(told)) != (language == "zh"):
            found.append(f"says {told.strip()[:60]!r} in {language}")
    if dump() != before:
        found.append("changed something")
    if answer.status_code in (409, 422):
        found += lost(page, data, name, kinds)
    return found


def lost(page, data, name, kinds):
    """What was typed and does not stand in the form that comes back; passwords must not."""
    held = {text.replace("\r\n", "\n").strip("\n").lower() for text in page.held}
    secrets = [data[k] for k in data if kinds[k] in ("secret", "old")]
    typed = [
        v
        for k, v in data.items()
        if kinds[k] in ("line", "prose", "number", "day", "mail", "login", "days", "pattern")
        and v.strip()
        and k not in ONLY_SOME
    ]
    return [f"lost {v[:20]!r}" for v in typed if v.lower() not in held] + [
        "writes a password back" for v in secrets if v and v.lower() in held
    ]


def first_of_its_kind(fields, kinds, name):
    """Whether no field above it takes the same kind of value; lines are read by a way of their own
    and count apart."""
    return name == next(
        (
            other
            for other in fields
            if kinds[other] == kinds[name] and other.startswith("line-") == name.startswith("line-")
        ),
        name,
    )


def first_with_its_form(app, endpoint, cls):
    """Whether no route above it shows the same form, as making and changing a thing do."""
    return cls is None or endpoint == next(
        other for other in CASES if cls in form_classes(app.view_functions[other])
    )


def in_chinese_too(endpoint, name, how, first):
    """In full each way on the first field of a kind and on each field of a line; else a quarter of
    that, another one for each form."""
    if how == "stranger":
        return True
    return (
        first
        and (how in WIRED or one_in(4, endpoint, name, how))
        or FULL
        and name.startswith("line-")
    )


def try_one(browsers, path, fields, name, first, kinds, how, value, endpoint, before):
    """Post the spoiled form, judge the answer and take it back; `first` is spoiled in every way,
    and in Chinese too."""
    data, bad = spoiled(fields, name, how, value), how in BAD[kinds[name]] or how == "stranger"
    if endpoint == "autosaves.create":
        bad = False
    if not (first or FULL or how in WIRED | {"stranger"}):
        return
    for language, browser in browsers.items():
        if language == "zh" and not in_chinese_too(endpoint, name, how, first):
            continue
        browser.set_cookie(
            "language", language
        )  # a sign-in that goes through sets the person's own
        with db.atomic() as undo:
            if bad:
                found = complaints(browser, path, data, name, kinds, how, language, before)
            else:
                found = taken(browser, path, data, name, kinds[name], how, before, endpoint)
            undo.rollback()
        yield from (f"{name} {how} [{language}]: {text}" for text in found)
        if not bad:
            return


def taken(browser, path, data, name, kind, how, before, endpoint):
    """What is wrong with the answer to a form that may be taken."""
    answer = send(browser, path, data, how)
    if (
        endpoint
        in (
            "autosaves.create",
            "documents.several",
            "portal_documents.several",
            "archive.several",
            "sendings.preview",
            "acts.preview",
        )
        and answer.status_code == 200
    ):
        return [] if dump() == before else ["changed something"]
    if how in ANY or kind not in ("line", "prose"):
        good = answer.status_code == 303 or 400 <= answer.status_code < 500 and dump() == before
        return [] if good else [f"answered {answer.status_code} or changed something"]
    if answer.status_code != 303:
        return [
            (
                f"legal text answered {answer.status_code}: "
                f"{Page(answer.get_data(as_text=True)).sentences()}"
            )
        ]
    if how != "script":
        return []
    pages = [
        browser.get(p).get_data(as_text=True)
        for p in {answer.location, path if "/new" not in path else "/"}
    ]
    shown = (
        any("&lt;script&gt;alert(1)" in page for page in pages)
        or "/new" in path
        or (endpoint, name) in UNSEEN
    )
    return ["shows the raw tag"] * any(SCRIPT in page for page in pages) + ["is shown nowhere"] * (
        not shown
    )


@pytest.mark.parametrize(
    "endpoint", [e for e in CASES if e not in ("setup.new", "restoring.create")]
)
def test_a_spoiled_field_is_refused_plainly_and_changes_nothing(app, firm, sign_in, endpoint):
    who, path, fields, strangers, *rest = CASES[endpoint](firm)
    read, found = fields_read(app.view_functions[endpoint]), []
    kinds = {name: kind_of(endpoint, name, read.get(name)) for name in [*fields, *strangers]}
    first = {
        name
        for name in fields
        if first_of_its_kind(fields, kinds, name)
        and (FULL or first_with_its_form(app, endpoint, read.get(name)))
    }
    browsers = {
        language: enter(app, firm, sign_in, who, language, *rest) for language in ("en", "zh")
    }
    before = dump()
    for name in {family(name): name for name in reversed(fields)}.values():
        for how, value in {
            **SPOILS,
            **({"stranger": str(strangers[name])} if name in strangers else {}),
        }.items():
            found += try_one(
                browsers, path, fields, name, name in first, kinds, how, value, endpoint, before
            )
    for name, value in strangers.items():
        if name not in fields:
            found += try_one(
                browsers,
                path,
                fields,
                name,
                False,
                {**kinds, name: "id"},
                "stranger",
                value,
                endpoint,
                before,
            )
    assert not found, "\n".join(found)


# What no field tells
# -------------------------------------------------------------------------------------------


@pytest.fixture
def empty(app, client):
    """A portal that no firm has set up yet."""
    who, path, fields, _strangers = CASES["setup.new"](None)
    client.set_cookie("language", "zh")
    return client, path, fields


@pytest.mark.parametrize("name", ["firm", "name", "email", "password", "currency"])
def test_setup_refuses_spoiled_fields_and_founds_nothing(app, empty, name):
    client, path, fields = empty
    cls = fields_read(app.view_functions["setup.new"])[name]
    kinds = {k: kind_of("setup.new", k, cls) for k in fields}
    before = dump()
    for how in BAD[kinds[name]] | {"missing"}:
        found = complaints(
            client, path, spoiled(fields, name, how, SPOILS[how]), name, kinds, how, "zh", before
        )
        assert not found, f"{how}: {found}"
    assert client.post(path, data=fields).status_code == 303


NO_IDS = ("-1", "²", "1e3", "%00")  # no route takes them, whoever asks
OPEN_TO = {
    "fang": {"staff", "finance"},
    "ada": {"admin"},
    "li": {"sales"},
    "wang": {"manager"},
    "zhao": {"archivist"},
    "anna": {"contact"},
}


def test_ids_out_of_range_or_of_strangers_lead_nowhere(app, firm, sign_in):
    seen = {who: enter(app, firm, sign_in, who, "en") for who in ("ada", "li", "fang", "anna")}
    before, found = dump(), []
    for rule in (r for r in app.url_map.iter_rules() if "id" in r.arguments):
        for ident in ("0", str(10**30), "999999", *NO_IDS, str(2**31), str(10**18)):
            path = re.sub(r"<[^>]*>", ident, rule.rule)
            for who in seen if FULL or ident == "999999" else ["ada"]:
                for method in rule.methods & {"GET", "POST"}:
                    code = seen[who].open(path, method=method, data=filled({})).status_code
                    if code not in (403, 404):
                        found.append(f"{who} {method} {path}: {code}")
    assert not found and dump() == before, found


@pytest.mark.parametrize(
    "query",
    [
        "after=²",
        "after=-1",
        "after=" + "9" * 30,
        "after=%00",
        "q=%00",
        "q=" + "长" * 5000,
        "q=%25",
        "q=%ED%A0%80",
        "kind=x",
        "state=x",
        "year=²",
        "year=99999",
        "after=²|x",
        "after=9|%00",
        "customer=²",
        "customer=" + "9" * 30,
        "code=%00",
        "line-code=%00",
        "next=%00",
    ],
)
def test_no_query_brings_a_page_down(app, firm, sign_in, query):
    browsers = {who: enter(app, firm, sign_in, who, "en") for who in OPEN_TO}
    draft = firm.draft()
    for rule in app.url_map.iter_rules():
        if (
            "GET" in rule.methods
            and not rule.arguments - {"form", "id"}
            and rule.endpoint != "static"
        ):
            path = re.sub(r"<int:id>", str(draft.id), rule.rule).replace(
                "<any(csv,xlsx):form>", "csv"
            )
            if not one_in(3, query, path):
                continue
            allowed = {
                "staff" if word == "public" else word
                for word in app.view_functions[rule.endpoint].audience
            }
            for who in (
                browsers
                if FULL
                else [next((who for who, roles in OPEN_TO.items() if roles & allowed), "fang")]
            ):
                code = browsers[who].get(f"{path}?{query}").status_code
                assert code < 500, f"{who} {path}"


@pytest.mark.parametrize("data", [b"%ff%fe=%80", b"a=" + b"&a=" * 25000, b"\0", b"=&=&="])
def test_no_body_brings_a_form_down(app, firm, sign_in, data):
    browser = sign_in(firm.li)
    for content in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain",
    ):
        for path in (
            "/customers/new",
            "/documents/",
            f"/documents/{firm.draft().id}/edit",
            "/language",
        ):
            assert browser.post(path, data=data, content_type=content).status_code in (
                400,
                413,
                422,
            )


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "nul\0" * 5, "键" * 20])
def test_a_key_that_is_none_does_nothing(firm, sign_in, key):
    browser, before = sign_in(firm.li), None
    before = dump()
    assert (
        browser.post(
            f"/customers/{firm.a.id}/notes", data={"text": "x", "idempotency_key": key}
        ).status_code
        == 400
    )
    assert dump() == before


def test_lines_without_their_names_do_not_empty_the_document(firm, sign_in):
    _who, path, fields, _strangers = CASES["documents.edit"](firm)
    answer = sign_in(firm.li).post(path, data=spoiled(fields, "line-name", "missing", None))
    assert answer.status_code == 422 and 'value="10.5"' in answer.get_data(as_text=True)


def test_a_sum_beyond_all_bounds_is_refused_not_stored(firm, sign_in):
    _who, path, fields, _strangers = CASES["documents.edit"](firm)
    answer = sign_in(firm.li).post(
        path, data={**fields, "line-quantity": "999999999", "line-price": "9999999999"}
    )
    assert answer.status_code == 409 and "too large" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n" + b"x" * 400, b"<svg/>", b"\xff\xd8\xff\xe0" + b"\0" * 300, b"GIF89a"],
)
def test_a_broken_logo_is_refused_before_it_stops_an_issue(firm, sign_in, data):
    from tests.valid_forms.firm import SETTINGS

    form = {**SETTINGS, "logo": (io.BytesIO(data), "logo.png")}
    del form["seal"]
    answer = sign_in(firm.ada).post("/settings/", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422 and Page(answer.get_data(as_text=True)).sentences()
