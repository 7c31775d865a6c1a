"""Who stays signed in and for how long; how often one may guess; what a link by mail is good
for."""

import datetime as dt
import errno

import pytest

from models import people
from models.core import disk
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.people import Attempt, Code, Session, account, attempt, session
from models.sign_in import enter_by_code, sign_in
from tests.together import MANY, at_once

GOOD = "correct horse battery"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


def later(**span):
    return at(now() + dt.timedelta(**span))


def fails(code, verb, *args):
    with pytest.raises(Refused) as no:
        verb(*args)
    assert no.value.code == code


def test_an_idle_session_ends_and_a_used_one_goes_on(li):
    secret = Session.start(li)
    with later(hours=7, minutes=59):
        assert Session.resume(secret) == li
    with later(hours=15, minutes=58):
        assert Session.resume(secret) == li
    with later(hours=24):
        assert Session.resume(secret) is None


@pytest.mark.asvs("7.3.2")
def test_no_session_outlives_fourteen_days_however_busy(li):
    secret = Session.start(li)
    for hours in range(6, 14 * 24, 6):
        with later(hours=hours):
            assert Session.resume(secret) == li
    with later(days=14, minutes=1):
        assert Session.resume(secret) is None


@pytest.mark.asvs("7.2.2", "7.2.4", "14.2.4")
def test_each_sign_in_makes_a_new_secret_kept_only_as_a_hash(li):
    secrets = {sign_in(li.email, GOOD).secret for _ in range(3)}
    assert len(secrets) == 3
    assert not secrets & {row.token for row in Session.select()} and Session.resume("") is None


@pytest.mark.parametrize("change", ["password", "disabled", "roles", "mail"])
@pytest.mark.asvs("7.4.2", "7.4.3", "7.4.5")
def test_all_sessions_and_open_links_end_when_the_person_changes(firm, li, change):
    secrets, code = [Session.start(li) for _ in range(3)], Code.make("password", li)
    {
        "password": lambda: li.set_password("another long secret", by=li),
        "disabled": lambda: li.disable(by=firm.ada),
        "roles": lambda: li.revise(firm.ada, roles=["finance"]),
        "mail": lambda: li.revise(firm.ada, email="li2@firm.test"),
    }[change]()
    if change == "disabled":
        li.enable(by=firm.ada)
    assert [Session.resume(secret) for secret in secrets] == [None] * 3
    fails("code_invalid", Code.redeem, "password", code)


def test_a_contact_whose_address_changes_is_signed_out_and_its_old_mails_open_nothing(firm):
    secret, code = Session.start(firm.anna), Code.make("invitation", firm.anna)
    firm.anna.revise(firm.li, email="new@a.test")
    assert Session.resume(secret) is None and Code.holder("invitation", code) is None


def test_saving_a_person_unchanged_signs_nobody_out(firm, li):
    secret = Session.start(li)
    li.revise(firm.ada, name="李大销售", roles=list(reversed(li.roles)), language="en")
    assert Session.resume(secret) == li


def test_one_person_s_change_leaves_the_others_signed_in(firm, li):
    """Staff and contacts are numbered alike: an end for user 3 must not end contact 3."""
    twin = next(c for c in (firm.anna, firm.amin, firm.bob) if c.id == min(3, li.id))
    others = [Session.start(firm.wang), Session.start(twin)]
    li.set_password("another long secret", by=li)
    assert [Session.resume(secret) for secret in others] == [firm.wang, twin]


@pytest.mark.asvs("6.3.4", "7.4.2")
def test_a_switched_off_person_signs_in_nowhere(firm, li):
    li.disable(by=firm.ada)
    fails("wrong_password", sign_in, li.email, GOOD)
    assert people.User.by_email(li.email) == []


@pytest.mark.asvs("6.3.1")
def test_eight_wrong_guesses_stop_the_ninth_even_if_right(li):
    for _ in range(people.TRIES):
        fails("wrong_password", sign_in, li.email, "wrong", "10.0.0.1")
    fails("too_many_tries", sign_in, li.email, GOOD, "10.0.0.1")
    with later(minutes=16):
        assert sign_in(li.email, GOOD).person == li


def test_changing_the_address_or_the_spelling_lifts_no_throttle(li):
    for i in range(people.TRIES):
        fails(
            "wrong_password",
            sign_in,
            [li.email, li.email.upper(), f" {li.email} "][i % 3],
            "wrong",
            f"10.0.0.{i}",
        )
    fails("too_many_tries", sign_in, li.email, GOOD, "10.9.9.9")


@pytest.mark.asvs("6.3.1")
def test_one_address_that_tries_many_accounts_is_stopped(li):
    for i in range(people.TRIES * 5):
        fails("wrong_password", sign_in, f"guess{i}@firm.test", "wrong", "10.0.0.1")
    fails("too_many_tries", sign_in, "fresh@firm.test", "wrong", "10.0.0.1")
    assert sign_in(li.email, GOOD, "10.0.0.2").person == li


@pytest.mark.asvs("6.3.1", "15.4.2")
def test_sixteen_guesses_at_once_count_as_sixteen(app, li):
    found = at_once(app, lambda i: sign_in(li.email, "wrong", f"10.0.0.{i}"))
    codes = sorted(error.code for error in found)
    assert codes == ["too_many_tries"] * (MANY - people.TRIES) + ["wrong_password"] * people.TRIES


