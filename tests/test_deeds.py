"""Every deed that needs a proof, found by its route: a session whose proof is old does none of them
and changes nothing."""

import re

import pytest

from models.adapters.outbox import Mail
from models.core.journal import Event
from models.people import ProviderAccount, Session, User
from tests import arguments
from tests.firm import KEY
from tests.models.test_second_factor import set_up as app_of
from tests.models.test_sessions import GOOD
from tests.support.house import house_in
from tests.support.undo import undone
from tests.test_audience import path_of
from tests.valid_forms import CASES
from views.web.proof import DEEDS, SHOWN_AGAIN

# What stands beside the deeds, in the same files, and needs no proof: why not.
HARMLESS = {
    "account_changes.reject": "the account goes on as it was",
    "account_changes.withdraw": "the account goes on as it was",
    "backups.ask": "one more backup",
    "second_factor.forget": "a browser is asked for the factor again",
    "sessions.password": "asks for the old password itself",
    "settings.patterns": "numbers of documents",
    "settings.preview": "keeps nothing",
    "settings.try_mail": "a mail to oneself",
}
WATCHED = {name.split(".")[0] for name in DEEDS | SHOWN_AGAIN} - {"contacts"}
# What the firm of the tests has nothing for: no key of a device, no second factor.
FAILS_HERE = {"second_factor.add_passkey"}
LINKED = {"provider_releases.create"}
SIGNED_IN = {
    "account_changes.approve": "fang",
    "second_factor.remove_app": "li",
    "second_factor.remove_passkey": "li",
    "sessions.end": "li",
}
SECURED = {
    "factor_resets.create": "li",
    "second_factor.remove_app": "li",
    "second_factor.renew": "ada",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("proof")) as made:
        yield made


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.methods & {"POST", "PUT", "DELETE"}]


def test_every_route_that_writes_there_is_a_deed_or_named_harmless(house):
    found = {r.endpoint for r in rules(house) if r.endpoint.split(".")[0] in WATCHED}
    assert found - DEEDS - SHOWN_AGAIN == HARMLESS.keys()
    assert {rule.endpoint for rule in rules(house)} >= DEEDS | SHOWN_AGAIN


def browser_of(app, person, proved):
    browser = app.test_client()
    browser.set_cookie("language", "en")
    browser.set_cookie("danju_sid", Session.start(person, proved=proved))
    return browser


def sent_to(house, rule):
    """(who, address, fields) of a good form for the route."""
    firm = house.firm
    for person in (firm.ada, firm.fang, firm.anna):
        person.set_password(GOOD, by=person)
    if rule.endpoint in SECURED:
        app_of(getattr(firm, SECURED[rule.endpoint]))
    if rule.endpoint in LINKED:
        for person in User.select():
            ProviderAccount.bind(person, "https://sso.test", f"s-{person.id}")
    if rule.endpoint in CASES:
        who, path, fields, *_rest = CASES[rule.endpoint](firm)
    else:
        things = house.things.get(arguments.kind_of(rule)) if rule.arguments else None
        who, fields = SIGNED_IN.get(rule.endpoint, "ada"), {"reason": "x"}
        path = path_of(rule, things[0].id if things else 1)
    return getattr(firm, who), path, {**fields, "idempotency_key": KEY}


@pytest.mark.on_sqlite  # the same there
@pytest.mark.parametrize("endpoint", sorted(DEEDS | SHOWN_AGAIN))
@pytest.mark.asvs("7.5.1", "7.5.2")
def test_a_stale_session_does_no_deed_and_changes_nothing(house, endpoint):
    rule = next(rule for rule in rules(house) if rule.endpoint == endpoint)
    with undone():
        person, path, fields = sent_to(house, rule)
        browser = browser_of(house, person, proved=False)
        before = Event.select().count(), Mail.select().count()
        answer = browser.post(path, data=fields)
        assert answer.status_code == 422, endpoint
        assert re.search('name="proof(_answer)?"', answer.text), endpoint
        assert (Event.select().count(), Mail.select().count()) == before
        if endpoint not in FAILS_HERE:
            done = browser_of(house, person, proved=True).post(path, data=fields)
            assert done.status_code in (200, 303), endpoint
