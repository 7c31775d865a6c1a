"""The mail server is down, slow, busy, refuses half of the people, or hangs up when it has the
letter: each person's state is right, none has two letters."""

import datetime as dt

import pytest

from app import write_mail
from models import dunning, printed
from models.adapters import outbox, smtp
from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.operations.backup import snapshot
from tests.faults.conftest import figure, seeded, times
from tests.faults.invariants import broken
from tests.faults.post import Post

KEY = "k" * 40
LATE = dt.timedelta(days=32)


@pytest.fixture
def post(app, monkeypatch):
    made = Post()
    monkeypatch.setattr(smtp, "WAIT", 1)
    monkeypatch.setattr(smtp, "WAIT_AFTER_DATA", 2)
    outbox.use(made.url, "firm@firm.test", write_mail, "firm.test")
    yield made
    made.close()


@pytest.fixture
def trade(firm):
    """Two customers with overdue invoices and three people who get reminders; and an invitation,
    which may go twice."""
    firm.cai = firm.a.add_contact(firm.li, name="Cai", email="cai@a.test", gets_reminders=True)
    firm.issued(price="1000"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    Mail.delete().execute()
    with at(now() + LATE):
        dunning.run_due()
    printed.print_waiting()
    Mail.enqueue(
        "inv",
        to="new@a.test",
        template="sign_in",
        language="en",
        context={"name": "New", "link": "http://x/links?code=c"},
    )
    firm.people = {"anna@a.test", "cai@a.test", "bob@b.test"}
    assert {m.recipient for m in Mail.select()} == firm.people | {"new@a.test"}
    return firm


def turns(count, minutes=61):
    """The clock's turns, each far enough apart that what waits is tried again."""
    for n in range(1, count + 1):
        with at(now() + LATE + dt.timedelta(minutes=minutes * n)):
            for _ in range(6):  # a server that does not answer is asked once a turn
                outbox.deliver_waiting()


def states():
    return {m.recipient: m.state for m in Mail.select()}


def well():
    assert broken(snapshot.folder(), KEY) == []


def test_a_server_that_is_down_is_tried_again_and_each_gets_one(trade, post):
    outbox.use("smtp://127.0.0.1:9", "firm@firm.test", write_mail, "firm.test")
    turns(1)
    assert set(states().values()) == {"queued"} and all(m.error for m in Mail.select())
    outbox.use(post.url, "firm@firm.test", write_mail, "firm.test")
    turns(3, minutes=200)
    assert (
        set(states().values()) == {"sent"}
        and set(post.times().values()) == {1}
        and len(post.times()) == 4
    )
    well()


BUSY = [
    {"rcpt": lambda to: "421 busy"},
    {"greet": "421 busy"},
    {"data": "421 busy"},
    {"rcpt": lambda to: "450 greylisted"},
]


@pytest.mark.parametrize(
    "how",
    times(BUSY[:1], BUSY),
    ids=times(["recipient"], ["recipient", "greeting", "data", "greylisted"]),
)
def test_a_busy_server_is_tried_again_and_each_gets_one(trade, post, how):
    post.behave(**how)
    turns(1)
    assert set(states().values()) == {"queued"} and post.taken == []
    post.behave()
    turns(3, minutes=200)
    assert set(states().values()) == {"sent"} and set(post.times(post.taken).values()) == {1}
    well()


def test_half_of_the_people_refused_the_others_have_theirs(trade, post):
    post.behave(
        rcpt=lambda to: "550 no such person" if to in ("anna@a.test", "bob@b.test") else "250 ok"
    )
    turns(2)
    assert states() == {
        "anna@a.test": "failed",
        "bob@b.test": "failed",
        "cai@a.test": "sent",
        "new@a.test": "sent",
    }
    assert all("550" in m.error for m in Mail.select().where(Mail.state == "failed")) and set(
        post.times().values()
    ) == {1}
    post.behave()
    for mail in Mail.select().where(Mail.state == "failed"):
        Mail.retry(mail)  # a person corrected the address book
    turns(3)
    assert set(states().values()) == {"sent"} and set(post.times().values()) == {1}
    well()


@pytest.mark.parametrize("data", times([None], [None, "silent"]), ids=str)
def test_cut_after_data_no_reminder_goes_twice_without_a_persons_yes(trade, post, data):
    """The server has the letter and hangs up: whether it goes on, nobody knows. A sign-in link is
    sent again, a reminder is not."""
    post.behave(data=data)
    turns(1)
    assert {p for p, state in states().items() if state == "failed"} == trade.people and states()[
        "new@a.test"
    ] == "queued"
    assert all(
        m.error.startswith("perhaps it was sent")
        for m in Mail.select().where(Mail.state == "failed")
    )
    post.behave()
    turns(4)
    reminders = {who: n for who, n in post.times().items() if who[0] != "new@a.test"}
    assert set(reminders.values()) == {1} and states()["new@a.test"] == "sent"
    for mail in Mail.select().where(Mail.state == "failed"):
        Mail.retry(mail)
    turns(5)
    assert set(states().values()) == {"sent"}
    assert len({m["Message-ID"] for m in post.had}) == 4, "a second copy bears the same Message-ID"
    well()


def test_a_slow_server_holds_nobody_up_for_long(trade, post):
    """It takes longer than our patience to greet: one try a turn, the rest waits untouched."""
    import time

    post.behave(pause=1.5)
    began = time.monotonic()
    with at(now() + LATE + dt.timedelta(minutes=61)):
        outbox.deliver_waiting()
    assert (
        time.monotonic() - began < 4
        and post.had == []
        and sorted(m.tries for m in Mail.select()) == [0, 0, 0, 1]
    )
    post.behave()
    turns(3)
    assert set(states().values()) == {"sent"} and set(post.times().values()) == {1}
    well()


def test_an_unkind_goodbye_is_no_failure(trade, post):
    """Taken by 250, then 421 to our QUIT: it was sent."""
    post.behave(quit="421 shutting down")
    turns(2)
    assert set(states().values()) == {"sent"} and set(post.times().values()) == {1}
    well()
    figure(
        "SMTP down, busy (421 at greeting, recipient, data), greylisted, half refused, "
        "cut after DATA, slow, 421 to QUIT: states right for each, no letter twice"
    )


@pytest.mark.parametrize("seed", times(["unsure"], ["unsure", "claim", "key"]))
def test_a_seeded_fault_is_caught(trade, post, monkeypatch, seed):
    if seed == "unsure":
        monkeypatch.setattr(
            smtp._WaitsAfterData,
            "transmitted",
            property(lambda self: False, lambda self, value: None),
        )
        post.behave(data=None)
        turns(1)
        post.behave()
        turns(3)
        seeded(
            "a letter handed over without an answer is sent again",
            "SMTP cut after DATA",
            [who for who, n in post.times().items() if n > 1 and who[0] != "new@a.test"],
        )
    if seed == "claim":
        monkeypatch.setattr(Mail, "claim", lambda self: True)
        waiting = list(Mail.waiting())
        monkeypatch.setattr(Mail, "waiting", classmethod(lambda cls: Waiting(waiting)))
        outbox.deliver_waiting(), outbox.deliver_waiting()
        seeded(
            "a mail is claimed without a condition",
            "SMTP",
            [who for who, n in post.times().items() if n > 1],
        )
    if seed == "key":
        from models.core.database import db

        db.execute_sql("DROP INDEX mail_key")
        row = Mail.get(Mail.recipient == "anna@a.test")
        Mail.insert(**{**row.__data__, "id": None, "context": row.context}).execute()
        seeded(
            "the unique key of mails removed",
            "invariants",
            [text for text in broken(snapshot.folder(), KEY) if text.startswith("letters:")],
        )


class Waiting(list):
    def limit(self, count):
        return self[:count]