def test_a_right_password_forgets_the_wrong_ones(li):
    for _ in range(people.TRIES - 1):
        fails("wrong_password", sign_in, li.email, "wrong")
    sign_in(li.email, GOOD)
    assert Attempt.select().count() == 0


class Counting:
    """Counts how often the slow hash is worked out."""

    def __init__(self, real):
        self.real, self.count = real, 0

    def verify(self, *args):
        self.count += 1
        return self.real.verify(*args)


@pytest.mark.parametrize(
    "who", ["li@firm.test", "anna@a.test", "wang@firm.test", "nobody@firm.test", ""]
)
def test_every_name_costs_two_hashes_known_or_not(firm, li, monkeypatch, who):
    counting = Counting(account._hasher)
    monkeypatch.setattr(account, "_hasher", counting)
    fails("wrong_password", sign_in, who, "wrong")
    assert counting.count == 2  # as many as for staff who are contacts too


@pytest.mark.asvs("6.4.1", "6.5.1")
def test_a_code_works_once(li):
    code = Code.make("password", li)
    assert Code.redeem("password", code) == li
    fails("code_invalid", Code.redeem, "password", code)


@pytest.mark.asvs("6.5.1", "15.4.2")
def test_a_code_used_sixteen_times_at_once_works_once(app, li):
    code = Code.make("sign_in", li)
    found = at_once(app, lambda i: Code.redeem("sign_in", code))
    assert [x for x in found if not isinstance(x, Refused)] == [li]


@pytest.mark.parametrize("purpose, life", people.CODE_LIFE.items())
@pytest.mark.asvs("6.4.1")
def test_a_code_expires(firm, purpose, life):
    code = Code.make(purpose, firm.anna)
    with at(now() + life - dt.timedelta(minutes=1)):
        assert Code.holder(purpose, code) == firm.anna
    with at(now() + life + dt.timedelta(minutes=1)):
        fails("code_invalid", Code.redeem, purpose, code)


@pytest.mark.asvs("9.2.2")
def test_a_code_serves_its_purpose_only_and_a_newer_one_ends_it(firm):
    first = Code.make("invitation", firm.anna)
    assert Code.holder("password", first) is None
    Code.make("invitation", firm.anna)
    fails("code_invalid", Code.redeem, "invitation", first)


def test_a_refused_password_leaves_the_link_usable(firm):
    code = Code.make("invitation", firm.anna)
    fails("password_short", enter_by_code, "invitation", code, "short")
    assert Session.select().count() == 0
    assert Session.resume(enter_by_code("invitation", code, GOOD).secret) == firm.anna


def test_two_administrators_cannot_switch_each_other_off(firm):
    bea = people.User.enter(firm.ada, name="Bea", email="bea@firm.test", roles=["admin"])
    people.User.get_by_id(bea.id).disable(by=firm.ada)
    with pytest.raises(Forbidden):
        firm.ada.disable(by=bea)  # a request of hers that had begun before
    assert people.User.get_by_id(firm.ada.id).active


@pytest.fixture
def full_disk(monkeypatch):
    """Nothing can be written, until the test calls what it gets."""

    def refuse(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        for cls in (Session, Attempt):
            patch.setattr(cls, "save", refuse)
        yield lambda: (patch.undo(), disk.note_success())
    disk.note_success()
    session._unstored.clear()
    attempt._unstored.clear()


def test_on_a_full_disk_people_sign_in_and_stay_so_when_it_has_room_again(li, full_disk):
    secret, person, _half = sign_in(li.email, GOOD, "10.0.0.1", "Firefox")
    assert person == li and Session.resume(secret) == li and Session.select().count() == 0
    assert "signed_in" not in [e.action for e in li.events]
    full_disk()
    assert Session.resume(secret) == li
    row = Session.get()
    assert (row.user, row.address, row.agent) == (li, "10.0.0.1", "Firefox")
    assert [e.action for e in li.events].count("signed_in") == 1
    Session.resume(secret).session.end(by=li)
    assert Session.resume(secret) is None


@pytest.mark.parametrize("end", ["signed out", "password", "deactivated", "late"])
def test_a_session_from_a_full_disk_ends_like_any_other(firm, li, full_disk, end):
    secret = sign_in(li.email, GOOD).secret
    if end == "signed out":
        Session.resume(secret).session.end(by=li)
    full_disk()
    if end == "password":
        li.set_password("another long secret", by=li)
    elif end == "deactivated":
        li.disable(by=firm.ada)
    with later(days=15 if end == "late" else 0):
        assert Session.resume(secret) is None


def test_guesses_are_counted_on_a_full_disk_too(li, full_disk):
    for i in range(people.TRIES - 1):
        fails("wrong_password", sign_in, li.email, "wrong", f"10.0.0.{i}")
    sign_in(li.email, GOOD)
    for i in range(people.TRIES):
        fails("wrong_password", sign_in, li.email, "wrong", f"10.0.0.{i}")
    fails("too_many_tries", sign_in, li.email, GOOD, "10.9.9.9")


def test_many_requests_at_once_store_such_a_session_once(app, li, full_disk):
    secret = sign_in(li.email, GOOD).secret
    full_disk()
    assert at_once(app, lambda i: Session.resume(secret)) == [li] * MANY
    assert Session.select().count() == 1


def test_a_contact_is_not_the_user_with_the_same_id(firm):
    """Otherwise "not yourself" keeps a member of staff from disabling the contact."""
    assert firm.anna.id == firm.ada.id and firm.anna != firm.ada
    firm.anna.disable(by=firm.ada)
    assert not firm.anna.active and firm.ada.active
