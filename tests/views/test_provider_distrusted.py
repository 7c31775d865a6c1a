"""What the answer of an OpenID provider is not believed, and what a provider cannot make us do."""

import contextlib
import datetime as dt
import socket
import threading
import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from models.adapters.provider import wire
from models.core.clock import at, now
from models.core.errors import Refused
from models.people import ProviderAccount, Session, attempt
from tests.support.provider import CLIENT, NORMAL
from tests.support.signing_in import SID
from tests.support.single_sign_on import (
    begin,
    come_back,
    go,
    lines,
    mail_of,
    refused,
    use,
)
from views import provider as pages

HOSTILE = {
    "alg none": {"sign": "none"},
    "HS256 with the public key": {"sign": "HS256"},
    "another key of that name": {"sign": "other"},
    "another issuer": {"claims": {"iss": "https://evil.test"}},
    "issuers in a list": {"claims": {"iss": ["https://evil.test", "ISSUER"]}},
    "no issuer": {"claims": {"iss": None}},
    "another audience": {"claims": {"aud": "another"}},
    "no audience": {"claims": {"aud": None}},
    "more audiences and no azp": {"claims": {"aud": [CLIENT, "another"]}},
    "another azp": {"claims": {"azp": "another"}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "a nonce that need not be": {"claims": {"nonce": None, "nonce_supported": False}},
    "expired": {"claims": {"exp": 1_000_000_000}},
    "no end": {"claims": {"exp": None}},
    "not yet": {"claims": {"iat": 4_000_000_000}},
    "not before": {"claims": {"nbf": 4_000_000_000}},
    "no subject": {"claims": {"sub": None}},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject in a list": {"claims": {"sub": ["s-li"]}},
    "a subject that is a number": {"claims": {"sub": 7}},
    "another hash of the access token": {"claims": {"at_hash": "AAAA"}},
    "userinfo of another subject": {"claims": {"sub": "s-ada"}},
    "no ID token": {"tokens": '{"access_token": "x", "token_type": "Bearer"}'},
    "an ID token that is none": {"tokens": '{"id_token": ["x"]}'},
    "a list": {"tokens": "[]"},
    "no JSON": {"tokens": "<html>"},
    "deep JSON": {"tokens": "[" * 100_000},
    "another issuer in the answer": {"iss": "https://evil.test"},
    "no issuer in the answer": {
        "iss": False,
        "metadata": {"authorization_response_iss_parameter_supported": True},
    },
}


@pytest.mark.asvs("9.1.1", "9.1.2", "9.2.1")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_rightly_signed_lets_nobody_in(sso, visitor, name):
    wrong = dict(HOSTILE[name])
    if isinstance(wrong.get("claims", {}).get("iss"), list):
        wrong["claims"] = {"iss": ["https://evil.test", sso.issuer]}
    sso.set(**wrong)
    refused(go(visitor, sso), "cannot be trusted")
    assert not ProviderAccount.select().exists()
    assert lines()[-1].startswith("provider sign-in refused: untrusted")


@pytest.mark.asvs("9.1.3")
def test_a_new_key_of_the_provider_is_fetched_once(sso, visitor, firm):
    go(visitor, sso)
    sso.set(turn=True)
    assert go(visitor, sso).status_code == 303
    assert sso.asked().count("/keys") == 1
    sso.set(sign="other")
    refused_again = go(visitor, sso)
    assert refused_again.status_code == 422 and sso.asked().count("/keys") <= 1


def test_a_code_counts_once(sso, visitor, app):
    back = sso.answer(begin(visitor))
    held = {c: visitor.get_cookie(c).value for c in ("danju_form",)}
    assert come_back(visitor, back).status_code == 303
    Session.delete().execute()
    refused(come_back(visitor, back), "not begun in this browser")
    visitor.set_cookie("danju_form", held["danju_form"])  # who kept the cookie of before
    refused(come_back(visitor, back), "refused to let you in")


def test_what_was_asked_is_answered_once_also_when_it_was_refused(sso, visitor):
    back = sso.answer(begin(visitor))
    refused(come_back(visitor, back.replace("code=", "code=x")), "refused to let you in")
    refused(come_back(visitor, back), "not begun in this browser")


def test_the_answer_to_another_browser_is_not_taken(sso, visitor, app):
    """Whoever is led to the attacker's answer is not signed in as the attacker."""
    back = sso.answer(begin(app.test_client()))
    refused(come_back(visitor, back), "not begun in this browser")
    begin(visitor)
    refused(come_back(visitor, back), "not begun in this browser")


def test_an_answer_that_took_too_long_is_not_taken(sso, visitor, monkeypatch):
    monkeypatch.setattr(pages, "LIFE", -1)
    refused(go(visitor, sso), "took too long")


def test_a_state_without_what_was_asked_opens_nothing(sso, visitor):
    for query in ("", "?state=&code=x", "?code=x", "?error=x", "?state=x&iss="):
        refused(visitor.get(f"/sign-in/provider/return{query}"), "not begun")
    assert sso.asked() == []


@pytest.mark.parametrize(
    "told",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": None},
        {"email": ""},
        {"email": ["li@firm.test"]},
        {"email": "li"},
        {"email": "li@firm.test, ada@firm.test"},
        {"email": "li@fırm.test"},
        {"email": "li@firm.te\u017ft"},  # its capital is S
        {"email": "\u006c\u0131@firm.test"},
    ],
)
def test_a_mail_address_that_is_not_verified_is_nobodys(sso, visitor, told):
    sso.set(claims={**mail_of(NORMAL["who"]), **told})
    refused(go(visitor, sso), "has not verified")


