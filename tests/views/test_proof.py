"""Before what matters most whoever sits there proves who they are: every such deed, found by its
route, and what the field for it says."""

import datetime as dt
import re

import pytest

from models.account_change import AccountChange
from models.archive import LegalHold
from models.company import Company
from models.core.clock import at, now
from models.operations.backup import Place
from models.people import Attempt, Session, User
from tests.firm import KEY
from tests.models.test_second_factor import code_of
from tests.models.test_second_factor import set_up as app_of
from tests.models.test_sessions import GOOD


def browser_of(app, person, proved):
    browser = app.test_client()
    browser.set_cookie("language", "en")
    browser.set_cookie("danju_sid", Session.start(person, proved=proved))
    return browser


@pytest.fixture
def ada(firm):
    firm.ada.set_password(GOOD, by=firm.ada)
    return firm.ada


@pytest.fixture
def stale(app, ada):
    return browser_of(app, ada, proved=False)


def form_of(firm, **more):
    li = firm.li
    return {"name": li.name, "email": li.email, "roles": "sales", "language": "zh", **more}


def field_in(page):
    return 'name="proof"' in page


def test_the_field_is_shown_only_while_the_proof_is_old(app, ada, firm, stale):
    path = f"/people/{firm.li.id}/edit"
    assert field_in(stale.get(path).text)
    fresh = browser_of(app, ada, proved=True)
    assert not field_in(fresh.get(path).text)
    with at(now() + dt.timedelta(minutes=9, seconds=59)):
        assert not field_in(fresh.get(path).text)
    with at(now() + dt.timedelta(minutes=10, seconds=1)):
        assert field_in(fresh.get(path).text)
    with at(now() - dt.timedelta(hours=1)):  # a clock set back prolongs nothing
        assert field_in(fresh.get(path).text)


def test_a_form_without_proof_comes_back_as_it_was_typed_and_a_right_one_is_saved(firm, stale):
    path, typed = f"/people/{firm.li.id}/edit", form_of(firm, email="new@firm.test", team="West")
    answer = stale.post(path, data=typed)
    assert answer.status_code == 422 and "West" in answer.text and "new@firm.test" in answer.text
    assert User.get_by_id(firm.li.id).email == "li@firm.test"
    wrong = stale.post(path, data={**typed, "proof": "no such password"})
    assert wrong.status_code == 422 and "neither your password" in wrong.text
    assert "no such password" not in wrong.text and 'aria-invalid="true"' in wrong.text
    assert User.get_by_id(firm.li.id).email == "li@firm.test"
    assert stale.post(path, data={**typed, "proof": GOOD}).status_code == 303
    assert User.get_by_id(firm.li.id).email == "new@firm.test"
    assert not field_in(stale.get(path).text)  # and counts for what follows


@pytest.mark.asvs("7.2.4")
def test_a_proof_gives_the_browser_another_cookie_and_ends_the_one_before(app, firm, stale):
    path, typed = f"/people/{firm.li.id}/edit", form_of(firm)
    thief, before = app.test_client(), stale.get_cookie("danju_sid").value
    thief.set_cookie("danju_sid", before)
    assert thief.get("/").status_code == 200
    stale.post(path, data={**typed, "proof": "no such password"})
    assert stale.get_cookie("danju_sid").value == before
    assert stale.post(path, data={**typed, "proof": GOOD}).status_code == 303
    after = stale.get_cookie("danju_sid")
    assert after.value != before and after.http_only and after.path == "/"
    assert (stale.get("/").status_code, thief.get("/").status_code) == (200, 401)
    assert Session.select().count() == 1


def test_a_single_button_asks_on_a_page_of_its_own_and_goes_on(firm, stale):
    path = f"/people/{firm.li.id}/activity"
    asked = stale.post(path, data={"idempotency_key": KEY})
    assert asked.status_code == 422 and f'value="{KEY}"' in asked.text and field_in(asked.text)
    assert f'action="{path}"' in asked.text
    done = stale.post(path, data={"idempotency_key": KEY, "proof": GOOD})
    assert done.status_code == 303 and not User.get_by_id(firm.li.id).active


def test_wrong_ones_count_with_the_wrong_passwords_of_the_account(ada, firm, stale):
    path = f"/people/{firm.li.id}/activity"
    for _n in range(8):
        stale.post(path, data={"idempotency_key": KEY, "proof": "wrong"})
    answer = stale.post(path, data={"idempotency_key": KEY, "proof": GOOD})
    assert answer.status_code == 422 and "Too many attempts" in answer.text
    assert User.get_by_id(firm.li.id).active and Attempt.throttled(ada.email, "")
    with at(now() + dt.timedelta(minutes=16)):
        assert stale.post(path, data={"idempotency_key": KEY, "proof": GOOD}).status_code == 303


def test_a_code_of_the_app_proves_once_and_the_password_forgets_no_tries(app, ada, firm):
    totp, codes = app_of_in(app, ada)
    Attempt.note(ada.email, "")
    path = f"/people/{firm.li.id}/edit"
    code = code_of(totp)
    tries = ((code, True), (code, False), (GOOD, True), (codes[0], True))
    for who, (typed, right) in enumerate(tries):
        browser = browser_of(app, ada, proved=False)
        done = browser.post(path, data=form_of(firm, name=f"Li {who}", proof=typed))
        assert (done.status_code == 303) == right, who
        if typed == GOOD:
            assert Attempt.select().exists()


def app_of_in(app, person):
    import tests.models.test_second_factor as factors

    kept, factors.KEY = factors.KEY, app.config["SECRET_KEY"]
    try:
        return app_of(person)
    finally:
        factors.KEY = kept


def test_a_link_by_mail_alone_is_no_proof_and_a_password_is(app, ada, firm):
    from models.people import Code
    from models.sign_in import enter_by_code, sign_in

    entry = enter_by_code("sign_in", Code.make("sign_in", ada), "")
    assert Session.resume(entry.secret).session.needs_proof
    assert not Session.resume(sign_in(ada.email, GOOD).secret).session.needs_proof


def test_who_has_no_password_is_led_to_one(app, firm):
    browser = browser_of(app, firm.fang, proved=False)
    page = browser.post("/second-factor/app").text
    assert "/forgotten" in page and not field_in(page)


def test_settings_ask_for_it_only_where_money_or_rights_are_concerned(stale):
    assert stale.post("/settings/firm", data={}).status_code in (404, 405, 303, 422)
    plain = stale.post("/settings/", data={"phone": "123", "group": "company"})
    assert plain.status_code == 303 and Company.current().phone == "123"
    for page, name, value in (
        ("money", "bank_account", "6222"),
        ("money", "iban", "DE89370400440532013000"),
        ("integrations", "payment_link", "https://pay.test/{number}"),
        ("mail", "bookkeeper_mail", "b@x.test"),
        ("firm", "factor_roles", "finance"),
    ):
        address = f"/settings/{page}" if page != "firm" else "/settings/"
        answer = stale.post(address, data={name: value})
        assert answer.status_code == 422 and field_in(answer.text), name
        if name != "factor_roles":
            assert value in answer.text.replace("&amp;", "&")
    assert Company.current().bank_account == "" and not AccountChange.select().exists()


def test_a_hold_and_a_place_keep_what_was_typed(stale, firm):
    typed = {"name": "诉讼", "reason": "案号", "customer": str(firm.a.id), "idempotency_key": KEY}
    answer = stale.post("/archive/holds/", data=typed)
    assert answer.status_code == 422 and "案号" in answer.text and not LegalHold.select().exists()
    place = {"name": "Cellar", "path": "/nowhere", "rhythm": "daily", "hour": "3"}
    place |= {"hourly": 1, "daily": 1, "weekly": 1, "monthly": 1, "yearly": 1}
    answer = stale.post("/backups/places/new", data={**place, "idempotency_key": KEY})
    assert answer.status_code == 422 and "Cellar" in answer.text and not Place.select().exists()
    answer = stale.post("/archive/holds/", data={**typed, "proof": GOOD})
    assert answer.status_code == 303 and LegalHold.select().count() == 1


def test_the_secret_of_an_app_begun_is_not_shown_to_who_found_the_page_open(app, ada, stale):
    fresh = browser_of(app, ada, proved=True)
    fresh.post("/second-factor/app")
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", fresh.get("/second-factor/").text)[1]
    assert secret not in stale.get("/second-factor/").text


def test_the_address_of_a_contact_who_signs_in_is_a_deed(app, firm, ada, stale):
    path = f"/contacts/{firm.anna.id}/edit"
    typed = {"name": "Anna", "email": "else@a.test", "language": "zh"}
    assert not field_in(stale.get(path).text)
    assert stale.post(path, data={**typed, "email": "anna2@a.test"}).status_code == 303
    firm.anna.set_password(GOOD, by=firm.anna)
    assert field_in(stale.get(path).text)
    assert stale.post(path, data=typed).status_code == 422
    assert stale.post(path, data={**typed, "email": "anna2@a.test"}).status_code == 303


def test_what_is_typed_as_proof_is_kept_nowhere(ada, firm, stale):
    from models.core.idempotency import IdempotencyKey

    path = f"/people/{firm.li.id}/activity"
    stale.post(path, data={"idempotency_key": KEY, "proof": GOOD})
    kept = IdempotencyKey.get().answer["sent"]
    IdempotencyKey.delete().execute()
    stale.post(path, data={"idempotency_key": KEY, "proof": "something else"})
    assert IdempotencyKey.get().answer["sent"] == kept


@pytest.mark.parametrize("name", ["proof", "proof_answer"])
@pytest.mark.parametrize(
    "odd",
    [
        "x" * 100_000,
        "密码🙂",
        "a\0b",
        "\ud800",
        "²" * 6,
        "{}",
        "[]",
        '{"id": 1}',
        "null",
        "9" * 5000,
    ],
)
def test_odd_proofs_are_wrong_ones(app, ada, firm, name, odd):
    app_of_in(app, ada)
    browser = browser_of(app, ada, proved=False)
    path = f"/people/{firm.li.id}/activity"
    data = {"idempotency_key": KEY, name: odd.encode("utf-8", "surrogatepass")}
    assert browser.post(path, data=data).status_code == 422
    assert User.get_by_id(firm.li.id).active


def test_a_contact_ends_a_session_after_the_password_and_not_without(app, firm):
    other = Session.resume(Session.start(firm.anna)).session
    browser = browser_of(app, firm.anna, proved=False)
    path = f"/sessions/{other.id}/end"
    assert "/forgotten" in browser.post(path).text  # who comes by a link alone has no password
    firm.anna.set_password(GOOD, by=firm.anna)
    other = Session.resume(Session.start(firm.anna)).session
    browser = browser_of(app, firm.anna, proved=False)
    path = f"/sessions/{other.id}/end"
    assert field_in(browser.get("/sessions").text)
    assert browser.post(path).status_code == 422 and Session.get_by_id(other.id).ended_at is None
    assert browser.post(path, data={"proof": GOOD}).status_code == 303
    assert Session.get_by_id(other.id).ended_at
