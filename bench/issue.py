"""Issuing: what it takes beside its bare statements, how many a second when sixteen do it at once,
and how long a colleague's note waits meanwhile.

`python -m bench.issue` prints the rows of figures."""

import contextlib
import os
import re
import secrets
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import requests

from bench.loader import load, opened
from models.core.database import SqliteDatabase, db
from models.customers import Customer
from models.documents import Document
from models.people import Session, User
from models.products import Product
from tests.support import postgres

ROOT = Path(__file__).resolve().parent.parent
CLIENTS, EACH = 16, 12
LINES = 10


def figures(documents=1000):
    """Each (what, value, unit)."""
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder), documents)
        yield from alone(Path(folder))
        yield from together(Path(folder), "SQLite, 1 process", 1)
        for lines in (500, 2000):
            yield from note_meanwhile(Path(folder), lines)
    with postgres.server(durable=True) as url, tempfile.TemporaryDirectory() as folder:
        if url:
            server, _, name = url.rpartition("/")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
                link.execute(f"CREATE DATABASE {name}")
            load(Path(folder), documents, DATABASE_URL=url)
            for processes in (1, 2, 4):
                name = f"PostgreSQL, {processes} processes"
                yield from together(Path(folder), name, processes, DATABASE_URL=url)


def approved(count, lines=LINES):
    """The ids of so many approved invoices."""
    admin, customers = User.get(User.email == "ada@bench.test"), list(Customer.select().limit(50))
    products = list(Product.select().limit(lines))
    content = [
        {
            "name": f"货品 {n}",
            "product": products[n % len(products)],
            "quantity": 10_000,
            "price": 1_000,  # below what needs somebody's approval
            "rate": 1300,
        }
        for n in range(lines)
    ]
    ids = []
    for n in range(count):
        draft = Document.draft(admin, "invoice", customers[n % len(customers)], content)
        draft.submit(by=admin)
        ids.append(draft.id)
    return ids


def alone(folder, count=40):
    """One after another, in processor ms of the thread: the verb, the whole request, and the same
    writing statements in bare SQLite."""
    app = opened(folder, WTF_CSRF_ENABLED=False)
    with app.app_context():
        admin = User.get(User.email == "ada@bench.test")
        browser = app.test_client()
        browser.set_cookie("danju_sid", Session.start(admin))
        ids = approved(2 * count)
        db.close()
        shutil.copy(folder / "danju.db", folder / "bare.db")
        with statements_written() as written:
            verb = [_cpu(lambda i=i: Document.get_by_id(i).issue(by=admin)) for i in ids[:count]]
        db.close()
        request = [
            _cpu(lambda i=i: browser.post(f"/documents/{i}/issue", data=_form(), buffered=True))
            for i in ids[count:]
        ]
        assert Document.get_by_id(ids[-1]).number
        db.close()
    bare = _replayed(folder / "bare.db", written)
    return [
        ("issue without its PDF, the verb", statistics.median(verb), "ms"),
        ("issue without its PDF, the request", statistics.median(request), "ms"),
        ("its writing statements in bare SQLite", statistics.median(bare), "ms"),
    ]


@contextlib.contextmanager
def statements_written():
    """[[(SQL, values)] of each transaction] of what writes."""
    real, found = SqliteDatabase.execute_sql, []

    def execute_sql(self, sql, params=None, *args, **kwargs):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            found[-1].append((sql, params))
        return real(self, sql, params, *args, **kwargs)

    def begin(self, *args, **kwargs):
        found.append([])
        return real_begin(self, *args, **kwargs)

    real_begin = SqliteDatabase.begin
    SqliteDatabase.execute_sql, SqliteDatabase.begin = execute_sql, begin
    try:
        yield found
    finally:
        SqliteDatabase.execute_sql, SqliteDatabase.begin = real, real_begin


def _replayed(path, transactions):
    link = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=1", "cache_size=-16000"):
        link.execute(f"PRAGMA {pragma}")

    def replay(statements):
        link.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            link.execute(sql, values or ())
        link.execute("COMMIT")

    try:
        return [_cpu(lambda s=statements: replay(s)) for statements in transactions]
    finally:
        link.close()


def _cpu(work):
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _form(**more):
    return {"idempotency_key": secrets.token_urlsafe(18), **more}


@contextlib.contextmanager
def served(folder, processes=1, **env):
    """([address], [process]) of real servers on the folder; each further one has a folder of its
    own."""
    started, addresses = [], []
    with contextlib.ExitStack() as stack:
        for number in range(processes):
            home = stack.enter_context(tempfile.TemporaryDirectory()) if number else folder
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            if number:
                for key in folder.glob("*_key"):
                    shutil.copy(key, home)
            settings = {
                "DATABASE_URL": f"sqlite:///{folder}/danju.db",
                **env,
                "DATA_DIR": str(home),
                "PORT": str(port),
                "SECRET_KEY": "k" * 40,
                "BASE_URL": "http://localhost:8000",
                "FLASK_APP": "app:create_app",
            }
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "flask", "serve"],
                    cwd=ROOT,
                    env={**os.environ, **settings},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            addresses.append(f"http://127.0.0.1:{port}")
        try:
            for address in addresses:
                _await(address)
            yield addresses, started
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(20)


