"""Servers in processes of their own, and browsers that ask them."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.loader import PASSWORD
from tests.web import free_port

ROOT = Path(__file__).resolve().parent.parent
FLASK = sys.executable, "-m", "flask", "serve"


class Server:
    """A command that serves on PORT, until the block ends. Its own processor time counts, not that
    of the workers that make PDFs."""

    def __init__(self, *command, **env):
        self.port = env.pop("PORT", None) or free_port()
        self.process = subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env, "PORT": str(self.port)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @classmethod
    def of_firm(cls, folder, app="bench.counted:create_app", **env):
        """The real `flask serve` of a firm."""
        port = env.pop("PORT", None) or free_port()
        env = {"FLASK_APP": app, "BASE_URL": f"http://127.0.0.1:{port}", **env}
        return cls(*FLASK, **{**environment(folder), **env, "PORT": port})

    def __enter__(self):
        for _ in range(1200):
            assert self.process.poll() is None, "the server did not start"
            try:
                Browser(self.port).get("/healthz")
                return self
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def cpu(self):
        """Milliseconds of processor so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6

    def memory(self):
        """Megabytes now."""
        return self._status("VmRSS")

    def most_memory(self):
        return self._status("VmHWM")

    def _status(self, name):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024


def environment(folder):
    """What a command of the portal needs to work on this folder."""
    return {
        **os.environ,
        "FLASK_APP": "app:create_app",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/danju.db",
        "SECRET_KEY": "k" * 40,
        "SMTP_URL": "",
        "BASE_URL": "http://localhost:8000",
        "PYTHONPATH": str(ROOT),
    }


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.data = response.status, response.headers, response.read()
        self.text = self.data.decode(errors="replace")


class Browser:
    """One connection that stays open, with its cookies."""

    def __init__(self, port, sid=""):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.cookies = {"danju_sid": sid} if sid else {}

    def get(self, path, **headers):
        return self._ask("GET", path, None, headers)

    def post(self, path, **fields):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), kind)

    def _ask(self, method, path, body, headers):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.http.request(method, path, body, {"Cookie": cookie, **headers})
            answer = Answer(self.http.getresponse())
        except (http.client.RemoteDisconnected, BrokenPipeError):  # it was idle for too long
            self.http.close()
            self.http.request(method, path, body, {"Cookie": cookie, **headers})
            answer = Answer(self.http.getresponse())
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def sign_in(self, name):
        """Through the form, as a person does."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/sign-in").text)[1]
        mail = f"{name}@bench.test"
        answer = self.post("/sign-in", csrf_token=token, email=mail, password=PASSWORD)
        assert answer.status == 303, (answer.status, answer.text[:500])
        return self


def measured(server, browser, path):
    """(processor ms, wall ms, answer) of one request."""
    cpu, began = server.cpu(), time.perf_counter()
    answer = browser.get(path)
    wall = time.perf_counter() - began
    time.sleep(0.002)  # what the server does after its answer counts too
    return server.cpu() - cpu, wall * 1000, answer
