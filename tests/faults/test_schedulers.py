"""Four schedulers started in the same second, day after day: each job's effect comes exactly once a
day, week or month."""

import datetime as dt
import os
import subprocess
import sys
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from models.adapters.outbox import Mail
from models.archive import Inspection
from models.care import Occasion
from models.care.greeting import Greeting, GreetingBatch
from models.company import Company
from models.core.clock import at, today
from models.core.lease import Lease
from models.dunning import Reminded, Reminder
from models.insights.monthly import MonthlyPaper
from models.operations.backup import Backup, Place
from tests.faults.conftest import ROOT, count_of, environment, figure, seeded
from tests.faults.invariants import broken
from tests.faults.oracles import rows
from tests.faults.post import Post
from tests.firm import Firm

DAYS = count_of("FAULTS_DAYS", 2, 60)
BEGIN = dt.datetime(2026, 11, 27)
KEY = "k" * 40


@pytest.fixture
def trade(app, tmp_path):
    """A firm with overdue invoices, a birthday in every week, an order long ago, and a place for
    backups."""
    with at(BEGIN - dt.timedelta(days=40)):
        firm = Firm()
        Company.current().revise(
            firm.ada,
            settings={
                **Company.current().settings,
                "reminders_automatic": True,
                "weekly_digest": True,
            },
        )
        for price in ("1000", "2000"):
            firm.issued(price=price)
        firm.issued(price="10", customer=firm.b, by=firm.chen)
        Occasion.configure(firm.ada, "birthday", True, 7)
        Occasion.configure(firm.ada, "new_year", True, 7)
        for n, contact in enumerate((firm.anna, firm.amin, firm.bob)):
            contact.revise(
                firm.li if n < 2 else firm.chen,
                birthday=(BEGIN + dt.timedelta(days=1 + 17 * n)).date().replace(year=1980),
            )
        Mail.delete().execute()
    with at(BEGIN - dt.timedelta(days=1)):
        Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "", hour=3)
    return firm


@contextmanager
def schedulers(app, post, calls, seed=""):
    env = environment(
        app.config["DATA_DIR"],
        DATABASE_URL=app.config["DATABASE_URL"],
        SECRET_KEY=KEY,
        SMTP_URL=post.url,
        FAULTS_CALLS=str(calls),
        FAULTS_SEED=seed,
        BASE_URL="http://localhost:8000",
        PDF_WORKERS="1",
    )

    def started(n):
        with open(f"{calls}.{n}", "w") as told:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.clockwork"],
                cwd=ROOT,
                env=env,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
            )

    four = [started(n) for n in range(4)]
    try:
        for one in four:
            assert one.stdout.readline() == "ready\n", Path(f"{calls}.0").read_text()
        yield four
    finally:
        for one in four:
            one.stdin.close()
            one.wait(60)


def turn(four, moment):
    for one in four:
        one.stdin.write(f"{moment.isoformat()}\n")
        one.stdin.flush()
    for one in four:
        assert one.stdout.readline() == "done\n"


def lived(app, trade, tmp_path, days, seed=""):
    """So many days; (the post, [what was called on which day])."""
    calls, called = (
        tmp_path.with_name(f"{tmp_path.name}-calls"),
        [],
    )  # beside the data folder, where nothing strange may lie
    with closing(Post()) as post, schedulers(app, post, calls, seed) as four:
        for n in range(days):
            before = os.path.getsize(calls)
            for hour in (20, 25):  # 04:00 and 09:00 in Shanghai
                moment = BEGIN + dt.timedelta(days=n - 1, hours=hour, minutes=10)
                turn(four, moment)
                with at(moment):
                    for batch in GreetingBatch.select().where(GreetingBatch.state == "proposed"):
                        batch.last_day >= today() and batch.approve(trade.wang)
            called.append(Counter(calls.read_text()[before:].split("\n")[:-1]))
            if n % 10 == 9:
                print(f"\n{n + 1} days", flush=True)
        turn(four, moment + dt.timedelta(minutes=20))  # what was written last goes out
        return post, called


