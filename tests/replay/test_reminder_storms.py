"""One reminder became a hundred mails, since something ran more often than somebody had thought."""

import datetime as dt
from collections import Counter

import pytest

from models import dunning
from models.adapters import outbox
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now
from models.dunning import Reminded, Reminder, ReminderLevel
from models.operations import checks
from models.printed import print_waiting
from tests.models.test_outbox import fresh, put
from tests.support.sets import FULL, fully
from tests.support.smtp import deliver
from tests.together import MANY, at_once


@pytest.fixture
def invoice(firm):
    return firm.issued(price="1000")  # 1,130.00, due in 30 days


@pytest.fixture
def by_clock(firm):
    Company.current().revise(firm.ada, settings={"reminders_automatic": True})


def letters():
    return Mail.select().where(Mail.template == "reminder").count()


def test_invoice_ninja_553_a_run_every_minute_of_a_day_sends_one(firm, invoice, by_clock, server):
    """Its reminders ran by cron, and whoever ran it each minute sent a customer over a hundred."""
    day = (now() + dt.timedelta(days=32)).replace(hour=0, minute=0, second=0)
    for minute in range(0, 24 * 60, fully(30, 1)):
        with at(day + dt.timedelta(minutes=minute)):
            dunning.run_by_clock()
            outbox.deliver_waiting()
    with at(day + dt.timedelta(days=1)):
        deliver()
    assert Reminder.select().count() == letters() == 1
    assert (
        len([m for m in server.mails if "anna@a.test" in m["To"]]) <= 2
    )  # the invoice, the letter


def test_invoice_ninja_1693_over_sixty_days_each_level_comes_once(app, firm, invoice, by_clock):
    """22 times the same level in a day; #1921 asks what more than one run a day would do.

    Three invoices, sixty days, some runs a day; in full every ten minutes, and four at once."""
    firm.issued(price="5")
    firm.issued(price="10", customer=firm.b, by=firm.chen)
    begin = now() + dt.timedelta(days=25)
    for step in range(0, 60 * 24 * 60, fully(8 * 60, 10)):
        moment = begin + dt.timedelta(minutes=step)

        def run(_, moment=moment):
            with at(moment):
                dunning.run_by_clock()

        if FULL and step % 1440 == 480:
            assert at_once(app, run, 4) == [None] * 4
        else:
            run(0)
    told = Counter((row.invoice_id, row.level_id) for row in Reminded.select())
    levels = ReminderLevel.select().where(ReminderLevel.active).count()
    assert set(told.values()) == {1} and len(told) == 3 * levels and levels > 2
    assert letters() == Reminder.select().count() and checks.faults() == []


def test_invoice_ninja_2649_a_mail_that_went_is_not_sent_by_the_next_turn(firm, invoice, server):
    """Customers had the same mail six to nine times: each turn of the queue sent it anew."""
    with at(now() + dt.timedelta(days=32)):
        dunning.run_due("http://localhost:8000")
        print_waiting()
        for _turn in range(9):
            outbox.deliver_waiting()
            dunning.run_due("http://localhost:8000")
    subjects = Counter((m["To"], m["Subject"]) for m in server.mails)
    assert subjects and set(subjects.values()) == {1}
    assert len({m["Message-ID"] for m in server.mails}) == len(server.mails)


def test_lokole_1_many_schedulers_at_once_write_each_letter_once(app, firm, invoice):
    """Each of four workers of its server had a scheduler: every mail went out four times."""
    firm.issued(price="10", customer=firm.b, by=firm.chen)
    moment = now() + dt.timedelta(days=32)

    def run(_):
        with at(moment):
            return len(dunning.run_due())

    found = at_once(app, run)
    assert (
        sum(found) == 2
        and len(found) == MANY
        and not [x for x in found if isinstance(x, Exception)]
    )
    assert (
        Reminder.select().count() == 2
        and Mail.select().where(Mail.template == "reminder").count() == 2
        and checks.faults() == []
    )


def test_bagofwords_356_many_schedulers_at_once_send_each_mail_once(app, server):
    """A lock kept the jobs from being entered twice, not from being run twice."""
    mails = [put(f"k{i}", to=f"p{i}@a.test") for i in range(5)]
    assert at_once(app, lambda i: outbox.deliver_waiting()[1]) == [""] * MANY
    assert sorted(m["To"] for m in server.mails) == [f"p{i}@a.test" for i in range(5)]
    assert {fresh(m).state for m in mails} == {"sent"} and {fresh(m).tries for m in mails} == {1}
