"""The second factor over HTTP: half a sign-in opens nothing, and who must set it up can do no
more than that."""

import datetime as dt
import re

import pyotp
import pytest

from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.people import Device, Factor, RecoveryCode, Session
from models.people.factor import GRACE
from tests.firm import KEY
from tests.models.test_second_factor import code_of
from tests.models.test_sessions import GOOD
from tests.support.signing_in import SID, enter

CODES = re.compile(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}")


@pytest.fixture
def ada(firm):
    firm.ada.set_password(GOOD, by=firm.ada)
    return firm.ada


def set_up(browser):
    """(the app, the recovery codes) of whoever is signed in there."""
    browser.post("/second-factor/app")
    page = browser.get("/second-factor/").text
    app = pyotp.TOTP(re.search(r"<code>([A-Z2-7]{32})</code>", page)[1])
    answer = browser.post("/second-factor/app/first-code", data={"code": code_of(app)})
    Factor.update(last_step=Factor.last_step - 1).execute()  # half a minute goes by
    return app, CODES.findall(answer.text)


def test_the_recovery_codes_are_shown_once(sign_in, ada):
    browser = sign_in(ada)
    app, codes = set_up(browser)
    assert len(set(codes)) == 8 and not CODES.search(browser.get("/second-factor/").text)
    assert app.secret not in browser.get("/second-factor/").text


def test_half_a_sign_in_opens_nothing_and_a_code_leads_on(app, client, sign_in, ada):
    totp, _codes = set_up(sign_in(ada))
    answer = enter(client, ada.email, next="/customers/")
    assert answer.location == "/sign-in/second?next=/customers/" and not client.get_cookie(SID)
    half = client.get_cookie("half", path="/sign-in")
    assert half.http_only and half.path == "/sign-in"
    for path in ("/", "/second-factor/", "/sessions", "/portal/", "/people/"):
        assert client.get(path).status_code == 401, path
    client.set_cookie(SID, half.value)  # as if it were a session
    assert client.get("/").status_code == 401
    client.delete_cookie(SID)
    page = client.get(answer.location)
    assert ada.email in page.text and 'value="/customers/"' in page.text
    wrong = client.post("/sign-in/second", data={"code": "000000"})
    assert wrong.status_code == 422 and not client.get_cookie(SID)
    done = client.post("/sign-in/second", data={"code": code_of(totp), "next": "/customers/"})
    assert done.location == "/customers/" and client.get("/customers/").status_code == 200
    assert not client.get_cookie("half", path="/sign-in")


def test_the_page_leads_nowhere_else_and_not_without_a_password(client, sign_in, ada):
    totp, _codes = set_up(sign_in(ada))
    assert client.get("/sign-in/second").location.startswith("/sign-in?")
    assert client.post("/sign-in/second", data={"code": code_of(totp)}).status_code == 303
    assert not client.get_cookie(SID)
    enter(client, ada.email, next="//evil.test")
    done = client.post("/sign-in/second", data={"code": code_of(totp), "next": "//evil.test"})
    assert done.location == "/"


def test_a_remembered_browser_is_listed_and_can_be_forgotten(client, sign_in, ada):
    totp, _codes = set_up(sign_in(ada))
    enter(client, ada.email)
    client.post("/sign-in/second", data={"code": code_of(totp), "remember": "y"})
    assert client.get_cookie("remembered").http_only
    client.post("/sign-out")
    assert enter(client, ada.email).location == "/"
    known = Device.remembered(ada).get()
    assert f"/second-factor/browsers/{known.id}/end" in client.get("/sessions").text
    assert client.post(f"/second-factor/browsers/{known.id}/end").status_code == 303
    assert "/second-factor/browsers/" not in client.get("/sessions").text
    assert "second" in enter(client, ada.email).location


def test_today_tells_of_it_and_after_the_days_nothing_else_opens(client, ada):
    enter(client, ada.email)
    assert 'id="second-factor"' in client.get("/").text
    with at(now() + GRACE + dt.timedelta(minutes=1)):
        enter(client, ada.email)
        for path in ("/", "/people/", "/sessions"):
            assert client.get(path).location == "/second-factor/", path
        assert client.post(f"/people/{ada.id}/activity").location == "/second-factor/"
        piece = client.get("/month", headers={"HX-Request": "true"})
        assert piece.headers["HX-Redirect"] == "/second-factor/"
        assert client.get("/second-factor/").status_code == 200
        assert client.post("/sign-out").status_code == 303
        enter(client, ada.email)
        set_up(client)
        assert client.get("/").status_code == 200 and "second-factor" not in client.get("/").text


def test_nobody_is_told_of_it_whose_role_need_not(client, firm):
    firm.li.set_password(GOOD, by=firm.ada)
    enter(client, firm.li.email)
    assert "second-factor" not in client.get("/").text


def test_an_administrator_resets_a_colleagues(sign_in, firm):
    set_up(sign_in(firm.li))
    browser = sign_in(firm.ada)
    assert "second-factor-reset" in browser.get(f"/people/{firm.li.id}/edit").text
    path = f"/people/{firm.li.id}/second-factor-reset"
    assert browser.post(path, data={"idempotency_key": KEY}).status_code == 303
    assert not firm.li.has_second_factor
    assert "second-factor-reset" not in browser.get(f"/people/{firm.li.id}/edit").text
    set_up(sign_in(firm.ada))
    assert "second-factor-reset" not in browser.get(f"/people/{firm.ada.id}/edit").text


def test_new_recovery_codes_and_a_removed_app(sign_in, firm):
    browser = sign_in(firm.li)
    _app, old = set_up(browser)
    new = CODES.findall(browser.post("/second-factor/recovery-codes").text)
    assert len(new) == 8 and not set(new) & set(old)
    assert browser.post("/second-factor/app/removal").status_code == 303
    assert not firm.li.has_second_factor and not RecoveryCode.select().exists()
    assert browser.post("/second-factor/recovery-codes").status_code == 422


@pytest.mark.parametrize("language, words", [("en", "second factor"), ("zh", "两步验证")])
def test_the_mails_say_what_happened(app, firm, language, words, sign_in):
    from app import write_mail

    firm.li.set_language(language)
    sign_in(firm.ada)  # who never was there does nothing that is told
    set_up(sign_in(firm.li))
    firm.li.remove_app()
    set_up(sign_in(firm.li))
    firm.li.reset_second_factor(by=firm.ada)
    set_up(sign_in(firm.li))
    firm.li.reset_second_factor(by=None)
    mails = [m for m in Mail.select().order_by(Mail.id) if m.recipient == firm.li.email]
    assert len(mails) == 6
    for mail in mails:
        subject, text, _html = write_mail(mail)
        assert words in subject and firm.li.name in text


@pytest.mark.parametrize(
    "answer", ["{}", "x", "[]", "null", '{"id": 1}', '{"id": "!", "rawId": ""}']
)
def test_a_made_up_passkey_is_refused(client, sign_in, firm, answer):
    browser = sign_in(firm.li)
    assert browser.get("/second-factor/").status_code == 200
    assert browser.post("/second-factor/passkeys", data={"answer": answer}).status_code == 422
    firm.li.set_password(GOOD, by=firm.ada)
    browser = sign_in(firm.li)
    totp, _codes = set_up(browser)
    enter(client, firm.li.email)
    data = {"code": code_of(totp), "answer": answer}
    assert client.post("/sign-in/second", data=data).status_code == 422
    assert Session.open_of(firm.li).count() == 1


def test_the_secret_waits_encrypted(sign_in, firm):
    browser = sign_in(firm.li)
    browser.post("/second-factor/app")
    waiting = Factor.get(Factor.user == firm.li.id)
    assert (
        waiting.pending.startswith("gAAAA")
        and waiting.pending not in browser.get("/second-factor/").text
    )
