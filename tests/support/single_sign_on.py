"""A browser that signs in by the provider, and what it gets."""

import re

import pytest

from models.adapters import provider
from models.people import AccessEntry, Session
from models.people.access_entry import keep_waiting
from tests.support.provider import running

CAME_BACK = re.compile(r"http://localhost:8000/sign-in/provider/return\?")


@pytest.fixture(scope="module")
def op():
    with running() as talk:
        yield talk


@pytest.fixture
def sso(app, firm, op, monkeypatch):
    """The provider as it should be, and a firm that is told of it."""
    monkeypatch.setenv("SSL_CERT_FILE", op.certificate)
    op.set()
    use(app, op)
    firm.li.set_language("en")
    yield op
    app.config["OIDC_ISSUER"] = ""
    provider.use(app.config)


def use(app, op, **more):
    app.config.update({**op.settings, "BASE_URL": "http://localhost:8000", **more})
    provider.use(app.config)


def begin(visitor, **more):
    """The address at the provider to which the button leads."""
    answer = visitor.get("/sign-in/provider", query_string=more)
    assert answer.status_code == 303, answer.text
    return answer.location


def come_back(visitor, address):
    assert CAME_BACK.match(address)
    return visitor.get(address.removeprefix("http://localhost:8000"))


def go(visitor, op, **more):
    """What the browser gets that went to the provider and back."""
    return come_back(visitor, op.answer(begin(visitor, **more)))


def refused(answer, *words):
    """Nobody is signed in, and the sign-in page says why."""
    assert answer.status_code == 422, answer.text
    for word in words:
        assert word in answer.text
    assert 'name="password"' in answer.text and not Session.select().exists()


@pytest.fixture
def visitor(app):
    made = app.test_client()
    made.set_cookie("language", "en")
    return made


def lines():
    keep_waiting()
    return [row.told for row in AccessEntry.select().where(AccessEntry.kind == "refusal")]


def mail_of(who):
    """As it stands in the ID token of some providers."""
    return {k: v for k, v in who.items() if k.startswith("email")}
