"""The clock and the workers outlive whatever one tick meets."""

import contextlib
import datetime as dt
import re
import threading
import time
import types
from pathlib import Path

import peewee as pw
import pytest
import schedule

from jobs import scheduler, threads, worker
from jobs.daily import Faults
from models.core import wake
from models.core.clock import at, now
from models.core.lease import Lease


def test_a_locked_database_does_not_end_the_clock(app, monkeypatch, caplog):
    done = []
    run = scheduler.guarded(app, "mail", lambda: done.append(1))
    with monkeypatch.context() as locked:
        locked.setattr(
            Lease,
            "hold",
            classmethod(
                lambda *_a: (_ for _ in ()).throw(pw.OperationalError("database is locked"))
            ),
        )
        run()
    assert not done and "job mail could not be begun or noted: database is locked" in caplog.text
    run()
    assert done == [1]


def test_nor_does_it_end_the_backups(app, monkeypatch, caplog):
    def locked(*_a, **_k):
        raise pw.OperationalError("database is locked")

    monkeypatch.setattr(Lease, "hold", locked)
    monkeypatch.setattr(Lease, "note", locked)
    worker.run_once(app, "backups")
    assert "job backup could not be begun or noted: database is locked" in caplog.text


def test_a_job_that_fails_is_shown_until_it_succeeds_and_stops_no_other(app, firm, monkeypatch):
    def broken():
        raise ValueError("no such thing")

    done = []
    jobs = [("archive", "first", broken), ("archive", "second", lambda: done.append(1))]
    monkeypatch.setattr(worker, "WORKERS", jobs)
    worker.run_once(app, "archive")
    assert done == [1]
    assert [(row.name, row.trouble) for row in Lease.troubles()] == [
        ("job first", "ValueError: no such thing")
    ]
    monkeypatch.setattr(worker, "WORKERS", [("archive", "first", lambda: None)])
    worker.run_once(app, "archive")
    assert not Lease.troubles().exists()


def test_the_traceback_of_a_failure_is_logged_once_until_the_failure_changes(
    app, firm, monkeypatch, caplog
):
    failures = ["no font", "no font", "no memory", None, "no memory"]

    def print_one():
        if failure := failures.pop(0):
            raise ValueError(failure)

    monkeypatch.setattr(worker, "WORKERS", [("printing", "one PDF", print_one)])
    while failures:
        worker.run_once(app, "printing")
    logged = [(r.getMessage(), bool(r.exc_info)) for r in caplog.records if r.name == "danju.jobs"]
    assert logged == [
        ("job one PDF failed: ValueError: no font", True),
        ("job one PDF failed: ValueError: no font", False),
        ("job one PDF failed: ValueError: no memory", True),
        ("job one PDF failed: ValueError: no memory", True),
    ]


def test_what_the_daily_check_found_is_shown_until_the_next_check(app, firm):
    def finds():
        raise ValueError("a paper is damaged")

    run = scheduler.guarded(app, "check", scheduler.once_a_day("check", 0, finds))
    run(), run()
    assert [row.trouble for row in Lease.troubles()] == ["ValueError: a paper is damaged"]


def test_whoever_is_woken_is_a_worker():
    woken = {
        name
        for top in ("models", "views", "jobs")
        for path in Path(top).rglob("*.py")
        for name in re.findall(r'\bwake\("(\w+)"\)', path.read_text())
    }
    assert woken and woken <= {name for name, _job, _verb in worker.WORKERS}


MORNING = dt.datetime(2026, 11, 20, 1, 0)  # nine o'clock in Shanghai


def test_a_daily_job_that_failed_is_tried_again_each_hour_until_it_succeeds(app, firm):
    ends, tries = [Faults("one"), SystemExit("the process was killed"), None], []

    def work():
        tries.append(now())
        end = ends.pop(0)
        if end:
            raise end

    run = scheduler.guarded(app, "check", scheduler.once_a_day("check", 4, work))
    for minutes in range(0, 300, 20):
        with at(MORNING + dt.timedelta(minutes=minutes)), contextlib.suppress(SystemExit):
            run()
        assert [r.trouble for r in Lease.troubles()] == ["Faults: one"] * (len(tries) < 3)
    assert [(t - MORNING).seconds // 60 for t in tries] == [0, 60, 120]


@pytest.fixture
def berlin(monkeypatch):
    """A host in Berlin, and its clock: what `schedule` and we read follows `shown`."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    host = types.SimpleNamespace(seconds=0)

    class Shown(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime.fromtimestamp(host.seconds, tz)

    shown = types.SimpleNamespace(datetime=Shown, timedelta=dt.timedelta)
    monkeypatch.setattr(schedule, "datetime", shown)
    monkeypatch.setattr(scheduler, "dt", shown)
    yield host
    schedule.clear()
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("what", ["summer time ends", "a day back", "a day ahead and back"])
def test_a_clock_that_goes_back_stops_no_job(berlin, what):
    ran, begin = [], dt.datetime(2027, 10, 31, 0, 50, tzinfo=dt.timezone.utc).timestamp()
    berlin.seconds = begin + (86400 if what == "a day ahead and back" else 0)
    schedule.every(10).minutes.do(lambda: ran.append(minute))
    seen = scheduler.dt.datetime.now()
    if what == "a day back":
        begin -= 86400
    for minute in range(1, 61):
        berlin.seconds = begin + 60 * minute
        seen = scheduler.follow_clock(seen)
        schedule.run_pending()
    assert len(ran) in (5, 6) and ran[0] <= 12


def test_a_lease_in_the_future_is_no_sign_of_life(app):
    with at(now() + dt.timedelta(days=1)):
        assert Lease.hold("scheduler", "one") and Lease.running("scheduler")
    assert not Lease.running("scheduler")
    assert Lease.hold("scheduler", "one") and Lease.running("scheduler")


def test_a_thread_that_died_is_begun_again(monkeypatch):
    monkeypatch.setattr(threads, "_running", {})
    begun = []
    threads.keep("one", lambda: begun.append(1))
    threads._running["one"][1].join()
    threads.revive()
    threads._running["one"][1].join()
    assert begun == [1, 1]


def test_a_long_job_holds_up_nothing_and_is_not_begun_twice():
    goes_on, begun = threading.Event(), []
    begin = threads.beside("long", lambda: begun.append(1) or goes_on.wait(9))
    begin(), begin()
    goes_on.set()
    assert begun == [1]


def test_the_jobs_that_run_beside_the_others_are_in_the_table(app):
    assert set(scheduler.LONG) < {name for _when, name, _verb in scheduler.table(app)}
    schedule.clear()


def test_the_lease_is_renewed_during_a_long_job_but_not_for_one_that_hangs(app, monkeypatch):
    def beats():
        monkeypatch.setattr(wake, "ending", iter((False, True)).__next__)
        scheduler.beat(app)
        return Lease.running("scheduler")

    monkeypatch.setattr(threads, "_running", {})
    monkeypatch.setattr(wake, "pause", lambda seconds: None)
    monkeypatch.setitem(scheduler._busy, "since", time.monotonic() - scheduler.LONGEST - 1)
    assert not beats()
    monkeypatch.setitem(scheduler._busy, "since", time.monotonic() - 600)
    assert beats()
