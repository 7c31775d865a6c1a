"""The reminder run dies at every statement it executes, and is started again: no customer gets two
letters, none gets none."""

import datetime as dt

import peewee as pw
import pytest

from models import dunning
from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.core.clock import at, now
from models.core.database import db
from models.core.fields import canonical
from models.core.journal import Event
from models.dunning import Reminded, Reminder
from models.numbering import NumberSeries
from models.operations import checks
from tests.support.sets import fully
from tests.support.smtp import deliver

pytestmark = pytest.mark.on_sqlite

DUE, LATER = dt.timedelta(days=32), dt.timedelta(days=32, minutes=21)


class Killed(BaseException):
    """The process is gone: no handler of ours runs, the connection is lost."""


class Executioner:
    """Counts the statements of the run and kills it before, or right after, the n-th."""

    def __init__(self, monkeypatch):
        self.at, self.after, self.count, self.dead = None, False, 0, False
        real = pw.Database.execute_sql

        def execute(database, sql, params=None, *args, **kwargs):
            if self.dead:  # what a dead process would still say on its way out is never heard
                raise Killed
            self.count += 1
            hit = self.count == self.at
            if hit and not self.after:
                self._die(database)
            answer = real(database, sql, params, *args, **kwargs)
            if hit:
                self._die(database)
            return answer

        monkeypatch.setattr(type(db.obj), "execute_sql", execute)

    def _die(self, database):
        self.dead = True
        raise Killed

    def kill_at(self, n, after):
        self.at, self.after, self.count, self.dead = n, after, 0, False

    def rest(self):
        """A new process: nothing is killed, and nothing is left of the old connection."""
        self.kill_at(None, False)
        link, state = db.obj._state.conn, db.obj._state
        state.transactions.clear()
        link is None or link.close()
        state.reset()
        db.connect(reuse_if_open=True)


@pytest.fixture
def executioner(monkeypatch):
    return Executioner(monkeypatch)


@pytest.fixture
def trade(firm, monkeypatch):
    """Two customers with something due, and how to go back to before the run. The same letter is
    printed once and kept."""
    if isinstance(
        db.obj, pw.SqliteDatabase
    ):  # a process dies here, not the machine: no need to wait for the disk
        db.obj.pragma("synchronous", "off", permanent=True)
    firm.printed(price="1000"), firm.printed(price="10", customer=firm.b, by=firm.chen)
    Mail.delete().execute()
    kept, real = {}, pdf.render
    monkeypatch.setattr(
        pdf,
        "render",
        lambda content, *args, **kwargs: (
            kept.get(canonical(content))
            or kept.setdefault(canonical(content), real(content, *args, **kwargs))
        ),
    )
    last = Event.select(pw.fn.MAX(Event.id)).scalar()

    def back():
        for cls in (Mail, Reminded, Reminder):
            cls.delete().execute()
        Event.delete().where(Event.id > last).execute()
        NumberSeries.delete().where(NumberSeries.kind == "reminder").execute()

    return back


def run(when):
    with at(when):
        dunning.run_due()
        deliver()


def received(server):
    found = {}
    for mail in server.mails:
        (letter,) = mail.iter_attachments()  # none goes before its PDF is made
        assert letter.get_content().startswith(b"%PDF")
        found[mail["To"]] = found.get(mail["To"], 0) + 1
    return found


EVERYONE = {"anna@a.test", "bob@b.test"}


def killed(deed):
    try:
        deed()
    except Killed:
        return True
    return False


def statements(executioner, trade, server, moment):
    executioner.kill_at(None, False)
    run(moment + DUE)
    assert received(server) == dict.fromkeys(EVERYONE, 1) and Reminder.select().count() == 2
    many, _ = executioner.count, (trade(), server.mails.clear())
    return many


@pytest.mark.parametrize(
    "after",
    [pytest.param(False, marks=pytest.mark.full, id="before"), pytest.param(True, id="after")],
)
def test_killed_at_every_statement_and_started_again(firm, trade, server, executioner, after):
    moment = now()
    many, undecided, n = statements(executioner, trade, server, moment), 0, 0
    # to the end: a run that is not killed any more; in full at every statement
    for n in range(1, many + 50, fully(6, 1)):
        executioner.kill_at(n, after)
        if not killed(lambda: run(moment + DUE)):
            break
        executioner.rest()
        under_way = {m.recipient for m in Mail.select().where(Mail.state == "sending")}
        run(moment + LATER), run(moment + LATER)
        where = f"killed {'after' if after else 'before'} statement {n} of {many}"
        assert sorted(Reminder.select(Reminder.customer).tuples()) == [
            (firm.a.id,),
            (firm.b.id,),
        ], where
        mails = {m.recipient: m for m in Mail.select()}
        assert set(mails) == EVERYONE and Mail.select().count() == 2, where
        got = received(server)
        assert max(got.values()) == 1, f"{where}: someone got two"
        left = {to for to, mail in mails.items() if mail.state == "failed"}
        assert left == under_way and len(left) <= 1, (
            f"{where}: only the mail under way waits for a person"
        )
        assert {mails[to].error for to in left} <= {
            "perhaps it was sent: interrupted while sending"
        }, where
        undecided += len(left)
        assert all((mails[to].state, got.get(to)) == ("sent", 1) for to in EVERYONE - left), (
            f"{where}: someone got none"
        )
        for letter in Reminder.select():
            assert blobs.fetch(letter.pdf_sha256).startswith(b"%PDF"), where
        if n % 10 == 0:
            assert checks.faults() == [], where
        trade(), server.mails.clear()
    assert n > 60, "every statement was tried"
    assert undecided > 0


def test_a_run_in_the_next_scheduler_while_the_first_is_dead_on_the_same_day(
    firm, trade, server, executioner
):
    """Killed between the two customers: the second scheduler writes only what is missing."""
    moment = now()
    many = statements(executioner, trade, server, moment)
    seen = set()
    for n in range(1, many + 1, 7):
        executioner.kill_at(n, False)
        if not killed(lambda: run(moment + DUE)):
            break
        executioner.rest()
        seen.add(Reminder.select().count())
        with at(moment + DUE):
            dunning.run_due()
        assert Reminder.select().count() == 2 and Mail.select().count() == 2
        trade(), server.mails.clear()
    assert seen == {0, 1, 2}
