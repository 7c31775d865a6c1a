"""Signing in over HTTP: what a stranger learns, where a link leads, which address a mail names."""

import pytest

from models import people
from models.adapters.outbox import Mail
from models.people import Attempt, Session
from tests.models.test_sessions import GOOD, later
from tests.support.signing_in import SID, TOKEN, bring, enter, link_in


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


@pytest.mark.asvs("3.3.4", "7.2.4")
def test_signing_in_gives_a_fresh_cookie_and_ignores_one_brought_along(client, li):
    client.set_cookie(SID, "chosen by someone else")
    cookies = [enter(client, li.email).headers.getlist("Set-Cookie")[0] for _ in range(2)]
    assert "HttpOnly" in cookies[0] and "SameSite=Lax" in cookies[0] and cookies[0] != cookies[1]
    assert "chosen" not in cookies[0] and client.get("/").status_code == 200


@pytest.mark.asvs("7.2.1", "7.4.1")
def test_signing_out_ends_the_session_on_the_server(client, li):
    enter(client, li.email)
    secret = client.get_cookie(SID).value
    assert client.post("/sign-out").status_code == 303
    client.set_cookie(SID, secret)
    assert client.get("/").status_code == 401


@pytest.mark.asvs("7.3.1")
def test_an_idle_browser_is_asked_to_sign_in_again(client, li):
    enter(client, li.email)
    with later(hours=8, minutes=1):
        assert client.get("/documents/").status_code == 401


@pytest.mark.asvs("6.2.2", "7.4.3")
def test_a_new_password_signs_out_every_browser(client, sign_in, li):
    others = [sign_in(li), sign_in(li)]
    enter(client, li.email)
    answer = client.post(
        "/sessions/password", data={"old": GOOD, "password": "another long secret"}
    )
    assert answer.status_code == 303
    assert [b.get("/").status_code for b in (*others, client)] == [401] * 3


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("wrong", "another long secret", "The old password is wrong"),
        (GOOD, "short", "at least 12"),
        (GOOD, "li@firm.test", "too easy"),
    ],
)
@pytest.mark.asvs("6.2.3")
def test_a_refused_new_password_says_why_and_keeps_the_session(client, li, old, new, words):
    enter(client, li.email)
    client.set_cookie("language", "en")
    answer = client.post("/sessions/password", data={"old": old, "password": new})
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("change", ["disable", "roles"])
@pytest.mark.asvs("7.4.2", "7.4.5")
def test_a_change_by_the_administrator_signs_out_at_once(firm, client, li, change):
    enter(client, li.email)
    li.disable(by=firm.ada) if change == "disable" else li.revise(firm.ada, roles=["archivist"])
    assert client.get("/documents/").status_code == 401


# What a stranger learns
# ----------------------------------------------------------------------------------------


def same(answers, names):
    """Whether the answers are equal but for the name typed and the form's token."""
    bodies = [
        TOKEN.sub("TOKEN", a.get_data(as_text=True).replace(name, "NAME"))
        for a, name in zip(answers, names, strict=True)
    ]
    return len(set(bodies)) == 1 and len({(a.status_code, a.location) for a in answers}) == 1


def test_a_throttled_name_gets_the_same_answer_known_or_not(app, li):
    names = [li.email, "nobody@x.test"]
    for name in names:
        for _ in range(people.TRIES):
            enter(app.test_client(), name, "wrong")
    answers = [enter(app.test_client(), name) for name in names]
    assert same(answers, names) and Session.select().count() == 0


def test_forgotten_sends_no_flood_of_mails(app, li):
    for _ in range(people.TRIES + 5):
        assert app.test_client().post("/forgotten", data={"email": li.email}).status_code == 303
    assert Mail.select().count() == people.TRIES


# Where one is sent (and not: tests/replay/test_where_one_is_sent.py)
# ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["/documents/", "/documents/?q=%E5%8D%8E&state=draft", "/customers/1"]
)
def test_one_arrives_where_one_wanted_to_go(client, li, target):
    assert enter(client, li.email, next=target).location == target


def test_a_contact_is_sent_to_the_portal_whatever_it_asks(client, firm):
    firm.anna.set_password(GOOD, by=firm.anna)
    for target in ("/", "/documents/", "/portal/documents/"):
        assert enter(client, firm.anna.email, next=target).location.startswith("/portal/")


@pytest.mark.asvs("6.3.1")
def test_the_old_password_cannot_be_guessed_by_who_took_a_session(client, li):
    enter(client, li.email)
    for _ in range(people.TRIES):
        client.post("/sessions/password", data={"old": "wrong", "password": "another long secret"})
    client.set_cookie("language", "en")
    answer = client.post(
        "/sessions/password", data={"old": GOOD, "password": "another long secret"}
    )
    assert (
        answer.status_code == 422
        and "Too many attempts" in answer.get_data(as_text=True)
        and people.User.get_by_id(li.id).check_password(GOOD)
    )


@pytest.mark.asvs("6.3.1")
def test_one_network_of_ipv6_addresses_counts_as_one(li):
    for i in range(people.TRIES * 5):
        Attempt.note(f"name{i}@x.test", f"2001:db8:1:2::{i:x}")
    assert Attempt.throttled("new@x.test", "2001:db8:1:2:ffff::1") and not Attempt.throttled(
        "new@x.test", "2001:db8:1:3::1"
    )


@pytest.mark.asvs("16.2.1", "16.2.5", "16.3.2", "16.3.3", "14.2.4")
def test_the_security_log_tells_who_was_refused_and_no_secret(app, client, li, caplog):
    caplog.set_level("INFO", "danju.security")
    enter(client, li.email, "a wrong secret")
    enter(client, "typed-my-password-here@x.test", "a wrong secret")
    (
        client.post("/links/password/code", data={"code": "no-such-code"}),
        client.post("/links/password", data={"password": GOOD}),
    )
    enter(client, li.email)
    client.get("/people/"), client.get("/documents/999")
    client.post("/sessions/password", data={"old": "a wrong secret", "password": GOOD})
    said = caplog.text
    for words in (
        f"sign-in refused: User {li.id} from 127.0.0.1",
        "sign-in refused: nobody we know from 127.0.0.1",
        "link refused: password",
        f"forbidden: people.index to User {li.id}",
        f"not in scope: Document 999 of User {li.id}",
        f"old password refused: User {li.id}",
    ):
        assert words in said, words
    assert (
        "secret" not in said and "typed-my-password-here" not in said and "no-such-code" not in said
    )


@pytest.mark.asvs("7.2.4")
def test_signing_in_anew_ends_the_session_that_was_there(client, li, firm):
    enter(client, li.email)
    first = client.get_cookie(SID).value
    enter(client, li.email)
    assert Session.resume(first) is None and client.get("/").status_code == 200
    client.post("/forgotten", data={"email": li.email, "how": "link"})
    second = client.get_cookie(SID).value
    bring(client, link_in(Mail.get(Mail.template == "sign_in")))
    assert client.post("/links/sign_in").status_code == 303
    assert Session.resume(second) is None and client.get("/").status_code == 200


def test_a_piece_asked_for_from_an_address_that_is_none_leads_to_the_sign_in(client, firm):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://["}
    answer = client.get("/documents/tabs", headers=headers)
    assert answer.status_code == 401 and "next=/documents/tabs" in answer.headers["HX-Redirect"]
