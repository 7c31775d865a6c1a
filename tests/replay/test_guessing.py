"""Names, passwords and codes that somebody guesses, and locks that shut out whom they protect."""

import datetime as dt
import statistics
import time

import pytest

from models import people
from models.adapters.outbox import Mail
from models.care import OptOutLink
from models.care.contact_plan import CalendarFeed
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Refused
from models.core.model import tables
from models.documents import DocumentLink
from models.people import Attempt, Code, Device, Session, account
from models.people.secrets import digest
from tests.models.test_sessions import GOOD, Counting, later
from tests.support.sets import fully
from tests.support.signing_in import bring, enter, enter_in_english, link_in
from tests.views.test_auth import same


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


def test_django_2025_13473_a_name_that_is_unknown_costs_what_a_known_one_does(
    app, firm, li, monkeypatch
):
    """The time of an answer told whether a name was known: its password was not hashed."""
    counting = Counting(account._hasher)
    monkeypatch.setattr(account, "_hasher", counting)
    firm.chen.disable(by=firm.ada)
    firm.a.add_contact(firm.li, name="Wang", email="wang@firm.test")  # staff and contact
    names = [li.email, "anna@a.test", "chen@firm.test", "nobody@x.test", "wang@firm.test"]
    answers, costs = [], []
    for name in names:
        before = counting.count
        answers.append(enter(app.test_client(), name, "wrong"))
        costs.append(counting.count - before)
    assert same(answers, names) and answers[0].status_code == 422 and costs == [2] * 5


@pytest.mark.parametrize("how", ["password", "link"])
@pytest.mark.asvs("6.4.3")
def test_django_2025_13473_forgotten_answers_alike_and_mails_only_whom_we_know(app, firm, li, how):
    """The other form that tells who is known."""
    firm.chen.disable(by=firm.ada)
    firm.anna.set_password(GOOD, by=firm.anna)
    names = [li.email, "anna@a.test", "chen@firm.test", "nobody@x.test", "amin@a.test"]
    answers = [app.test_client().post("/forgotten", data={"email": n, "how": how}) for n in names]
    assert same(answers, names) and answers[0].status_code == 303
    assert [m.recipient for m in Mail.select().order_by(Mail.id)] == names[:2]


@pytest.mark.full
def test_django_2025_13473_two_thousand_answers_take_the_same_time(app, firm, li, monkeypatch):
    """The means of a known and of an unknown name differ by less than three of their errors."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(account, "_hasher", PasswordHasher(2, 19456, 1))
    monkeypatch.setattr(account, "_dummy_hash", account._hasher.hash("nobody"))
    monkeypatch.setattr(Attempt, "begin", classmethod(lambda cls, name, address: True))
    firm.li.set_password(GOOD, by=firm.li)
    taken = {li.email: [], "nobody@firm.test": []}
    browser = app.test_client()
    for turn in range(1000):
        for name in sorted(taken, reverse=bool(turn % 2)):
            began = time.perf_counter()
            enter(browser, name, "wrong")
            taken[name].append(time.perf_counter() - began)
    trimmed = [sorted(times)[50:-50] for times in taken.values()]
    means = [statistics.mean(times) for times in trimmed]
    error = sum(statistics.variance(times) / len(times) for times in trimmed) ** 0.5
    assert abs(means[0] - means[1]) < max(3 * error, 0.002)  # one hash takes ten times as long


# Ten thousand guesses
# ------------------------------------------------------------------------------------------------


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_brute_force_forged_headers_change_neither_the_address_nor_the_throttle(app, li):
    """A new X-Forwarded-For for each guess: each came from somewhere else."""
    for i in range(people.TRIES + 1):
        app.test_client().post(
            "/sign-in",
            data={"email": li.email, "password": "wrong"},
            headers={
                "X-Forwarded-For": f"10.0.0.{i}",
                "X-Real-IP": f"10.0.1.{i}",
                "Forwarded": f"for=10.0.2.{i}",
            },
        )
    assert {a.address for a in Attempt.select()} == {"127.0.0.1"}
    assert "too many" in enter_in_english(app, li).lower() and Session.select().count() == 0


def test_brute_force_of_many_guesses_eight_are_looked_at(app, li, monkeypatch):
    """Guesses at one account from one address, in full ten thousand: the hash is worked out for the
    first few alone, and none gets in, the right one neither."""
    counting = Counting(account._hasher)
    monkeypatch.setattr(account, "_hasher", counting)
    browser = app.test_client()
    for guess in range(fully(30, 10_000)):
        enter(browser, li.email, f"guess {guess}", next="/")
    assert counting.count <= 2 * people.TRIES
    assert enter(browser, li.email).status_code == 422 and Session.select().count() == 0
    assert Attempt.select().count() <= people.TRIES * 5


def test_brute_force_names_without_number_from_one_address_are_stopped_too(app, li, monkeypatch):
    """A password that many have, tried at account after account."""
    counting = Counting(account._hasher)
    monkeypatch.setattr(account, "_hasher", counting)
    for guess in range(fully(50, 2_000)):
        enter(app.test_client(), f"name{guess}@firm.test", "123456")
    assert counting.count <= 2 * people.TRIES * 5


def test_lockout_abuse_whose_account_is_locked_still_gets_in(app, client, firm, li):
    """Who locks an account by guessing locks out its owner: with the password for a quarter of an
    hour, by the link in a mail at once. Others are not touched."""
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    for guess in range(people.TRIES * 4):
        form = {"email": li.email, "password": f"guess {guess}"}
        app.test_client().post("/sign-in", data=form, environ_base=stranger)
    assert "too many" in enter_in_english(app, li).lower()
    firm.chen.set_password(GOOD, by=firm.chen)
    assert enter(app.test_client(), firm.chen.email).status_code == 303
    client.post("/forgotten", data={"email": li.email, "how": "link"})
    bring(client, link_in(Mail.get(Mail.template == "sign_in")))
    assert client.post("/links/sign_in").status_code == 303
    assert client.get("/").status_code == 200
    with later(minutes=16):
        assert enter(app.test_client(), li.email).status_code == 303


# Tokens
# ------------------------------------------------------------------------------------------------


@pytest.fixture
def makers(firm):
    """{what: a function that makes one and returns its secret}"""
    paper = firm.issued(price="10")
    link, _code = DocumentLink.make(paper, firm.anna)
    return {
        "a session": lambda: Session.start(firm.li),
        "a code of a mail": lambda: Code.make("password", firm.li),
        "a link of a document": lambda: DocumentLink.make(paper, firm.anna)[1],
        "a visit by it": link.visit,
        "no more greetings": lambda: OptOutLink.make(firm.anna),
        "a calendar": lambda: CalendarFeed.make(firm.li),
    }


def test_tokens_are_random_long_and_kept_as_hashes(firm, makers):
    """Tokens that counted up, or came from the clock. In full a hundred thousand of them."""
    for what, make in makers.items():
        made = [make() for _n in range(fully(40, 20_000))]
        assert len(set(made)) == len(made), what
        assert all(len(secret) >= 32 for secret in made), what  # 192 bits and more
        for place in range(31):  # no sign of them is the same in all, or nearly so
            assert len({secret[place] for secret in made}) > 10, (what, place)
        stored = everything_stored()
        assert made[-1] not in stored and digest(made[-1]) in stored, what


def everything_stored():
    return "".join(
        repr(db.execute_sql(f'SELECT * FROM "{table._meta.table_name}"').fetchall())
        for table in tables()
    )


def test_tokens_of_which_one_sign_differs_open_nothing(firm):
    """Each place of a token counts, also the last bits of the last sign, its case and its end."""
    code, session = Code.make("password", firm.li), Session.start(firm.li)
    wrong = set()
    for secret in (code, session):
        for place, sign in enumerate(secret):
            other = "A" if sign != "A" else "B"
            wrong.add(secret[:place] + other + secret[place + 1 :])
        wrong |= {secret[:-1], secret + "A", secret + "=", secret.swapcase(), f" {secret}"}
        wrong |= {secret + "\0", digest(secret), ""}
    for secret in wrong:
        assert Code.holder("password", secret) is None and Session.resume(secret) is None, secret
    assert Code.holder("password", code) == firm.li and Session.resume(session) == firm.li


@pytest.mark.parametrize("case", ["expired", "another purpose", "used", "a newer one", "left"])
def test_tokens_that_are_over_open_nothing(firm, case):
    """Past its time, for something else, used, replaced, or of somebody who left."""
    code, purpose, moment = Code.make("password", firm.li), "password", now()
    if case == "expired":
        moment += dt.timedelta(hours=2, minutes=1)
    elif case == "another purpose":
        purpose = "sign_in"
    elif case == "used":
        Code.redeem("password", code)
    elif case == "a newer one":
        Code.make("password", firm.li)
    else:
        firm.li.disable(by=firm.ada)
    with at(moment):
        assert Code.holder(purpose, code) is None
        with pytest.raises(Refused):
            Code.redeem(purpose, code)


def test_tokens_a_remembered_browser_s_secret_is_no_session(firm):
    """One kind of secret is not taken for another."""
    secret = Session.start(firm.li)
    assert Code.holder("password", secret) is None
    assert Code.holder("sign_in", secret) is None
    Device.remember(firm.li, "a-device-of-li", "")
    assert Session.resume("a-device-of-li") is None
