"""Every form, with what no page of ours would send: none is answered by a fault of the server,
takes long, or lets a header in."""

import pytest

from tests.firm import KEY
from tests.fuzz.hostile import Hostile
from tests.fuzz.sending import cookies_of, try_one
from tests.fuzz.watching import Watch, numbers
from tests.spoiling import enter, posts
from tests.support.sets import one_in
from tests.valid_forms import CASES

OF_A_FORM = 170  # inputs of each in full
FORMS = [e for e in CASES if e not in ("setup.new", "restoring.create")]


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
