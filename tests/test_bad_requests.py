"""Ids, queries, bodies and keys that no page of ours would send."""

import io
import re

import pytest

from models.core.roles import MAY
from tests.spoiling import Page, dump, enter, spoiled
from tests.support.sets import FULL, one_in
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

NO_IDS = ("-1", "²", "1e3", "%00")  # no route takes them, whoever asks
OPEN_TO = {
    "fang": {"staff", "finance"},
    "ada": {"admin"},
    "li": {"sales"},
    "wang": {"manager"},
    "zhao": {"archivist"},
    "anna": {"contact"},
}


@pytest.mark.asvs("1.4.2", "15.3.5")
def test_ids_out_of_range_or_of_strangers_lead_nowhere(app, firm, sign_in):
    seen = {who: enter(app, firm, sign_in, who, "en") for who in ("ada", "li", "fang", "anna")}
    before, found = dump(), []
    for rule in (r for r in app.url_map.iter_rules() if "id" in r.arguments):
        for ident in ("0", str(10**30), "999999", *NO_IDS, str(2**31), str(10**18)):
            if ident != "999999" and not one_in(9, ident, rule.rule):
                continue
            path = re.sub(r"<[^>]*>", ident, rule.rule)
            for who in seen if FULL or ident == "999999" else ["ada"]:
                for method in rule.methods & {"GET", "POST"}:
                    code = seen[who].open(path, method=method, data=filled({})).status_code
                    if code not in (401, 403, 404, 410):  # 401, 410: a link that does not open
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
        "form=csv&endpoint=x&_method=POST&_external=1&_scheme=javascript&_anchor=x&self=x&id=9",
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
            if not one_in(15, query, path):
                continue
            view = app.view_functions[rule.endpoint]
            allowed = MAY.get(view.ability) or {
                "staff" if word == "public" else word for word in view.audience
            }
            for who in (
                browsers
                if FULL
                else [next((who for who, roles in OPEN_TO.items() if roles & allowed), "fang")]
            ):
                code = browsers[who].get(f"{path}?{query}").status_code
                assert code < 500, f"{who} {path}"


@pytest.mark.parametrize("data", [b"%ff%fe=%80", b"a=" + b"&a=" * 25000, b"\0", b"=&=&="])
@pytest.mark.asvs("15.3.5")
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
    _who, path, fields, _strangers = CASES["documents.update"](firm)
    answer = sign_in(firm.li).post(path, data=filled(spoiled(fields, "line-name", "missing", None)))
    assert answer.status_code == 422 and 'value="10.5"' in answer.get_data(as_text=True)


@pytest.mark.asvs("1.4.2", "2.3.2")
def test_a_sum_beyond_all_bounds_is_refused_not_stored(firm, sign_in):
    _who, path, fields, _strangers = CASES["documents.update"](firm)
    answer = sign_in(firm.li).post(
        path, data=filled({**fields, "line-quantity": "999999999", "line-price": "9999999999"})
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
    del form["contract_seal"]
    answer = sign_in(firm.ada).post("/settings/", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422 and Page(answer.get_data(as_text=True)).sentences()
