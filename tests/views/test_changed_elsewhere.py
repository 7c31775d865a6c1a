"""What another process changes in the firm's row holds here from the next request and job on."""

import datetime as dt
import subprocess
import sys
import threading

from jobs.guard import run_guarded
from models.core.clock import at, local, today
from models.people import Session
from tests.faults.conftest import ROOT, environment
from tests.support.databases import settings

EVENING = dt.datetime(2026, 3, 10, 20)  # UTC: the 11th in Shanghai, the 10th in New York
REVISE = """
from app import create_app
from models.company import Company
from models.people import User
with create_app(TESTING=True).app_context():
    admin = User.get(User.email == "ada@firm.test")
    Company.current().revise(admin, zone="America/New_York", language="en")
"""


def revise_elsewhere(folder):
    given = settings(folder)
    env = environment(
        folder, DATABASE_URL=given["DATABASE_URL"], SECRET_KEY=given["SECRET_KEY"], SMTP_URL=""
    )
    subprocess.run([sys.executable, "-c", REVISE], env=env, cwd=ROOT, check=True)


def test_zone_and_language_hold_from_the_next_request_on(app, firm, tmp_path):
    stranger, browser = app.test_client(), app.test_client()
    browser.set_cookie("danju_sid", Session.start(firm.li))
    days = []

    def note_day():
        days.append((today().day, local(EVENING).hour))

    def beside():
        with at(EVENING), app.app_context():
            note_day()

    with at(EVENING):
        assert 'value="2026-03-11"' in browser.get("/delegations/").text
        assert 'lang="zh' in stranger.get("/sign-in").text
        run_guarded(app, "day", note_day)
        revise_elsewhere(tmp_path)
        assert 'value="2026-03-10"' in browser.get("/delegations/").text
        assert 'lang="en' in stranger.get("/sign-in").text
        run_guarded(app, "day", note_day)
    thread = threading.Thread(target=beside)
    thread.start()
    thread.join()
    assert days == [(11, 4), (10, 16), (10, 16)]