def test_the_sign_of_kelvin_is_no_k(sso, visitor, firm):
    firm.li.email = "like@firm.test"
    firm.li.save()
    sso.set(extra={"email": "li\u212ae@firm.test", "email_verified": True})
    refused(go(visitor, sso), "has not verified")


@pytest.mark.asvs("12.3.2")
def test_a_certificate_that_nobody_vouches_for_is_no_provider(sso, visitor, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert visitor.get("/sign-in/provider").status_code == 503
    assert sso.asked() == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"authorization_endpoint": "http://localhost:1/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"token_endpoint": "http://localhost/token"},
        {"jwks_uri": ["https://localhost/keys"]},
        {"jwks_uri": "https://x@localhost/keys"},
        {"jwks_uri": "https://localhost:99999/keys"},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
def test_a_provider_that_does_not_fit_is_not_asked(sso, visitor, metadata):
    sso.set(metadata=metadata)
    refused(visitor.get("/sign-in/provider"), "not set up correctly")


@pytest.mark.asvs("13.2.4", "15.3.2")
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]"]
)
def test_the_provider_cannot_have_us_ask_our_neighbors(sso, visitor, host):
    """The issuer that the administrator names may be in the firm's network; no other host."""
    sso.set(metadata={"token_endpoint": f"https://{host}:8443/token"})
    refused(go(visitor, sso), "not set up correctly")
    with pytest.raises(Refused):
        wire.ask(f"https://{host}/", sso.issuer)


@pytest.mark.asvs("15.3.2")
def test_no_redirect_is_followed(sso, visitor):
    sso.set(tokens=f"{sso.issuer}/elsewhere")
    refused(go(visitor, sso), "refused to let you in")
    assert "/elsewhere" not in sso.asked()


def test_an_answer_without_end_is_cut_off(sso, visitor, monkeypatch):
    monkeypatch.setattr(wire, "MOST", 5000)
    sso.set(tokens='{"id_token": "' + "x" * 6000 + '"}')
    assert go(visitor, sso).status_code == 503


@pytest.mark.parametrize("drip", [b"", b"X: y\r\n"])
def test_a_provider_that_never_ends_its_answer_holds_nobody(sso, app, visitor, monkeypatch, drip):
    """It says nothing, or a little just before each step's patience ends."""
    monkeypatch.setattr(wire, "PATIENCE", 0.4)
    monkeypatch.setattr(wire, "WHOLE", 1)
    door, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve():
        with contextlib.suppress(OSError):
            link, _address = door.accept()
            drip and link.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.2):
                link.sendall(drip)

    threading.Thread(target=serve, daemon=True).start()
    use(app, sso, OIDC_ISSUER=f"http://localhost:{door.getsockname()[1]}")
    began = time.monotonic()
    assert visitor.get("/sign-in/provider").status_code == 503
    assert 0.3 < time.monotonic() - began < 5
    over.set()
    door.close()


def test_no_code_or_token_stands_in_the_log(sso, visitor, caplog):
    back = sso.answer(begin(visitor))
    come_back(visitor, back.replace("code=", "code=x"))
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    assert "invalid_grant" in caplog.text and code not in caplog.text


def test_too_many_answers_from_one_address_are_held_back(sso, visitor, monkeypatch):
    monkeypatch.setattr(attempt, "TRIES", 1)
    for _n in range(5):
        begin(visitor)
        refused(visitor.get("/sign-in/provider/return?state=x&code=y"), "not begun")
    refused(go(visitor, sso), "Too many attempts")


def test_an_old_token_is_refused_by_our_clock_too(sso, visitor):
    back = sso.answer(begin(visitor))
    with at(now() + dt.timedelta(hours=2)):
        refused(come_back(visitor, back), "cannot be trusted")


def test_the_cookie_of_a_sign_in_is_not_for_scripts(sso, visitor):
    begin(visitor)
    assert visitor.get_cookie("danju_form").http_only
    assert not visitor.get_cookie(SID)
