"""The links and codes of mails: used once, in their time, by whoever asked; no address that a
server sees holds one."""

import datetime as dt

import pytest

from models import people
from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.people import Code, Session
from tests.models.test_sessions import GOOD
from tests.support.signing_in import bring, link_in
from views.auth import link_for


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.ada)
    return firm.li


@pytest.mark.asvs("7.6.2")
def test_a_scanner_that_opens_every_link_uses_none_up(app, client, li):
    client.post("/forgotten", data={"email": li.email})
    path = link_in(Mail.get())
    for _again in range(3):
        scanner = app.test_client()
        assert scanner.head(path.split("#")[0]).status_code == 200
        assert bring(scanner, path).status_code == 303  # one that runs scripts, too
        scanner.get("/links/password")
    assert Session.select().count() == 0
    assert bring(client, path).status_code == 303
    assert client.get("/links/password").status_code == 200
    assert (
        client.post("/links/password", data={"password": GOOD}).status_code == 303
        and client.get("/").status_code == 200
    )


@pytest.mark.asvs("6.4.1", "6.5.1")
def test_a_link_works_once_and_not_after_its_time(app, client, li):
    client.post("/forgotten", data={"email": li.email, "how": "link"})
    path, asked = link_in(Mail.get()), client.get_cookie("asked", path="/links").value
    with at(now() + dt.timedelta(minutes=10, seconds=1)):
        assert bring(client, path).status_code == 410
    assert bring(client, path).status_code == 303
    assert client.post("/links/sign_in").status_code == 303
    again = app.test_client()
    again.set_cookie("asked", asked, path="/links")
    assert bring(again, path).status_code == 410 and again.post("/links/sign_in").status_code == 410
    assert again.get("/").status_code == 401


@pytest.mark.asvs("6.6.2")
def test_a_code_to_sign_in_counts_in_the_browser_that_asked_for_it_alone(app, client, li):
    """Neither in another, nor with what that asked for: before it, after it, or for others."""
    other, ask = app.test_client(), {"email": li.email, "how": "link"}
    other.post("/forgotten", data={"email": "nobody@x.test", "how": "link"})
    client.post("/forgotten", data=ask)
    first = link_in(Mail.get())
    assert bring(other, first).status_code == bring(app.test_client(), first).status_code == 410
    assert first.split("#")[1] in other.post("/links/sign_in/code", data={"code": first[-9:]}).text
    client.post("/forgotten", data=ask)
    assert bring(client, first).status_code == 410
    second = link_in(Mail.select().order_by(Mail.id.desc()).get())
    typed = second.split("#")[1].lower().replace("-", " ")
    assert client.post("/links/sign_in/code", data={"code": typed}).status_code == 303
    assert client.post("/links/sign_in").status_code == 303 and client.get("/").status_code == 200


@pytest.mark.asvs("6.6.3")
def test_a_code_to_sign_in_is_guessed_eight_times_and_no_more(client, li):
    client.post("/forgotten", data={"email": li.email, "how": "link"})
    for i in range(people.TRIES):
        assert client.post("/links/sign_in/code", data={"code": f"AAAA-AAA{i}"}).status_code == 410
    right = link_in(Mail.get()).split("#")[1]
    assert client.post("/links/sign_in/code", data={"code": right}).status_code == 409
    assert not client.get_cookie("code", path="/links")


@pytest.mark.asvs("14.2.1")
def test_no_address_that_a_server_sees_holds_a_code(client, li):
    """A browser sends no server what follows the #; what stands before it is not read."""
    code = Code.make("password", li)
    assert link_for("password", code) == f"http://localhost:8000/links/password#{code}"
    client.get(f"/links/password?code={code}")
    assert client.post("/links/password", data={"password": GOOD}).status_code == 410
    answer = bring(client, link_for("password", code))
    assert answer.location == "/links/password" and code not in answer.get_data(as_text=True)
    assert code not in client.get("/links/password").get_data(as_text=True)
    assert (
        answer.headers["Referrer-Policy"] == "no-referrer"
        and answer.headers["Cache-Control"] == "no-store, private"
    )


@pytest.mark.parametrize(
    "code", ["", "x", "x" * 5000, "\u00e9", "%00", "a;b", "a\r\nSet-Cookie: x=y"]
)
def test_a_code_that_is_none_leads_nowhere(client, firm, code):
    client.set_cookie("asked", "x" * 43, path="/links")
    for purpose in ("password", "sign_in"):
        assert client.post(f"/links/{purpose}/code", data={"code": code}).status_code in (410, 422)
        assert client.post(f"/links/{purpose}", data={"password": GOOD}).status_code == 410
    assert (
        client.get("/links/nonsense").status_code == 410
        and client.post("/links/nonsense").status_code == 410
    )


def test_a_weak_password_keeps_the_link(client, li):
    bring(client, link_for("password", Code.make("password", li)))
    assert client.post("/links/password", data={"password": "short"}).status_code == 422
    assert client.post("/links/password", data={"password": GOOD}).status_code == 303
