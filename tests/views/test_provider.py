"""Single sign-on against a real OpenID provider in a process of its own, over TLS: whom it lets
in."""

from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from models.adapters import provider
from models.adapters.outbox import Mail
from models.adapters.provider import wire
from models.company import Company
from models.people import ProviderAccount, Session, User
from tests.firm import KEY
from tests.models.test_second_factor import set_up
from tests.models.test_sessions import GOOD
from tests.support.provider import CLIENT, NORMAL
from tests.support.signing_in import enter
from tests.support.single_sign_on import (
    begin,
    come_back,
    go,
    lines,
    mail_of,
    refused,
    use,
)
from tests.web import free_port


def test_who_the_provider_vouches_for_is_signed_in(sso, visitor, firm):
    page = visitor.get("/sign-in?next=/customers/")
    assert "Sign in with Keycloak" in page.text
    assert 'href="/sign-in/provider?next=/customers/"' in page.text
    address = begin(visitor, next="/customers/")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert address.startswith(f"{sso.issuer}/authorize?")
    assert asked["code_challenge_method"] == "S256" and asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == "http://localhost:8000/sign-in/provider/return"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    done = come_back(visitor, sso.answer(address))
    assert done.status_code == 303 and done.location == "/customers/"
    assert visitor.get("/customers/").status_code == 200
    [session] = Session.select()
    assert session.user == firm.li
    account = firm.li.provider_account
    assert (account.issuer, account.subject) == (sso.issuer, "s-li")
    assert [e.action for e in firm.li.events][-2:] == ["provider_bound", "signed_in"]


def test_the_second_time_is_the_same_account(sso, visitor, firm):
    go(visitor, sso)
    assert go(visitor, sso).location == "/"
    assert ProviderAccount.select().count() == 1
    assert [e.action for e in firm.li.events].count("provider_bound") == 1


def test_two_sign_ins_ask_for_other_secrets(sso, visitor):
    first, second = (dict(parse_qsl(urlsplit(begin(visitor)).query)) for _n in range(2))
    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


def test_without_a_provider_there_is_no_button_and_no_page(firm, visitor):
    assert "/sign-in/provider" not in visitor.get("/sign-in").text
    for path in ("", "/return?code=x&state=y", "/out"):
        assert visitor.get(f"/sign-in/provider{path}").status_code == 404


def test_the_host_header_does_not_choose_where_the_provider_sends_to(sso, visitor):
    answer = visitor.get("/sign-in/provider", headers={"Host": "evil.test"})
    asked = dict(parse_qsl(urlsplit(answer.location).query))
    assert asked["redirect_uri"].startswith("http://localhost:8000/")
    done = visitor.get("/sign-in/provider?next=//evil.test")
    back = sso.answer(done.location)
    assert come_back(visitor, back).location == "/"


def test_a_mail_address_in_other_capitals_is_the_same(sso, visitor):
    sso.who(email="Li@FIRM.test")
    assert go(visitor, sso).status_code == 303


def test_the_mail_may_stand_in_the_id_token(sso, visitor):
    sso.set(extra=mail_of(NORMAL["who"]))
    assert go(visitor, sso).status_code == 303
    assert "/userinfo" not in sso.asked()


def test_another_account_with_the_same_mail_is_refused_and_told(sso, visitor, firm):
    go(visitor, sso)
    Session.delete().execute()
    for _again in range(2):
        sso.who(sub="s-the-new-li")
        refused(go(visitor, sso), "li@firm.test", "another single sign-on account")
    mails = list(Mail.select().where(Mail.template == "provider_other_account"))
    assert [m.recipient for m in mails] == [a.email for a in User.with_role("admin")]
    assert "other account" in lines()[-1] and f"User {firm.li.id}" in lines()[-1]
    firm.li.release_provider_account(by=firm.ada)
    assert go(visitor, sso).status_code == 303
    assert firm.li.provider_account.subject == "s-the-new-li"