def twice(app, post, called, days):
    """Sentences on everything that did not come exactly once."""
    first, last = BEGIN.date(), BEGIN.date() + dt.timedelta(days=days - 1)
    for n, day in enumerate(called):
        for name in ("daily check", "file by rule"):
            if day[name] != 1:
                yield f"{name}: {day[name]} times on day {n + 1}"
    for who, count in post.times().items():
        if count != 1:
            yield f"{who[0]} had one mail {count} times"
    weeks = {tuple((first + dt.timedelta(days=n)).isocalendar())[:2] for n in range(days)}
    for template, people in (("digest", 1), ("anchor", 1)):
        found = Counter()
        for mail in Mail.select().where(Mail.template == template):
            found[mail.recipient, *mail.key.split("-")[1:3]] += 1
        expected = {(str(y), str(w)) for y, w in weeks}
        if set(found.values()) != {people} or {k[1:] for k in found} != expected:
            yield f"{template}: {found}"
    months = {
        f"{d:%Y-%m}"
        for d in (
            (first.replace(day=1) - dt.timedelta(days=1)),
            (first if last.month != first.month else first.replace(day=1) - dt.timedelta(days=1)),
            *(
                (first + dt.timedelta(days=n)).replace(day=1) - dt.timedelta(days=1)
                for n in range(days)
            ),
        )
    }
    papers = Counter(p.month for p in MonthlyPaper.select())
    if set(papers.values()) != {1} or not set(papers) <= months:
        yield f"the month on one page: {papers}"
    if Inspection.select().count() > days:
        yield f"four tests of the archive: {Inspection.select().count()} in {days} days"
    backups = Counter(
        b.taken_at.date() for b in Backup.select().where(Backup.state.in_(("kept", "expired")))
    )
    if any(count > 1 for count in backups.values()) or not days <= len(backups) <= days + 1:
        yield f"backups: {backups}"
    greeted = Counter(
        (g.contact_id, g.day.year, b.occasion)
        for b in GreetingBatch.select()
        for g in b.greetings.where(Greeting.sent_at.is_null(False))
    )
    if any(count > 1 for count in greeted.values()):
        yield f"greetings: {greeted}"
    left = [
        (m.recipient, m.template, m.state, m.error)
        for m in Mail.select().where(Mail.state != "sent")
    ]
    if left:
        yield f"not sent: {left}"
    for key, count in rows("SELECT name, trouble FROM lease WHERE trouble <> ''"):
        yield f"{key}: {count}"


def test_each_effect_comes_once(app, trade, tmp_path):
    post, called = lived(app, trade, tmp_path, DAYS)
    with at(BEGIN + dt.timedelta(days=DAYS)):
        assert list(twice(app, post, called, DAYS)) == []
        assert broken(app.config["DATA_DIR"], KEY) == []
    assert (
        Reminder.select().count() >= 2
        and Reminded.select().count() >= 3
        and Greeting.select().where(Greeting.sent_at.is_null(False)).count() >= 1
    )
    assert Lease.select().where(Lease.name.startswith("day ")).count() == 3
    figure(
        f"four schedulers, {DAYS} days: {len(post.had)} mails, "
        f"{Reminder.select().count()} reminders, {Backup.select().count()} backups, "
        f"{Greeting.select().where(Greeting.sent_at.is_null(False)).count()} greetings, "
        f"{MonthlyPaper.select().count()} monthly papers, each exactly once"
    )


@pytest.mark.long
@pytest.mark.parametrize("seed, says", [("first", "the lease and the day's claim removed")])
def test_a_seeded_fault_is_caught(app, trade, tmp_path, seed, says):
    post, called = lived(app, trade, tmp_path, 2, seed)
    seeded(says, "four schedulers", list(twice(app, post, called, 2)))
