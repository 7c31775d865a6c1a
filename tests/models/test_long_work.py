"""Long work that goes on in another process, on another host: seen everywhere, and given up only
when it has stopped."""

import datetime as dt
import subprocess
import sys
import threading
import time

import pytest

from models.archive import Inspection
from models.core import progress
from models.core.clock import at, now
from models.core.database import db
from models.core.progress import Progress
from tests.faults.conftest import ROOT, environment
from tests.support.databases import settings

LONG_AGO = dt.timedelta(seconds=130)
WORKING = """
import datetime as dt, time
from app import create_app
from models.archive import Inspection
from models.core import progress
from models.core.clock import at, now
with create_app().app_context():
    row = Inspection.get()
    with at(now() - dt.timedelta(seconds=130)):
        assert row.claim()
    while True:
        progress.note(row.watch, 0.4)
        print("alive", flush=True)
        time.sleep(0.5)
"""


@pytest.fixture
def elsewhere(firm, tmp_path, app):
    """Another host, with a data folder of its own, works at an inspection that it began more than
    two minutes ago."""
    Inspection.ask(firm.zhao)
    given = settings(tmp_path)
    env = environment(
        tmp_path / "other", DATABASE_URL=given["DATABASE_URL"], SECRET_KEY=given["SECRET_KEY"]
    )
    with subprocess.Popen(
        [sys.executable, "-c", WORKING], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "alive\n"
        yield process
        process.kill()


def test_work_on_another_host_is_seen_and_given_up_once_it_stops(elsewhere, app):
    Inspection.run_waiting()
    row = Inspection.get()
    assert (row.state, row.part) == ("waiting", 0.4) and row.claimed_at < now() - LONG_AGO
    elsewhere.kill()
    elsewhere.wait()
    Inspection.run_waiting()
    assert Inspection.get().state == "waiting"
    with at(now() + LONG_AGO):
        Inspection.run_waiting()
    row = Inspection.get()
    assert (row.state, row.error, row.part) == ("failed", "interrupted", 0)


def test_only_one_gives_it_up(firm):
    Inspection.ask(firm.zhao)
    with at(now() - LONG_AGO):
        assert Inspection.get().claim()
    [one], [other] = Inspection.interrupted(), Inspection.interrupted()
    assert one.take_over() and not other.take_over()
    assert Inspection.interrupted() == []


def test_signs_of_life_come_without_progress_and_wait_for_no_writer(app, monkeypatch):
    monkeypatch.setattr(progress, "BEAT", 0.1)
    begun, done = threading.Event(), threading.Event()

    def write_for_long():
        with db.connection_context(), db.atomic():
            Progress.update(facts={"part": 0.9}).execute()
            begun.set()
            done.wait(30)

    other = threading.Thread(target=write_for_long)
    with progress.beating("a", "b"):
        Progress.update(beat_at=now() - LONG_AGO).execute()
        time.sleep(1.5)
        assert progress.alive("a", now() - LONG_AGO) and progress.alive("b", now() - LONG_AGO)
        other.start()
        assert begun.wait(30)
        began = time.monotonic()
        assert not Progress.beat("a", facts={"part": 0.5})
        assert time.monotonic() - began < 1
        done.set()
        other.join()
        assert Progress.beat("a", facts={"part": 0.5}) and progress.part("a") == 0.5
    assert not Progress.select().exists()


def test_what_comes_too_often_is_left_out_but_for_a_new_phase(app):
    progress.note("a", 0.1)
    progress.note("a", 0.2)
    assert progress.part("a") == 0.1
    progress.note("a", 0.3, phase="writing")
    assert progress.facts("a") == {"part": 0.3, "phase": "writing"}
