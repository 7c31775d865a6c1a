"""A session that somebody else chose or kept, and an answer that was kept for somebody else."""

import re

import pytest

from tests.models.test_sessions import GOOD
from tests.support.sets import fully, one_in
from tests.support.signing_in import SID, enter
from views.web.headers import PUBLIC


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


def opens(app, secret):
    """Whether this value of the cookie, in another browser, is signed in."""
    other = app.test_client()
    other.set_cookie(SID, secret)
    return other.get("/").status_code == 200


def test_session_fixation_what_was_there_before_signing_in_is_signed_in_nowhere(app, client, li):
    """A cookie that an attacker planted, and read back once its victim had signed in with it."""
    for planted in ("chosen-by-someone-else", "A" * 43, "", "../x", "0"):
        client.set_cookie(SID, planted)
        client.get("/sign-in")
        assert enter(client, li.email).status_code == 303
        given = client.get_cookie(SID).value
        assert given != planted and len(given) > 40
        assert opens(app, given) and not opens(app, planted)


def test_session_fixation_the_form_s_cookie_of_before_signs_nobody_in(app, client, li):
    """Also Flask's own session, which holds the token of forms: alone it opens nothing."""
    client.get("/sign-in")
    before = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    enter(client, li.email)
    other = app.test_client()
    for name in (app.config["SESSION_COOKIE_NAME"], "session", "remember_token", "device"):
        value = before.value if before else "x"
        other.set_cookie(name, value)
    assert other.get("/").status_code == 401


@pytest.mark.parametrize(
    "end", ["sign out", "a new password", "switched off", "another role", "signed in anew"]
)
def test_session_reuse_an_ended_one_opens_nothing_any_more(app, firm, client, li, end):
    """The cookie that somebody copied before: dead with what ends the session, not with the tab."""
    enter(client, li.email)
    kept = client.get_cookie(SID).value
    assert opens(app, kept)
    if end == "sign out":
        client.post("/sign-out")
    elif end == "a new password":
        client.post("/sessions/password", data={"old": GOOD, "password": "another long secret"})
    elif end == "switched off":
        li.disable(by=firm.ada)
    elif end == "another role":
        li.revise(firm.ada, roles=["archivist"])
    else:
        enter(client, li.email)
    assert not opens(app, kept)
    li.enable(by=firm.ada) if end == "switched off" else None
    assert not opens(app, kept)


# Kept answers
# ------------------------------------------------------------------------------------------------


def addresses(app, firm):
    """Every page and file that one may ask for without a number, and a paper's."""
    paper = firm.printed()
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments - {"form"} and one_in(5, rule):
            yield rule.endpoint, rule.rule.replace("<any(csv,xlsx):form>", "csv")
    for tail in ("", "/pdf", "/sheets"):
        yield "documents", f"/documents/{paper.id}{tail}"
        yield "portal_documents", f"/portal/documents/{paper.id}{tail}"


def test_flask_cve_2023_30861_every_answer_with_a_session_is_private(app, firm, sign_in):
    """A proxy kept an answer with one client's session cookie and gave it to others: `Vary: Cookie`
    was missing where a session was only renewed."""
    browsers, asked = [sign_in(firm.li), sign_in(firm.anna), app.test_client()], 0
    for endpoint, path in addresses(app, firm):
        for browser in browsers:
            answer = browser.get(path)
            if endpoint not in PUBLIC or answer.headers.get("Set-Cookie"):
                kept = set(re.split(r",\s*", answer.headers["Cache-Control"]))
                assert {"no-store", "private"} <= kept, path
                assert "cookie" in answer.headers["Vary"].lower(), path
                asked += 1
    assert asked > 60


class Cache:
    """A proxy before the portal that keeps answers: by what Cache-Control allows, or by Vary."""

    def __init__(self, by_vary):
        self.by_vary, self.kept = by_vary, {}

    def get(self, browser, path, cookie):
        headers = self.kept.get(path, (None, ""))[1] if self.by_vary else ""
        key = path, cookie if "cookie" in headers.lower() else ""
        if (path, key) in self.kept:
            return self.kept[path, key]
        answer = browser.get(path)
        allowed = not {"no-store", "private"} & set(answer.cache_control.to_header().split(", "))
        if answer.status_code == 200 and (self.by_vary or allowed):
            vary = answer.headers.get("Vary", "")
            key = path, cookie if self.by_vary and "cookie" in vary.lower() else ""
            self.kept[path] = key, vary
            self.kept[path, key] = answer.data
        return answer.data


@pytest.mark.parametrize("by_vary", [True, False])
def test_flask_cve_2023_30861_a_proxy_in_between_gives_each_their_own(app, firm, sign_in, by_vary):
    """Li first, then Chen and a stranger through the same proxy: nothing has his customer."""
    proxy = Cache(by_vary)
    li, chen, stranger = sign_in(firm.li), sign_in(firm.chen), app.test_client()
    for endpoint, path in addresses(app, firm):
        if endpoint not in PUBLIC:
            proxy.get(li, path, "li")
            for who, browser in (("chen", chen), ("", stranger)):
                got = proxy.get(browser, path, who).decode(errors="replace")
                assert firm.a.name not in got, path
    assert firm.a.name in li.get("/documents/").text
    assert proxy.kept or not by_vary


def test_flask_cve_2023_30861_the_mark_of_one_s_answer_tells_another_nothing(app, firm, sign_in):
    """An ETag of Li's, sent by somebody else: never "not modified", which says that it is so."""
    li, others = sign_in(firm.li), [sign_in(firm.chen), sign_in(firm.anna), app.test_client()]
    for endpoint, path in addresses(app, firm):
        if endpoint not in PUBLIC:
            headers, late = li.get(path).headers, "Wed, 01 Jan 2031 00:00:00 GMT"
            marks = {"If-None-Match": headers.get("ETag", "*")}
            marks["If-Modified-Since"] = headers.get("Last-Modified", late)
            for browser in fully(others[:1], others):
                assert browser.get(path, headers=marks).status_code != 304, path
