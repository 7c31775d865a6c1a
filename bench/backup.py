"""The portal while a backup runs: the same pages of a real `flask serve` before and during it.

`python -m bench.backup 100000 [FOLDER]`: FOLDER is a data folder as `tests.faults.drill` builds it;
it is copied, not changed."""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import requests

from app import create_app
from models.core.database import db
from models.operations.backup import Backup, Place
from models.people import Session, User
from tests.faults.drill import build
from tests.faults.load import Server

PAGES = ("/", "/documents/", "/documents/1", "/customers/1", "/documents/?q=B-77")


def measure(browser, url, goes_on):
    """{page: [milliseconds]} while `goes_on()`, with short pauses as a person makes."""
    times = {page: [] for page in PAGES}
    while goes_on(times):
        for page in PAGES:
            started = time.perf_counter()
            answer = browser.get(url + page)
            assert answer.status_code == 200, answer.status_code
            times[page].append(1000 * (time.perf_counter() - started))
            time.sleep(0.05)
    return times


def summary(times):
    return (
        f"{statistics.median(times):8.0f} {sorted(times)[int(len(times) * 0.95)]:8.0f} "
        f"{max(times):8.0f}"
    )


def main(count=100_000, source=None):
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "data"
        shutil.copytree(source, folder) if source else build(folder, count)
        app = create_app(
            DATA_DIR=folder,
            DATABASE_URL=f"sqlite:///{folder}/danju.db",
            SMTP_URL="",
            BASE_URL="http://localhost:8000",
        )
        server = Server(folder, SECRET_KEY=app.config["SECRET_KEY"])
        browser = requests.Session()
        with app.app_context(), db.connection_context():
            ada = User.get(User.email == "ada@firm.test")
            browser.cookies.set("danju_sid", Session.start(ada))
            before = measure(browser, server.url, lambda times: len(times["/"]) < 20)
            Place.add(ada, "disk", "folder", {"path": f"{home}/place"}, "")
            started = time.monotonic()

            def goes_on(times):
                place = Place.get()
                assert place.trouble == "", place.trouble
                return place.proven_at is None

            during = measure(browser, server.url, goes_on)
            took, backup = time.monotonic() - started, Backup.get()
        server.stop()
        print(
            f"\nA backup of {backup.rows} rows and {backup.files} files, with its proof, "
            f"in {took:.0f} s; milliseconds of a page, {len(during['/'])} rounds"
        )
        print(f"  {'':<24}{'before: median, 95 %, most':>28}{'during':>28}")
        for page in PAGES:
            slower = statistics.median(during[page]) / statistics.median(before[page])
            row = f"  {page:<24}{summary(before[page]):>28}{summary(during[page]):>28}"
            print(f"{row}{slower:>8.1f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, *sys.argv[2:])