def test_one_account_is_not_two_colleagues(sso, visitor, firm):
    go(visitor, sso)
    Session.delete().execute()
    sso.who(email="wang@firm.test")
    refused(go(visitor, sso), "another single sign-on account")
    assert ProviderAccount.select().count() == 1


def test_the_same_subject_of_another_issuer_is_another_account(firm):
    assert ProviderAccount.bind(firm.li, "https://a.test", "7")
    assert ProviderAccount.bind(firm.wang, "https://b.test", "7")
    assert not ProviderAccount.bind(firm.wang, "https://a.test", "7")
    assert not ProviderAccount.bind(firm.li, "https://a.test", "8")
    assert ProviderAccount.bind(firm.li, "https://a.test", "7")


def test_a_disabled_colleague_stays_out(sso, visitor, firm):
    firm.li.disable(by=firm.ada)
    refused(go(visitor, sso), "deactivated")
    assert "disabled" in lines()[-1]


def test_a_customer_is_not_let_in_by_the_provider(sso, visitor, firm):
    sso.who(email=firm.anna.email, sub="s-anna")
    refused(go(visitor, sso), "No colleague here")


def test_a_stranger_gets_an_account_only_where_the_domain_is_named(sso, app, visitor, firm):
    sso.who(email="Mei@Firm.example", sub="s-mei", name="Mei\u202e Lin\n")
    refused(go(visitor, sso), "No colleague here has the email address mei@firm.example")
    for domains in (["other.example"], ["example"], ["m.example"], ["rm.example"]):
        use(app, sso, OIDC_DOMAINS=domains)
        refused(go(visitor, sso), "No colleague here")
    use(app, sso, OIDC_DOMAINS=["firm.example"])
    assert go(visitor, sso).status_code == 303
    mei = User.get(User.email == "mei@firm.example")
    assert (mei.name, mei.roles, mei.team, mei.password) == ("Mei Lin", ["sales"], None, "")
    assert [e.action for e in mei.events] == ["entered", "provider_bound", "signed_in"]
    assert mei.events[0].actor_type == "System" and not mei.awaited
    told = list(Mail.select().where(Mail.template == "provider_newcomer"))
    assert [m.recipient for m in told] == [a.email for a in User.with_role("admin")]
    mei.set_language("en")
    visitor.set_cookie("language", "en")
    mei.disable(by=firm.ada)
    Session.delete().execute()
    refused(go(visitor, sso), "deactivated")


def test_the_second_factor_is_asked_unless_the_firm_takes_the_providers(sso, visitor, firm):
    Company.current().revise(firm.ada, settings={"factor_roles": ["sales"]})
    set_up(firm.li)
    for extra in ({}, {"amr": ["pwd", "mfa"]}, {"acr": "phr"}):
        sso.set(extra=extra)
        answer = go(visitor, sso, next="/customers/")
        assert answer.location == "/sign-in/second?next=/customers/"
        assert not Session.select().exists()
    Company.current().revise(firm.ada, settings={"provider_factor": True})
    for claims in ({"sid": 1}, {"amr": ["pwd"]}, {"amr": [{"mfa": 1}]}, {"acr": ["phr"]}):
        sso.set(claims=claims)
        assert go(visitor, sso).location != "/", claims
    sso.set(claims={"amr": "mfa"})
    assert go(visitor, sso).status_code == 422  # no list
    sso.set(extra={"amr": ["pwd", "mfa"]})
    assert go(visitor, sso).location == "/"
    assert Session.get().factor_due is None


def test_who_shows_a_factor_at_the_provider_need_not_set_up_ours(sso, visitor, firm):
    Company.current().revise(firm.ada, settings={"factor_roles": ["sales"]})
    sso.set(extra={"amr": ["mfa"]})
    go(visitor, sso)
    assert Session.get().factor_due is not None
    Session.delete().execute()
    Company.current().revise(firm.ada, settings={"provider_factor": True})
    go(visitor, sso)
    assert Session.get().factor_due is None


