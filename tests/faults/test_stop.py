"""However `flask serve` is ended, it ends soon and leaves no process of its own behind."""

import os
import signal
import time

import pytest

from tests.faults.load import Server, Worker, begin

pytestmark = pytest.mark.on_sqlite


def parts_of(group):
    """The processes of the group that still run, by what they were started with."""
    found = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.getpgid(int(pid)) != group:
                continue
            with open(f"/proc/{pid}/stat") as stat:
                state = stat.read().rpartition(")")[2].split()[0]
            with open(f"/proc/{pid}/cmdline") as line:
                found += [line.read().replace("\0", " ")] if state != "Z" else []
        except (OSError, IndexError):
            continue
    return found


@pytest.fixture
def at_work(tmp_path):
    """A server that has made PDFs, in the middle of making more."""
    path, app = begin(tmp_path / "data")
    server = Server(path)
    person = Worker(server.url, app.sids[0], app.customers[0], app.tax)
    person.start()
    until = time.monotonic() + 120
    while not any(kind == "given" for kind, _ in person.done) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(parts_of(server.process.pid)) > 1, "no PDF worker runs: this would prove nothing"
    yield server
    server.kill()
    person.join(60)


@pytest.mark.parametrize("how, within", [(signal.SIGTERM, 15), (signal.SIGKILL, 5)])
def test_the_pdf_workers_end_with_the_server(at_work, how, within):
    """The signal goes to the server alone, as systemd's KillMode=mixed and Docker send it."""
    os.kill(at_work.process.pid, how)
    assert at_work.process.wait(within) == (0 if how == signal.SIGTERM else -how)
    until = time.monotonic() + 10
    while (left := parts_of(at_work.process.pid)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []
