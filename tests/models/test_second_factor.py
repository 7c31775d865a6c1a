"""The second factor of staff: an app's codes once each, recovery codes, remembered browsers,
who must have it, and how it is taken away."""

import datetime as dt

import pyotp
import pytest

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.people import Attempt, Code, Device, Factor, RecoveryCode, Session
from models.people.factor import GRACE
from models.sign_in import enter_by_code, enter_second, sign_in
from tests.models.test_sessions import GOOD

KEY = "a key of sixteen characters"


def fails(code, verb, *args, **more):
    with pytest.raises(Refused) as error:
        verb(*args, **more)
    assert error.value.code == code


def set_up(person):
    """The app of the person, and their recovery codes."""
    Factor.begin(person, KEY)
    app = pyotp.TOTP(Factor.pending_secret(person, KEY))
    codes = person.confirm_app(code_of(app), KEY)
    Factor.update(last_step=Factor.last_step - 1).execute()  # half a minute goes by
    return app, codes


def code_of(app, steps=0):
    return app.at(now().replace(tzinfo=dt.timezone.utc) + dt.timedelta(seconds=30 * steps))


def by(code):
    return lambda person: person.show_code(code, KEY)


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.ada)
    firm.li.app, firm.li.codes = set_up(firm.li)
    return firm.li


def half(person, device=""):
    entry = sign_in(person.email, GOOD, remembered=device)
    assert entry.half
    return entry.secret


@pytest.mark.asvs("6.3.3")
def test_a_password_alone_opens_nothing(li):
    secret = half(li)
    assert Session.resume(secret) is None and not Session.open_of(li).exists()
    entry, device = enter_second(secret, by(code_of(li.app)))
    assert Session.resume(entry.secret) == li and not device
    fails("code_invalid", enter_second, secret, by(code_of(li.app, 1)))


@pytest.mark.asvs("6.5.1", "6.5.5")
def test_a_code_of_the_app_counts_for_its_thirty_seconds_and_once(li):
    moment = now().replace(second=30, microsecond=0) + dt.timedelta(minutes=1)
    with at(moment):
        code, next_one = code_of(li.app), code_of(li.app, 1)
    for seconds, counts in ((-1, False), (30, False), (29, True), (0, False)):
        with at(moment + dt.timedelta(seconds=seconds)):
            assert li.show_code(code, KEY) == counts, seconds
    with at(moment + dt.timedelta(seconds=30)):
        assert li.show_code(next_one, KEY)


@pytest.mark.asvs("11.3.3", "14.2.4")
def test_the_secret_is_encrypted_and_opens_with_its_key_alone(li):
    assert li.app.secret not in Factor.working(li).secret
    assert not li.show_code(code_of(li.app), "another key of sixteen")


@pytest.mark.asvs("6.3.1")
def test_wrong_codes_count_like_wrong_passwords_and_a_password_forgets_none(li):
    for _n in range(4):  # the password counts each time, too
        fails("second_factor_wrong", enter_second, half(li), by("000000"))
    fails("too_many_tries", sign_in, li.email, GOOD)
    code = Code.make("second_factor", li)
    fails("too_many_tries", enter_second, code, by(code_of(li.app)))
    Attempt.delete().execute()
    enter_second(half(li), by(code_of(li.app)))
    assert not Attempt.select().exists()


def test_a_half_sign_in_lasts_ten_minutes(li):
    secret = half(li)
    with at(now() + dt.timedelta(minutes=11)):
        fails("code_invalid", enter_second, secret, by(code_of(li.app)))


@pytest.mark.asvs("6.3.3", "6.4.3")
def test_a_link_is_the_first_factor_alone(li):
    for purpose in ("sign_in", "password"):
        assert enter_by_code(purpose, Code.make(purpose, li), "an entirely new secret").half


@pytest.mark.asvs("6.5.1", "6.5.2")
def test_a_recovery_code_works_once_and_is_kept_as_a_hash(li):
    assert len(li.codes) == RecoveryCode.left(li) == 8
    typed = li.codes[0].lower().replace("-", " ")
    assert li.show_code(typed, KEY) and not li.show_code(typed, KEY)
    assert RecoveryCode.left(li) == 7
    assert li.events[-1].facts == {"left": 7}
    stored = {row.token for row in RecoveryCode.select()}
    assert not stored & set(li.codes)
    new = li.renew_recovery_codes()
    assert not li.show_code(li.codes[1], KEY) and li.show_code(new[0], KEY)


def test_another_persons_codes_and_browser_do_not_count(firm, li):
    app, codes = set_up(firm.chen)
    assert not li.show_code(code_of(app), KEY) and not li.show_code(codes[0], KEY)
    assert not Device.knows(li, Device.remember(firm.chen, "", ""))