def test_the_firm_may_let_its_staff_in_by_the_provider_alone(sso, client, app, firm):
    for person in (firm.li, firm.ada, firm.anna):
        person.set_password(GOOD, by=person)
    Company.current().revise(firm.ada, settings={"provider_alone": True})
    assert enter(client, firm.li.email).status_code == 422
    assert not Session.select().exists()
    for person in (firm.ada, firm.anna):
        assert enter(app.test_client(), person.email).status_code == 303
    app.config["OIDC_ISSUER"] = ""
    provider.use(app.config)  # a setting that was forgotten locks nobody out
    assert enter(client, firm.li.email).status_code == 303


def test_who_cancels_is_told_so(sso, visitor):
    sso.set(error="access_denied")
    refused(go(visitor, sso), "canceled")
    sso.set(error="server_error")
    refused(go(visitor, sso), "refused to let you in")


def test_the_sentences_are_in_the_readers_language(sso, app):
    visitor = app.test_client()
    visitor.set_cookie("language", "zh")
    sso.set(error="access_denied")
    refused(go(visitor, sso), "单点登录已取消")


@pytest.mark.asvs("16.5.2")
def test_a_provider_that_is_away_leaves_the_other_ways(sso, app, visitor, firm):
    firm.li.set_password(GOOD, by=firm.li)
    app.config.update(OIDC_ISSUER=f"https://localhost:{free_port()}")
    provider.use(app.config)
    answer = visitor.get("/sign-in/provider?next=/customers/")
    assert answer.status_code == 503 and "is not answering" in answer.text
    assert 'name="next" value="/customers/"' in answer.text
    assert enter(visitor, firm.li.email, next="/customers/").location == "/customers/"
    assert "away" in lines()[-1]


def test_what_the_provider_publishes_is_read_again_each_hour(sso, visitor, monkeypatch):
    go(visitor, sso), go(visitor, sso)
    assert sso.asked().count("/.well-known/openid-configuration") == 1
    provider._known["until"] = 0
    go(visitor, sso)
    assert sso.asked().count("/.well-known/openid-configuration") == 2


@pytest.mark.asvs("7.4.1")
def test_signing_out_offers_to_sign_out_at_the_provider(sso, visitor, firm):
    go(visitor, sso)
    page = visitor.get(visitor.post("/sign-out").location)
    assert "still signed in at Keycloak" in page.text and "/sign-in/provider/out" in page.text
    away = urlsplit(visitor.get("/sign-in/provider/out").location)
    assert f"{away.scheme}://{away.netloc}{away.path}" == f"{sso.issuer}/out"
    assert parse_qs(away.query) == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["http://localhost:8000/sign-in"],
    }
    assert visitor.get("/").status_code == 401
    assert "still signed in" not in visitor.get("/sign-in").text


def test_an_administrator_unlinks_an_account(sso, visitor, firm, sign_in):
    ProviderAccount.bind(firm.li, sso.issuer, "s-li")
    secret = Session.start(firm.li)
    admin = sign_in(firm.ada)
    assert sso.issuer in admin.get(f"/people/{firm.li.id}/edit").text
    path, key = f"/people/{firm.li.id}/provider-account/removal", {"idempotency_key": KEY}
    done = admin.post(path, data=key)
    assert done.status_code == 303 and firm.li.provider_account is None
    assert Session.resume(secret) is None
    assert [e.action for e in firm.li.events][-1] == "provider_released"
    assert admin.post(path, data={"idempotency_key": KEY[::-1]}).status_code == 409
    assert sign_in(firm.wang).post(path, data=key).status_code == 403


def test_the_settings_of_single_sign_on_are_shown_where_there_is_one(sso, app, sign_in, firm):
    assert "The second factor of single sign-on counts" in sign_in(firm.ada).get("/settings/").text
    app.config["OIDC_ISSUER"] = ""
    provider.use(app.config)
    assert "of single sign-on counts" not in sign_in(firm.ada).get("/settings/").text


def test_a_query_of_the_provider_is_kept():
    assert wire.with_query("https://x.test/out?a=1", b=2) == "https://x.test/out?a=1&b=2"
    assert urlencode({"b": 2}) in wire.with_query("https://x.test/out", b=2)
