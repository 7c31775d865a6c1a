"""Every route, as every role, with requests that no page of ours would send: none is answered by
a fault of the server, takes long, or lets a header in."""

import pytest

from tests import arguments
from tests.firm import KEY
from tests.fuzz import hostile, words
from tests.fuzz.hostile import Hostile
from tests.fuzz.sending import cookies_of, try_one
from tests.fuzz.watching import Watch, numbers
from tests.support.house import house_in
from tests.test_audience import ROLES, browser_of

OF_A_ROLE = 2800  # inputs of each in full
COOKIES = ("danju_sid", "visit", "language", "code", "half", "prove")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


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