def test_a_remembered_browser_is_not_asked_for_thirty_days(li):
    _entry, device = enter_second(half(li), by(code_of(li.app)), remember=True)
    assert not sign_in(li.email, GOOD, remembered=device).half
    with at(now() + dt.timedelta(days=30, seconds=1)):
        assert sign_in(li.email, GOOD, remembered=device).half
    Device.remembered(li).get().forget()
    half(li, device)


@pytest.mark.asvs("7.4.3")
def test_a_new_password_and_a_removed_factor_end_remembered_browsers(firm, li):
    device = Device.remember(li, "", "")
    li.set_password(GOOD, by=firm.ada)
    half(li, device)
    device = Device.remember(li, "", "")
    li.remove_app()
    assert not Device.knows(li, device) and not RecoveryCode.left(li)
    assert not sign_in(li.email, GOOD).half


def test_a_new_phone_replaces_the_old_only_with_its_first_code(li):
    old = li.app
    Factor.begin(li, KEY)
    fails("second_factor_wrong", li.confirm_app, "000000", KEY)
    assert li.show_code(code_of(old), KEY)
    new = pyotp.TOTP(Factor.pending_secret(li, KEY))
    assert li.confirm_app(code_of(new), KEY) == []
    with at(now() + dt.timedelta(seconds=30)):
        assert not li.show_code(code_of(old), KEY) and li.show_code(code_of(new), KEY)


@pytest.mark.asvs("6.3.3")
def test_an_administrator_has_fourteen_days_and_then_must(firm):
    firm.ada.set_password(GOOD, by=firm.ada)
    first = Session.resume(sign_in(firm.ada.email, GOOD).secret).session
    with at(now() + GRACE - dt.timedelta(hours=1)):
        again = Session.resume(sign_in(firm.ada.email, GOOD).secret).session
        assert again.factor_due == first.factor_due and not again.factor_overdue
    with at(now() + GRACE + dt.timedelta(hours=1)):
        late = Session.resume(sign_in(firm.ada.email, GOOD).secret).session
        assert late.factor_overdue
        set_up(firm.ada)
        assert Session.get_by_id(late.id).factor_due is None
        fails("second_factor_needed", firm.ada.remove_app)
        assert firm.ada.has_second_factor


@pytest.mark.asvs("6.3.3")
@pytest.mark.parametrize("demo, roles, due", [(0, ["sales"], 1), (0, [], 0), (1, ["sales"], 0)])
def test_the_firm_says_which_roles_must(firm, demo, roles, due):
    firm.li.set_password(GOOD, by=firm.ada)
    Company.current().revise(firm.ada, settings={"factor_roles": roles}, demo=bool(demo))
    session = Session.resume(sign_in(firm.li.email, GOOD).secret).session
    assert (session.factor_due is not None) == bool(due)


@pytest.mark.asvs("6.4.4")
def test_another_administrator_resets_it_and_all_are_told(firm, li):
    session = Session.start(li)
    device = Device.remember(li, "", "")
    Session.start(firm.ada)
    Mail.delete().execute()
    li.reset_second_factor(by=firm.ada)
    assert not li.has_second_factor and not RecoveryCode.left(li)
    assert Session.resume(session) is None and not Device.knows(li, device)
    assert {m.recipient for m in Mail.select()} == {li.email, firm.ada.email}
    assert li.events[-1].action == "second_factor_reset"
    fails("no_second_factor", li.reset_second_factor, by=firm.ada)


@pytest.mark.asvs("6.4.4")
def test_nobody_else_resets_and_no_administrator_their_own(firm, li):
    set_up(firm.ada)
    with pytest.raises(Forbidden):
        firm.ada.reset_second_factor(by=li)
    fails("not_yourself", firm.ada.reset_second_factor, by=firm.ada)


@pytest.mark.asvs("6.4.4")
def test_who_runs_the_machine_resets_it(app, li):
    ran = app.test_cli_runner().invoke(args=["reset-factor", "LI@firm.test"])
    assert ran.exit_code == 0, ran.output
    assert li.events[-1].action == "second_factor_reset" and li.events[-1].actor_type == "System"
    assert not li.has_second_factor
    again = app.test_cli_runner().invoke(args=["reset-factor", "li@firm.test"])
    assert again.exit_code == 1 and "no_second_factor" in again.output
    assert app.test_cli_runner().invoke(args=["reset-factor", "x@y.test"]).exit_code == 1


def test_another_list_of_roles_acts_in_sessions_that_are_open(firm, sign_in):
    browser = sign_in(firm.li)

    def require(*roles):
        Company.current().revise(firm.ada, settings={"factor_roles": list(roles)})

    require("sales")
    assert "second factor by" in browser.get("/").text
    with at(now() + GRACE + dt.timedelta(hours=1)):
        Session.update(started_at=now(), seen_at=now()).execute()
        assert browser.get("/customers/").location == "/second-factor/"
        require("admin")
        assert browser.get("/customers/").status_code == 200
    assert Session.get(Session.user == firm.li.id).factor_due is None
