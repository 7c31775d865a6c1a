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


def rounds(browser, url, going):
    """Milliseconds of each page, as long as `going()`; a person's pause between them."""
    found = {page: [] for page in PAGES}
    while going(found):
        for page in PAGES:
            began = time.perf_counter()
            answer = browser.get(url + page)
            assert answer.status_code == 200, answer.status_code
            found[page].append(1000 * (time.perf_counter() - began))
            time.sleep(0.05)
    return found


def figure(times):
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
            quiet = rounds(browser, server.url, lambda found: len(found["/"]) < 20)
            Place.add(ada, "disk", "folder", {"path": f"{home}/place"}, "")
            began = time.monotonic()

            def going(found):
                place = Place.get()
                assert place.trouble == "", place.trouble
                return place.proven_at is None

            busy = rounds(browser, server.url, going)
            took, backup = time.monotonic() - began, Backup.get()
        server.stop()
        print(
            f"\nA backup of {backup.rows} rows and {backup.files} files, with its proof, "
            f"in {took:.0f} s; milliseconds of a page, {len(busy['/'])} rounds"
        )
        print(f"  {'':<24}{'before: median, 95 %, most':>28}{'during':>28}")
        for page in PAGES:
            slower = statistics.median(busy[page]) / statistics.median(quiet[page])
            print(f"  {page:<24}{figure(quiet[page]):>28}{figure(busy[page]):>28}{slower:>8.1f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, *sys.argv[2:])
