"""Who signs in by the provider proves there, too, who they are before what matters most."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from models.company import Company
from models.core.clock import now
from models.people import ProviderAccount, Session
from tests.firm import KEY
from tests.support.provider import NORMAL
from tests.support.single_sign_on import begin, come_back, go, lines

ADA = {**NORMAL["who"], "sub": "s-ada", "email": "ada@firm.test", "name": "Ada"}


@pytest.fixture
def ada(sso, firm, visitor):
    """An administrator who came by the provider, long ago."""
    firm.ada.set_language("en")
    sso.set(who=ADA)
    go(visitor, sso)
    Session.update(proved_at=None).execute()
    return firm.ada


def session():
    return Session.select().order_by(Session.id.desc()).get()


def asked_again(visitor, sso, **claims):
    """What the browser gets that went there to prove and came back."""
    sso.set(who=ADA, claims=claims)
    return go(visitor, sso, prove="")


def changes_a_role(visitor, firm):
    fields = {"name": "Li Ming", "email": firm.li.email, "roles": ["finance"], "language": "en"}
    fields |= {"idempotency_key": KEY}
    return visitor.post(f"/people/{firm.li.id}/edit", data=fields)


@pytest.mark.asvs("7.5.1")
def test_what_was_proved_there_counts_here(sso, visitor, ada, firm):
    refused = changes_a_role(visitor, firm)
    assert refused.status_code == 422
    assert 'href="/sign-in/provider?prove=" target="_blank"' in refused.text
    assert "Sign in again with Keycloak" in refused.text
    asked = parse_qs(urlsplit(begin(visitor, prove="")).query)
    assert asked["max_age"] == ["600"]
    done = asked_again(visitor, sso, auth_time=int(time.time()) - 5)
    assert done.status_code == 200 and "for ten minutes you are not asked again" in done.text
    assert not session().needs_proof and Session.select().count() == 1
    assert changes_a_role(visitor, firm).status_code == 303


@pytest.mark.parametrize(
    "auth_time",
    [None, 0, -1, "now", True, lambda: time.time() - 700, lambda: time.time() + 700],
    ids=["untold", "0", "before all", "a word", "no number", "long ago", "to come"],
)
@pytest.mark.asvs("7.5.1")
def test_a_sign_in_of_long_ago_proves_nothing(sso, visitor, ada, firm, auth_time):
    claims = {"auth_time": int(auth_time()) if callable(auth_time) else auth_time}
    answer = asked_again(visitor, sso, **claims)
    assert answer.status_code == 422
    assert "did not ask you again" in answer.text or "cannot be trusted" in answer.text
    assert session().needs_proof and "provider sign-in refused" in lines()[-1]
    assert changes_a_role(visitor, firm).status_code == 422


@pytest.mark.asvs("7.5.1")
def test_somebody_else_at_the_provider_proves_nothing(sso, visitor, ada, firm):
    ProviderAccount.bind(firm.li, sso.issuer, "s-li")
    for who in ({**ADA, "sub": "s-new"}, NORMAL["who"]):
        sso.set(who=who, claims={"auth_time": int(time.time())})
        answer = go(visitor, sso, prove="")
        assert answer.status_code == 422 and "not the single sign-on account" in answer.text
    assert session().needs_proof and session().user == ada and Session.select().count() == 1


def test_who_has_no_password_is_asked_for_none(sso, visitor, ada, firm):
    ada.password = ""
    ada.save()
    page = visitor.get(f"/people/{firm.li.id}/edit").text
    assert 'name="proof"' not in page and "/sign-in/provider?prove" in page
    assert "You have no password yet" not in page


@pytest.mark.parametrize("setting", ["provider_factor", "provider_alone"])
def test_how_staff_sign_in_is_changed_after_a_proof_alone(sso, visitor, ada, setting):
    fields = {setting: "y", "group": "sign-in", "factor_roles": "admin"}
    answer = visitor.post("/settings/", data=fields)
    assert answer.status_code == 422 and not Company.current().setting(setting)
    Session.update(proved_at=now()).execute()
    assert visitor.post("/settings/", data=fields).status_code == 303
    assert Company.current().setting(setting)


def test_nobody_proves_who_is_not_signed_in(sso, visitor, ada):
    assert visitor.get("/sign-in/provider?prove").status_code == 303
    back = sso.answer(begin(visitor, prove=""))
    session().end(by=ada)
    assert come_back(visitor, back).status_code == 401
    assert visitor.get("/sign-in/provider?prove").status_code == 401


def test_a_sign_in_by_the_provider_is_a_proof_when_it_asked_just_now(sso, visitor, firm):
    go(visitor, sso)
    assert session().needs_proof  # it did not say when it asked
    sso.set(claims={"auth_time": int(time.time()) - 3000})
    go(visitor, sso)
    assert session().needs_proof
    sso.set(claims={"auth_time": int(time.time()) - 30})
    go(visitor, sso)
    assert not session().needs_proof
