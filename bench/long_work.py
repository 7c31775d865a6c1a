"""What takes long: backup beside a plain copy, export, import, proof."""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.loader import HEADS, document_rows, opened, papers
from bench.papers import of_children
from bench.serving import Browser, Server, environment
from bench.tables import middle, p95, ratio, show
from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.people import Session, User

PAGES, BEFORE = ("/", "/documents/", "/search/?q=I0000123"), 5  # seconds
HEAD = ["what", "s of processor", "s", "beside cp", "MB above idle"]


def compare(folder, lines=10_000):
    """Print what these take on a copy of the firm."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as home:
        data, place = Path(home) / "data", Path(home) / "place"
        show("Backup", HEAD, list(backups(folder, data, place)))
        show("Export and import", HEAD, [*exports(data), *imports(data, lines)])
        heads = ["page, ms", "before: p50", "p95", "during: p50", "p95", "ratio"]
        show("Pages while a backup runs", heads, list(pages_meanwhile(data, place)))


def backups(folder, data, place):
    """A plain copy, then the first backup and the next of the copy, then a whole proof of it."""
    plain = spent(lambda: subprocess.run(["cp", "-r", folder.resolve(), data], check=True))
    yield ["cp -r", *plain, None, None]
    for name in ("backup, the first", "backup, the next", "flask verify"):
        words = ["verify"] if name == "flask verify" else ["backup", place]
        cpu, wall = spent(lambda words=words: flask(data, *words))
        against = None if words == ["verify"] else ratio(wall / plain[1])
        yield [name, cpu, wall, against, None]


def pages_meanwhile(folder, place):
    """Pages as a person asks them before a backup and during one."""
    with Server.of_firm(folder) as server:
        browser = Browser(server.port).sign_in("ada")
        until = time.monotonic() + BEFORE
        before = asked(browser, lambda: time.monotonic() < until)
        command = [sys.executable, "-m", "flask", "backup", str(place)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        backup = subprocess.Popen(command, env=environment(folder), **quiet)
        during = asked(browser, lambda: backup.poll() is None)
        assert not backup.wait()
    for page in PAGES:
        middles = middle(before[page]), middle(during[page])
        yield [
            *(page, middles[0], p95(before[page]), middles[1], p95(during[page])),
            ratio(middles[1] / middles[0]),
        ]


def asked(browser, goes_on):
    """{page: [ms]}, at least once each, with pauses as a person makes."""
    times = {page: [] for page in PAGES}
    while goes_on() or not times[PAGES[-1]]:
        for page in PAGES:
            began = time.monotonic()
            assert browser.get(page).status == 200
            times[page].append((time.monotonic() - began) * 1000)
            time.sleep(0.05)
    return times


def exports(folder):
    """Every document of the firm as a file, asked of a fresh server."""
    with opened(folder).app_context():
        sid = Session.start(User.get(User.email == "ada@bench.test"))
        count = Document.select().count()
    for form in ("csv", "xlsx"):
        with Server.of_firm(folder) as server:
            browser = Browser(server.port, sid)
            browser.get("/documents/")
            idle, cpu, began = server.memory(), server.cpu(), time.monotonic()
            answer = browser.get(f"/documents/export.{form}")
            assert answer.status == 200, answer.status
            name = f"export of {count:,} documents, {form.upper()}"
            took = time.monotonic() - began
            above = server.most_memory() - idle
            yield [name, (server.cpu() - cpu) / 1000, took, None, above]


def imports(folder, lines):
    """A file of so many lines that a person uploads: read and checked, then written."""
    with opened(folder).app_context():
        ada, customers = User.get(User.email == "ada@bench.test"), Customer.select().count()
        made = papers(
            "invoice", range(10**7, 10**7 + lines), 2 * 10**7, customers, random.Random(7)
        )
        rows = []
        while len(rows) < lines:
            rows += document_rows("invoice", [next(made)])
        text = "\n".join([HEADS["documents"], *(",".join(map(str, row)) for row in rows)])
        file = Import.upload(ada, "documents", "lines.csv", text.encode())

        def check():
            file.check(ada, file.mapping, {"kind": "invoice"})
            Import.run_waiting()

        yield [
            f"import, {len(rows):,} lines read and checked",
            *spent(check, time.thread_time),
            None,
            None,
        ]
        row = Import.get_by_id(file.id)
        assert row.clean, row.findings
        row.start(ada)
        yield ["import, written", *spent(Import.run_waiting, time.thread_time), None, None]
        assert Import.get_by_id(file.id).state == "done"


def flask(folder, *words):
    command = [sys.executable, "-m", "flask", *map(str, words)]
    subprocess.run(command, env=environment(folder), check=True, capture_output=True)


def spent(act, clock=of_children):
    """(seconds of processor, seconds)"""
    cpu, began = clock(), time.monotonic()
    act()
    return clock() - cpu, time.monotonic() - began
