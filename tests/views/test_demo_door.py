"""The demo's password stands on its sign-in page: it opens a firm at home, and none on the open
net."""

import pytest

from config import is_local_address
from models.company import Company
from models.people import passwords

HOME = [
    "http://localhost:8000",
    "http://127.0.0.1:8108",
    "http://192.168.1.20",
    "http://[::1]:8000",
    "http://danju",
    "http://nas.local:8000",
]
AWAY = [
    "https://danju.example.com",
    "http://203.0.113.7",
    "http://localhost.example.com",
    "http://10.example.com",
    "http://8.8.8.8:8000",
]


@pytest.mark.parametrize("base", HOME + AWAY)
def test_at_home_is_told_by_the_address(base):
    assert is_local_address(base) == (base in HOME)


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
def test_on_the_open_net_the_demo_password_opens_nothing(app, client, demo):
    app.config["DEMO_OPEN"] = False
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


def test_on_the_open_net_no_firm_is_set_up_as_a_demo(app, client):
    form = {
        "firm": "F",
        "language": "zh",
        "currency": "CNY",
        "name": "Ada",
        "email": "ada@firm.test",
        "password": "correct horse battery",
        "demo": "y",
    }
    app.config["DEMO_OPEN"] = False
    assert 'name="demo"' not in client.get("/setup").get_data(as_text=True)
    assert client.post("/setup", data=form).status_code == 303
    assert Company.current().demo is False


def test_on_the_open_net_a_portal_is_set_up_by_who_can_read_its_log(app, client, tmp_path):
    app.config["AT_HOME"] = False
    form = {
        "firm": "F",
        "language": "zh",
        "currency": "CNY",
        "name": "Eve",
        "email": "eve@firm.test",
        "password": "correct horse battery",
    }
    assert 'name="code"' in client.get("/setup").get_data(as_text=True)
    assert (
        client.post("/setup", data=form).status_code == 422
        and client.post("/setup", data={**form, "code": "guessed"}).status_code == 422
    )
    assert Company.current() is None
    code = (tmp_path / "setup_code").read_text().strip()
    assert len(code) >= 12 and (tmp_path / "setup_code").stat().st_mode & 0o077 == 0
    assert client.post("/setup", data={"code": f" {code}\n"}).status_code == 303
    assert 'name="firm"' in client.get("/setup").get_data(as_text=True)
    assert app.test_client().post("/setup", data=form).status_code == 422
    assert client.post("/setup", data=form).status_code == 303 and Company.current().name == "F"


def test_the_setup_code_cannot_be_guessed_for_long(app, client, tmp_path):
    app.config["AT_HOME"] = False
    for i in range(9):
        client.post("/setup", data={"code": f"guess {i}"})
    assert (
        client.post(
            "/setup", data={"code": (tmp_path / "setup_code").read_text().strip()}
        ).status_code
        == 422
    )


def test_at_home_nobody_is_asked_for_a_code(client):
    page = client.get("/setup").get_data(as_text=True)
    assert 'name="firm"' in page and 'name="code"' not in page
