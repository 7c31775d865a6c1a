"""Every route, as every role, with requests that no page of ours would send: none is answered by a
fault of the server, takes long, or lets a header in."""

import time

import pytest

from tests import arguments
from tests.firm import KEY
from tests.fuzz import hostile, words
from tests.fuzz.hostile import Hostile
from tests.fuzz.watching import Watch, numbers
from tests.spoiling import enter, posts
from tests.support.house import house_in
from tests.support.sets import one_in
from tests.support.undo import undone
from tests.test_audience import ROLES, browser_of
from tests.valid_forms import CASES

OF_A_FORM = 170  # inputs of each in full
OF_A_ROLE = 2800
COOKIES = ("danju_sid", "visit", "language", "code", "half", "prove")
FORMS = [e for e in CASES if e not in ("setup.new", "restoring.create")]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


def cookies_of(browser, path):
    """What a browser would send to that address."""
    sent = {}
    for cookie in browser._cookies.values():
        if path.startswith(cookie.path):
            sent[cookie.key] = cookie.value
    return sent


def fault_of(status, headers, body):
    """What is wrong with an answer, whatever was asked."""
    if status >= 500:
        return f"answered {status}: {body[-300:]!r}" if status != 500 else f"answered {status}"
    broken = [name for name, value in headers if "\n" in value or "\r" in value]
    if broken or any(n == "Set-Cookie" and v.startswith("evil") for n, v in headers):
        return f"let a header in: {broken}"
    if b"Traceback (most recent call last)" in body:
        return "shows a traceback"
    return ""


def answered(app, given):
    """(status, seconds, fault); what took long is asked again, as another process may be the
    reason."""
    for _again in range(2):
        began = time.monotonic()
        with undone():
            found = hostile.call(app, {**given, "wsgi.input": given["wsgi.input"]})
        seconds = time.monotonic() - began
        if seconds < 2:
            break
        given["wsgi.input"].seek(0)
    return found[0], seconds, fault_of(*found)


def try_one(app, watch, name, method, path, query, headers, kind, body, cookies):
    given = hostile.environ(method, path, query, headers, kind, body, cookies)
    status, seconds, fault = answered(app, given)
    watch.note(f"{name} {method} {path[:60]}?{query[:60]}", seconds, fault, status)


@pytest.mark.parametrize("endpoint", [e for e in FORMS if one_in(12, "fuzz", e)])
def test_spoiled_forms(app, firm, sign_in, record_property, endpoint):
    who, path, fields, strangers, *rest = CASES[endpoint](firm)
    watch, browsers = Watch(), {}
    for number in numbers(8, OF_A_FORM):
        h = Hostile(endpoint, number)
        sender = who if h.chance(0.9) else h.choice(["ada", "wang", "li", "fang", "anna", None])
        if sender not in browsers:
            browsers[sender] = enter(app, firm, sign_in, sender, h.choice(("en", "zh")), *rest)
        given = {**fields, **({k: str(v) for k, v in strangers.items()} if h.chance(0.1) else {})}
        kind, body = h.body([*h.spoiled(given), ("idempotency_key", KEY)])
        at, query = path.partition("?")[::2]
        query = h.query() if h.chance(0.1) else query
        headers = h.headers() if h.chance(0.3) else {}
        try_one(
            app,
            watch,
            number,
            "POST",
            at,
            query,
            headers,
            kind,
            body,
            cookies_of(browsers[sender], at),
        )
    watch.over(record_property)


def test_every_form_is_spoiled_somewhere(app):
    assert set(FORMS) | {"setup.new", "restoring.create"} == set(CASES) and set(CASES) <= set(
        posts(app)
    )


def address(h, app, rule):
    """An address of the route: of something that is there, mostly."""
    kind, blueprint = arguments.kind_of(rule), rule.endpoint.split(".")[0]
    parts = []
    for traced, text in rule._trace[1:]:
        if not traced:
            parts.append(text.lstrip("|"))
        elif text == "id":
            parts.append(hostile.as_path(h.ident([thing.id for thing in app.things.get(kind, ())])))
        else:
            words = getattr(rule._converters[text], "items", None)
            known = (
                sorted(words)
                if words
                else [
                    arguments.WORDS.get(f"{rule.endpoint}.{text}")
                    or arguments.WORDS.get(f"{blueprint}.{text}", "made-up")
                ]
            )
            parts.append(hostile.as_path(str(h.choice(known) if h.chance(0.7) else h.word()[:500])))
    return "".join(parts)


@pytest.mark.parametrize("who", ROLES)
def test_odd_requests(house, record_property, who):
    watch, rules = Watch(), [r for r in house.url_map.iter_rules() if r.endpoint != "static"]
    browser, total = browser_of(house, who), numbers(20, OF_A_ROLE)
    for number in total:
        h = Hostile(who, number)
        rule = rules[(number * 7) % len(rules)] if h.chance(0.9) else h.choice(rules)
        method = h.choice(sorted(rule.methods)) if h.chance(0.85) else h.choice(words.METHODS)
        path = address(h, house, rule)
        cookies = cookies_of(browser, path)
        if h.chance(0.05):
            cookies[h.choice(COOKIES)] = h.choice(("x", "", "x" * 3000, "a.b.c"))
        items = [(h.choice(words.QUERIES), h.word()) for _ in range(h.random.randrange(4))]
        kind, body = h.body([*items, ("idempotency_key", KEY)]) if method != "GET" else ("", b"")
        try_one(house, watch, number, method, path, h.query(), h.headers(), kind, body, cookies)
        if len(total) > 1 and number == len(total) // 4:
            watch.warmed_up()
    watch.over(record_property)
