"""The clock and the workers outlive whatever one tick meets."""

import re
from pathlib import Path

import peewee as pw

from jobs import scheduler, worker
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
