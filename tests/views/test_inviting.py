"""Colleagues invited by mail: each with a role, by a link that works once."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.people import Session, User
from tests.firm import KEY
from tests.models.test_sessions import GOOD
from tests.support.signing_in import bring, link_in

ROLE_FIELDS = {"sales": "Mei Lin <mei.lin@firm.test>, tom@firm.test", "finance": "eva@firm.test"}


@pytest.fixture
def ada(firm, sign_in):
    return sign_in(firm.ada)


def invitations():
    return Mail.select().where(Mail.template == "joining")


def invite(browser, **fields):
    return browser.post("/people/invitations", data={"idempotency_key": KEY, **fields})


def invited(browser, email="tom@firm.test"):
    assert invite(browser, sales=email).status_code == 303
    return User.get(User.email == email)


def follow(app, mail):
    browser = app.test_client()
    answer = bring(browser, link_in(mail))
    return browser, answer if answer.status_code == 410 else browser.get("/links/joining")


def test_several_are_invited_at_once_each_with_a_role(firm, ada):
    assert invite(ada, **ROLE_FIELDS).status_code == 303
    found = {u.email: u for u in User.select().where(User.password == "")}
    mei, tom, eva = (found[f"{name}@firm.test"] for name in ("mei.lin", "tom", "eva"))
    assert (mei.name, mei.roles, tom.roles, eva.roles) == (
        "Mei Lin", ["sales"], ["sales"], ["finance"],
    )  # fmt: skip
    assert {m.recipient for m in invitations()} == {mei.email, tom.email, eva.email}
    assert {m.language for m in invitations()} == {"zh"} == {mei.language}
    assert [e.action for e in tom.events] == ["entered", "invited"]


def test_one_address_under_two_roles_gets_both_and_one_mail(firm, ada):
    invite(ada, sales="tom@firm.test", manager="Tom@firm.test")
    assert User.get(User.email == "tom@firm.test").roles == ["sales", "manager"]
    assert invitations().count() == 1


@pytest.mark.parametrize(
    "typed, words",
    [("tom@", "tom@"), ("tom@firm.test li@firm.test", "tom@"), ("LI@firm.test", "li@firm.test")],
)
def test_one_wrong_address_invites_nobody_and_keeps_what_was_typed(firm, ada, typed, words):
    people = User.select().count()
    answer = invite(ada, sales=f"eva@firm.test\n{typed}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in page and "eva@firm.test" in page
    assert (User.select().count(), invitations().count()) == (people, 0)
    assert invite(ada).status_code == 422


def test_the_first_sign_in_sets_name_and_password_and_the_link_works_once(app, firm, ada):
    tom = invited(ada)
    browser, page = follow(app, invitations().get())
    assert page.status_code == 200 and 'name="name"' in page.get_data(as_text=True)
    assert browser.post("/links/joining", data={"password": GOOD}).status_code == 422
    answer = browser.post("/links/joining", data={"name": "Tom Weber", "password": GOOD})
    assert answer.status_code == 303 and browser.get("/").status_code == 200
    tom = User.get_by_id(tom.id)
    assert tom.name == "Tom Weber" and tom.check_password(GOOD)
    assert [e.action for e in tom.events][:4] == ["entered", "invited", "revised", "password_set"]
    again, page = follow(app, invitations().get())
    assert page.status_code == 410
    again.post("/links/joining", data={"name": "X", "password": GOOD + "x"})
    assert User.get_by_id(tom.id).name == "Tom Weber"


@pytest.mark.asvs("2.3.3")
def test_a_weak_password_changes_not_even_the_name(app, firm, ada):
    tom = invited(ada)
    browser, _ = follow(app, invitations().get())
    answer = browser.post("/links/joining", data={"name": "Tom Weber", "password": "short"})
    assert answer.status_code == 422 and User.get_by_id(tom.id).name == tom.name


def test_the_list_tells_who_has_not_come_and_sends_again(app, firm, ada):
    tom = invited(ada)
    first = invitations().get()
    assert f"/people/{tom.id}/invitation" in ada.get("/people/").get_data(as_text=True)
    answer = ada.post(f"/people/{tom.id}/invitation", data={"idempotency_key": KEY + "2"})
    assert answer.status_code == 303 and invitations().count() == 2
    assert follow(app, first)[1].status_code == 410
    second = invitations().order_by(Mail.id.desc()).get()
    assert follow(app, second)[1].status_code == 200
    with at(now() + dt.timedelta(days=15)):
        assert follow(app, second)[1].status_code == 410


def test_a_withdrawn_invitation_opens_nothing_until_it_is_sent_anew(app, firm, ada):
    tom = invited(ada)
    ada.post(f"/people/{tom.id}/activity", data={"idempotency_key": KEY + "2"})
    mail = invitations().get()
    assert mail.state == "skipped" and follow(app, mail)[1].status_code == 410
    assert invite(ada, finance=tom.email, idempotency_key=KEY + "3").status_code == 303
    tom = User.get_by_id(tom.id)
    assert tom.active and tom.roles == ["finance"] and invitations().count() == 2


def test_who_has_come_or_left_is_not_invited_again(firm, ada):
    firm.li.set_password(GOOD, by=firm.li)
    firm.chen.set_password(GOOD, by=firm.chen)
    firm.chen.disable(by=firm.ada)
    for n, person in enumerate((firm.li, firm.chen)):
        again = ada.post(f"/people/{person.id}/invitation", data={"idempotency_key": f"{KEY}-{n}"})
        assert again.status_code == 409
        assert invite(ada, sales=person.email).status_code == 422
    assert invitations().count() == 0 and not User.get_by_id(firm.chen.id).active


def test_only_who_manages_people_invites(firm, sign_in):
    li = sign_in(firm.li)
    assert invite(li, sales="x@firm.test").status_code == 403
    assert li.post(f"/people/{firm.wang.id}/invitation").status_code == 403
    assert invitations().count() == 0 and Session.select().count() == 1


def test_a_long_word_without_an_address_is_refused_at_once(firm, sign_in):
    """A pattern that tries every division of it took minutes."""
    long = {"sales": "a " * 2400, "finance": "x" * 4900}
    assert invite(sign_in(firm.ada), **long).status_code == 422
