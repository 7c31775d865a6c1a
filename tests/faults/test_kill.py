"""kill -9 of the real server while several people work through HTTP; then everything they saw done must be there."""
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import pytest
import requests

from app import create_app
from models.base import db
from models.documents import Document
from models.payments import Payment
from models.people import Session
from tests.faults.conftest import FLASK, ROOT, times
from tests.faults.invariants import broken
from tests.firm import Firm

KEY = "k" * 40
ROUNDS = times(2, 1000)


class Server:
    """`flask serve` on a folder, in a group of its own, so that kill -9 takes its PDF workers too."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        env = {**os.environ, "FLASK_APP": "app:create_app", "DATA_DIR": str(folder), "PORT": str(self.port), "SECRET_KEY": KEY, "BASE_URL": self.url}
        env.pop("DATABASE_URL", None)
        self.process = subprocess.Popen([FLASK, "serve"], cwd=ROOT, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1)
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Worker(threading.Thread):
    """One person who makes invoices, has them issued, takes payments and tries what must be refused, until the server dies."""

    def __init__(self, url, sid, customer, tax):
        super().__init__(daemon=True)
        self.url, self.customer, self.tax, self.done, self.refused, self.odd = url, customer, tax, [], [], []
        self.http = requests.Session()
        self.http.cookies.set("danju_sid", sid)
        page = self.http.get(f"{url}/", timeout=30).text
        self.http.headers["X-CSRFToken"] = re.search(r'X-CSRFToken": "([^"]+)"', page).group(1)

    def post(self, path, **fields):
        answer = self.http.post(self.url + path, data={**fields, "idempotency_key": secrets.token_urlsafe(18)}, allow_redirects=False, timeout=30)
        if answer.status_code >= 500:
            self.odd.append(f"{path} answered {answer.status_code}")
        return answer

    def run(self):
        try:
            while True:
                self.turn()
        except requests.RequestException:
            pass  # killed: what was under way is neither promised nor refused

    def turn(self):
        made = self.post("/documents/", kind="invoice", customer=self.customer)
        ident = int(re.search(r"/documents/(\d+)", made.headers["Location"]).group(1))
        self.done.append(("created", ident))
        self.post(f"/documents/{ident}/edit", **{
            "version": "1", "contact": "0", "date": "2026-11-24", "terms_days": "30", "currency": "CNY", "language": "zh", "rows": "", "line-name": "钢笔",
            "line-quantity": str(random.randint(1, 9)), "line-unit": "支", "line-price": "10", "line-tax": self.tax, "line-code": "", "line-note": "",
            "line-discount": "", "line-product": "", "line-source": ""})
        self.post(f"/documents/{ident}/submission")
        if self.post(f"/documents/{ident}/issue").status_code == 303:
            self.done.append(("issued", ident))
        mark = secrets.token_hex(8)
        if self.post("/payments/", customer=self.customer, currency="CNY", amount="1.00", reference=mark, **{f"part-{ident}": "1.00"}).status_code == 303:
            self.done.append(("paid", mark))
        wrong = secrets.token_hex(8)
        if self.post("/payments/", customer=self.customer, currency="CNY", amount="1.00", reference=wrong, **{f"part-{ident}": "9999.00"}).status_code == 409:
            self.refused.append(wrong)
        note = secrets.token_hex(8)
        if self.post(f"/customers/{self.customer}/notes", text=note).status_code == 303:
            self.done.append(("noted", note))


@pytest.fixture
def folder(tmp_path):
    """A firm's data folder; the database is closed again, so that the server alone has it."""
    made = create_app(DATA_DIR=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'danju.db'}", SECRET_KEY=KEY)
    with made.app_context(), db.connection_context():
        firm = Firm()
        firm.fang.revise(firm.ada, roles=["finance", "sales"])
        made.sids = [Session.start(person) for person in (firm.fang, firm.fang, firm.fang)]
        made.customers, made.tax = [firm.a.id, firm.b.id, firm.a.id], str(firm.tax.id)
    yield tmp_path, made


def round_of_work(folder, app, deeds):
    """Serve, work until so many deeds are seen done, kill in the middle of the next; (done, refused, odd)."""
    server = Server(folder)
    workers = [Worker(server.url, sid, customer, app.tax) for sid, customer in zip(app.sids, app.customers)]
    [worker.start() for worker in workers]
    until = time.monotonic() + 60
    while sum(len(w.done) + len(w.refused) for w in workers) < deeds and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.random() * 0.2)
    server.kill()
    [worker.join(60) for worker in workers]
    return [d for w in workers for d in w.done], [r for w in workers for r in w.refused], [o for w in workers for o in w.odd]


def test_what_was_seen_done_outlives_kill_9(folder):
    path, app = folder
    done, refused, began = [], [], time.monotonic()
    for n in range(ROUNDS):
        more, no, odd = round_of_work(path, app, random.randint(12, 25))
        assert odd == []
        done, refused = done + more, refused + no
        last = n == ROUNDS - 1 or n % 20 == 19
        with app.app_context(), db.connection_context():
            assert broken(path, KEY, done if last else more, refused if last else no) == []
    kinds = {kind for kind, _ in done}
    assert {"created", "issued", "paid"} <= kinds and refused, (kinds, len(done))
    print(f"\nkill -9 of the server under load: {ROUNDS} kills, {len(done)} deeds seen done, {len(refused)} refused, none lost, none left, "
          f"{time.monotonic() - began:.0f} s")


def test_a_lost_deed_would_be_seen(folder):
    """The seeded fault: after a kill, one payment that was seen done is taken away."""
    path, app = folder
    done, refused, _ = round_of_work(path, app, 16)
    with app.app_context(), db.connection_context():
        db.execute_sql("PRAGMA foreign_keys = OFF")
        paid = next(mark for kind, mark in done if kind == "paid")
        Payment.delete().where(Payment.reference == paid).execute()
        found = broken(path, KEY, done, refused)
        assert any(paid in text for text in found)
        Document.update(place=99).where(Document.id == next(i for kind, i in done if kind == "issued")).execute()
        assert any(text.startswith("numbers:") for text in broken(path, KEY))