def _processor_ms(processes):
    """What these processes have used, without those that they began."""
    stats = [Path(f"/proc/{p.pid}/stat").read_text().rpartition(")")[2].split() for p in processes]
    return sum(int(s[11]) + int(s[12]) for s in stats) * 1000 / os.sysconf("SC_CLK_TCK")


def _await(address):
    for _ in range(600):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{address}/healthz", timeout=5)
            return
        time.sleep(0.05)
    raise AssertionError("the server did not come up")


class Browser:
    """A signed-in person at one of the servers."""

    def __init__(self, address, secret):
        self.address, self.session = address, requests.Session()
        self.session.cookies.set("danju_sid", secret)
        page = self.session.get(f"{address}/documents/").text
        self.token = re.search(r'X-CSRFToken": "([^"]+)"', page.replace("&#34;", '"'))[1]

    def post(self, path, **form):
        """Seconds until a good answer."""
        began = time.perf_counter()
        answer = self.session.post(
            self.address + path, data=_form(csrf_token=self.token, **form), allow_redirects=False
        )
        assert answer.status_code == 303, (
            path,
            answer.status_code,
            re.search("<title>(.*)", answer.text),
        )
        return time.perf_counter() - began


def together(folder, name, processes, **settings):
    """Sixteen people issue at once on real servers; then their PDFs follow."""
    with opened(folder, **settings).app_context():
        admin = User.get(User.email == "ada@bench.test")
        secrets_ = [Session.start(admin) for _ in range(CLIENTS)]
        ids = approved(CLIENTS * (EACH + 1))
        db.close()
    with served(folder, processes, **settings) as (addresses, started):
        browsers = [Browser(addresses[n % len(addresses)], s) for n, s in enumerate(secrets_)]
        for browser in browsers:  # the first of a process compiles what others then have
            browser.post(f"/documents/{ids.pop()}/issue")
        shares = [ids[n::CLIENTS] for n in range(CLIENTS)]
        times, began, used = [], time.perf_counter(), _processor_ms(started)

        def issue(browser, share):
            times.extend([browser.post(f"/documents/{i}/issue") for i in share])

        threads = [
            threading.Thread(target=issue, args=pair) for pair in zip(browsers, shares, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took, used = time.perf_counter() - began, _processor_ms(started) - used
        assert len(times) == len(ids), "some were refused"
        left, since = _unprinted(folder, settings), time.perf_counter()
        time.sleep(4)
        printed = left - _unprinted(folder, settings)
        rate = printed / (time.perf_counter() - since)
    times.sort()
    return [
        (f"{name}: committed a second", len(times) / took, "/s"),
        (f"{name}: processor of the servers for each", used / len(times), "ms"),
        (f"{name}: p50", times[len(times) // 2] * 1000, "ms"),
        (f"{name}: p95", times[int(len(times) * 0.95)] * 1000, "ms"),
        (f"{name}: PDFs that follow a second", rate, "/s"),
    ]


def _unprinted(folder, settings):
    with opened(folder, **settings).app_context():
        try:
            return Document.unprinted("pdf_sha256").count()
        finally:
            db.close()


def note_meanwhile(folder, lines):
    """A colleague's notes during the issue of a long invoice and of its PDF."""
    with opened(folder).app_context():
        admin = User.get(User.email == "ada@bench.test")
        one, other = Session.start(admin), Session.start(admin)
        warm, ident = approved(2, lines)
        customer = Customer.select().first().id
        db.close()
    with served(folder) as ((address,), _started):
        issuer, colleague = Browser(address, one), Browser(address, other)
        issuer.post(f"/documents/{warm}/issue")
        path, notes = f"/customers/{customer}/notes", {"text": "问了"}
        _until_printed(folder)
        quiet = [colleague.post(path, **notes) for _ in range(5)]
        took = []
        thread = threading.Thread(
            target=lambda: took.append(issuer.post(f"/documents/{ident}/issue"))
        )
        thread.start()
        waited = []
        while thread.is_alive():
            waited.append(colleague.post(path, **notes))
        until = time.monotonic() + 30
        printing = []
        while time.monotonic() < until and _unprinted(folder, {}):
            printing += [colleague.post(path, **notes) for _ in range(5)]
    return [
        (f"issue of {lines} lines", took[0] * 1000, "ms"),
        ("a note when nobody issues", statistics.median(quiet) * 1000, "ms"),
        (f"the longest note during issue of {lines} lines", max(waited) * 1000, "ms"),
        ("the longest note during its PDF", max(printing, default=0) * 1000, "ms"),
    ]


def _until_printed(folder):
    for _ in range(200):
        if not _unprinted(folder, {}):
            return
        time.sleep(0.2)


if __name__ == "__main__":
    for what, value, unit in figures(*map(int, sys.argv[1:])):
        print(f"{what:<60}{value:>10.2f} {unit}", flush=True)
