"""The real server under people who work through HTTP."""

import contextlib
import hashlib
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import requests

from app import create_app
from models.core.database import db
from models.people import Session
from tests.faults.conftest import ROOT, command, environment
from tests.firm import Firm

KEY = "k" * 40


class Server:
    """`flask serve` on a folder, in a group of its own, so that kill -9 takes its PDF workers
    too."""

    running = []

    def __init__(self, folder, seed="", nursery=None, **env):
        self.running.append(self)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        env = {
            "PORT": str(self.port),
            "SECRET_KEY": KEY,
            "BASE_URL": self.url,
            "PDF_WORKERS": "1",
            **env,
        }
        self.born = nursery and nursery.start("serve", data=folder, **env)
        self.process = (
            None
            if nursery
            else subprocess.Popen(
                command("serve", seed=seed),
                cwd=ROOT,
                env=environment(folder, **env),
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1)
                return
            except urllib.error.HTTPError:  # it answers, be it that the disk is nearly full
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def stop(self):
        """As an orderly shutdown does it."""
        self.running.remove(self)
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)

    def kill(self):
        self in self.running and self.running.remove(self)
        if self.born:
            return self.born.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Busy(Exception):
    """The portal said 503: what was sent is neither promised nor refused."""


class Person(threading.Thread):
    """Someone who works through HTTP until the server dies; a patient one begins anew after a
    503."""

    def __init__(self, url, sid, customer, tax, patient=False):
        super().__init__(daemon=True)
        self.patient, self.url, self.customer, self.tax, self.done, self.refused, self.odd = (
            patient,
            url,
            customer,
            tax,
            [],
            [],
            [],
        )
        self.http = requests.Session()
        self.http.cookies.set("danju_sid", sid)
        page = self.http.get(f"{url}/", timeout=30).text
        self.http.headers["X-CSRFToken"] = re.search(r'X-CSRFToken": "([^"]+)"', page).group(1)

    def post(self, path, files=None, **fields):
        answer = self.http.post(
            self.url + path,
            data={**fields, "idempotency_key": secrets.token_urlsafe(18)},
            files=files,
            allow_redirects=False,
            timeout=30,
        )
        return self.looked(answer, path, 500)

    def get(self, path):
        return self.looked(self.http.get(self.url + path, timeout=30), path, 400)

    def looked(self, answer, path, least):
        if answer.status_code == 503 and self.patient:
            raise Busy
        if answer.status_code >= least:
            self.odd.append(f"{path} answered {answer.status_code}")
        return answer

    def run(self):
        try:
            while True:
                with contextlib.suppress(Busy):
                    self.turn()
        except requests.RequestException:
            pass  # killed: what was under way is neither promised nor refused
        except Exception as error:
            self.odd.append(repr(error))


class Worker(Person):
    """Makes invoices, has them issued, downloads them, takes payments, files scans, voids, and
    tries what must be refused."""

    def turn(self):
        made = self.post("/documents/", kind="invoice", customer=self.customer)
        ident = int(re.search(r"/documents/(\d+)", made.headers["Location"]).group(1))
        self.done.append(("created", ident))
        dear = random.random() < 0.3  # goes to the manager
        self.post(
            f"/documents/{ident}/edit",
            **{
                "version": "1",
                "contact": "0",
                "terms_days": "30",
                "currency": "CNY",
                "language": "zh",
                "rows": "",
                "line-name": "钢笔",
                "line-quantity": str(random.randint(1, 9)),
                "line-unit": "支",
                "line-price": "20000" if dear else "10",
                "line-tax": self.tax,
                "line-code": "",
                "line-note": "",
                "line-discount": "",
                "line-product": "",
                "line-source": "",
            },
        )
        self.post(f"/documents/{ident}/submission")
        if dear:
            return
        if self.post(f"/documents/{ident}/issue").status_code == 303:
            self.done.append(("issued", ident))
            paper = self.get(f"/documents/{ident}/pdf").content
            self.done.append(("given", (ident, hashlib.sha256(paper).hexdigest())))
        mark = secrets.token_hex(8)
        if (
            self.post(
                "/payments/",
                customer=self.customer,
                currency="CNY",
                amount="1.00",
                reference=mark,
                keep="1",
                **{f"part-{ident}": "1.00"},
            ).status_code
            == 303
        ):
            self.done.append(("paid", mark))
        wrong = secrets.token_hex(8)
        if (
            self.post(
                "/payments/",
                customer=self.customer,
                currency="CNY",
                amount="1.00",
                reference=wrong,
                **{f"part-{ident}": "9999.00"},
            ).status_code
            == 409
        ):
            self.refused.append(wrong)
        scan, title = f"<scan>{secrets.token_hex(200)}</scan>".encode(), secrets.token_hex(8)
        if (
            self.post(
                "/archive/files/",
                files={"file": ("a.xml", scan)},
                kind="other",
                title=title,
                customer=self.customer,
            ).status_code
            == 303
        ):
            self.done.append(("uploaded", title))
        note = secrets.token_hex(8)
        if self.post(f"/customers/{self.customer}/notes", text=note).status_code == 303:
            self.done.append(("noted", note))


class Manager(Person):
    """Decides what waits for him, and reads lists."""

    def turn(self):
        page = self.get("/tasks/").text
        tasks = sorted(set(re.findall(r'/tasks/(\d+)["/]', page)))
        for task in tasks[:3]:
            seen = re.search(r"/documents/(\d+)", self.get(f"/tasks/{task}").text)
            if self.post(f"/tasks/{task}/approval").status_code == 303 and seen:
                self.done.append(("approved", int(seen.group(1))))
        self.get("/documents/")
        self.get("/customers/")


def begin(path):
    """A firm in this data folder, with signed-in people; the database is closed again, so that the
    server alone has it."""
    made = create_app(DATA_DIR=path, DATABASE_URL=f"sqlite:///{path / 'danju.db'}", SECRET_KEY=KEY)
    with made.app_context(), db.connection_context():
        firm = Firm()
        firm.fang.revise(firm.ada, roles=["finance", "sales"])
        made.sids = [
            Session.start(person) for person in (firm.fang, firm.fang, firm.fang, firm.wang)
        ]
        made.anna, made.ada = Session.start(firm.anna), Session.start(firm.ada)
        made.customers, made.tax = [firm.a.id, firm.b.id, firm.a.id, 0], str(firm.tax.id)
    return path, made


def round_of_work(folder, app, deeds, seed="", nursery=None):
    """Serve, work until so many deeds are seen done, kill in the middle of the next; (done,
    refused, odd)."""
    server = Server(folder, seed, nursery)
    people = [
        (Manager if customer == 0 else Worker)(server.url, sid, customer, app.tax)
        for sid, customer in zip(app.sids, app.customers, strict=True)
    ]
    [person.start() for person in people]
    until = time.monotonic() + 60
    while sum(len(p.done) + len(p.refused) for p in people) < deeds and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.random() * 0.2)
    server.kill()
    [person.join(60) for person in people]
    return (
        [d for p in people for d in p.done],
        [r for p in people for r in p.refused],
        [o for p in people for o in p.odd],
    )
