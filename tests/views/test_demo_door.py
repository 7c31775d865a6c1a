"""The demo's password stands on its sign-in page: it opens a firm at home, and none on the open
net."""

import functools
import http.client

import pytest

from app import serving
from jobs import serve
from models.company import Company
from models.people import passwords
from tests import web
from views.web.visitors import is_at_this_machine

HERE = [
    {"REMOTE_ADDR": "127.0.0.1"},
    {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
    {"REMOTE_ADDR": "::ffff:127.0.0.1"},
]
AWAY = [
    {"REMOTE_ADDR": "203.0.113.9"},
    {"REMOTE_ADDR": "192.168.1.7"},
    {"REMOTE_ADDR": "172.17.0.1"},  # Docker's bridge: whoever reaches the published port
    {"HTTP_HOST": "danju.example.com"},
    {"HTTP_HOST": "localhost.example.com"},
    {"HTTP_HOST": "192.168.1.20:8000"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
    {"HTTP_CF_CONNECTING_IP": "127.0.0.1"},
    {"HTTP_X_DANJU_FORWARDED": "yes"},
    {"SERVER_PROTOCOL": "HTTP/1.0"},  # nginx, told nothing but where to go
]
NAMED = [
    {"BASE_URL": "https://danju.example.com"},
    {"BASE_URL": "http://192.168.1.20"},
    {"TRUSTED_PROXY": "127.0.0.1"},
]
SETUP = {
    "firm": "F",
    "language": "zh",
    "currency": "CNY",
    "name": "Ada",
    "email": "ada@firm.test",
    "password": "correct horse battery",
}
CODE = 'name="code"'


@pytest.mark.parametrize("environ", HERE + AWAY)
def test_at_the_machine_itself_is_who_comes_from_it_to_it_through_nobody(app, environ):
    with app.test_request_context(environ_overrides={**HERE[0], **environ}):
        assert is_at_this_machine() == (environ in HERE)


@pytest.mark.parametrize("named", NAMED)
def test_where_a_proxy_or_another_address_is_named_nobody_is_at_the_machine(app, named):
    app.config.update(named)
    with app.test_request_context(environ_overrides=HERE[0]):
        assert not is_at_this_machine()


def come_from(client, environ):
    client.open = functools.partial(client.open, environ_overrides=environ)


@pytest.fixture
def demo(firm):
    Company.update(demo=True).execute()
    firm.li.set_password(passwords.DEMO, by=firm.li)
    firm.fang.set_password("correct horse battery", by=firm.fang)
    return firm


def test_at_home_the_demo_shows_its_accounts_and_lets_in(client, demo):
    assert passwords.DEMO in client.get("/sign-in").get_data(as_text=True)
    assert (
        client.post(
            "/sign-in", data={"email": demo.li.email, "password": passwords.DEMO}
        ).status_code
        == 303
    )


@pytest.mark.asvs("6.3.2")
@pytest.mark.parametrize("environ", AWAY)
def test_who_comes_from_elsewhere_meets_no_open_demo(app, client, demo, environ):
    come_from(client, environ)
    assert passwords.DEMO not in client.get("/sign-in").get_data(as_text=True)
    assert (
        client.post(
            "/sign-in", data={"email": demo.li.email, "password": passwords.DEMO}
        ).status_code
        == 422
    )
    assert (
        client.post(
            "/sign-in", data={"email": demo.fang.email, "password": "correct horse battery"}
        ).status_code
        == 303
    )


def test_a_demo_that_is_said_to_be_open_is_so_to_everybody(app, client, demo):
    app.config["DEMO_OPEN"] = True
    come_from(client, AWAY[0])
    assert passwords.DEMO in client.get("/sign-in").text


@pytest.mark.parametrize("environ", AWAY)
@pytest.mark.parametrize("path", ["/setup", "/setup/restore"])
def test_who_comes_from_elsewhere_is_asked_for_the_code(app, client, environ, path):
    come_from(client, environ)
    page = client.get(path).text
    assert CODE in page and 'name="firm"' not in page and 'name="key"' not in page
    assert client.post(path, data=SETUP).status_code == 422
    assert client.post(path, data={**SETUP, "code": "guessed"}).status_code == 422
    assert Company.current() is None


@pytest.mark.asvs("14.2.1")
def test_a_portal_is_set_up_by_who_can_read_its_log(app, client, tmp_path):
    come_from(client, AWAY[0])
    client.post("/setup", data={"code": "guessed"})
    stored = tmp_path / "setup_code"
    code = stored.read_text().strip()
    assert len(code) >= 12 and stored.stat().st_mode & 0o077 == 0
    assert client.get(f"/setup?code={code}").status_code == 200
    answer = client.post("/setup", data={"code": f" {code}\n"})
    assert (answer.status_code, answer.location) == (303, "/setup")
    page = client.get("/setup").text
    assert 'name="firm"' in page and 'name="demo"' not in page
    other = app.test_client()
    come_from(other, AWAY[0])
    assert other.post("/setup", data=SETUP).status_code == 422
    assert client.post("/setup", data={**SETUP, "demo": "y"}).status_code == 303
    assert Company.current().name == "F" and Company.current().demo is False


def test_the_setup_code_cannot_be_guessed_for_long(app, client, tmp_path):
    come_from(client, AWAY[0])
    for i in range(9):
        client.post("/setup", data={"code": f"guess {i}"})
    code = (tmp_path / "setup_code").read_text().strip()
    assert client.post("/setup", data={"code": code}).status_code == 422


def test_at_the_machine_itself_nobody_is_asked_for_a_code(client):
    page = client.get("/setup").text
    assert 'name="firm"' in page and CODE not in page


@pytest.mark.parametrize("header, asked", [({}, False), ({"X-Forwarded-For": "10.1.2.3"}, True)])
def test_the_server_tells_what_waitress_took_away(app, monkeypatch, header, asked):
    monkeypatch.setattr(
        web, "create_server", lambda app, **given: serve.listen(app, given, headers={})
    )
    settings = serving({**app.config, "HOST": "127.0.0.1", "PORT": 0})
    with web.serving(app, **settings) as server:
        link = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=20)
        link.request("GET", "/setup", headers=header)
        page = link.getresponse().read().decode()
        link.close()
    assert (CODE in page) == asked


def test_the_start_prints_an_address_that_brings_the_code(app, monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "run", lambda app, arguments, announce, headers: announce())
    said = app.test_cli_runner().invoke(args=["serve"]).output
    code = (tmp_path / "setup_code").read_text().strip()
    assert f"/setup#{code}" in said
