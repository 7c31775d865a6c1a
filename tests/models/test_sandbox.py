"""The sandbox: whatever a reader does there, the portal gets an answer or a sentence."""

import importlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.adapters import sandbox
from models.adapters.sandbox import frames
from models.adapters.sandbox.limits import FILE, JOBS
from models.core.database import db
from models.core.errors import Refused
from tests.support import hostile

SMALL = FILE._replace(memory=100)


def refusal(function, *args, limits=SMALL):
    with pytest.raises(Refused) as refused:
        sandbox.call(function, b"", *args, limits=limits)
    return refused.value.code, refused.value.facts


def test_a_function_answers_with_json_or_bytes():
    assert sandbox.call(hostile.echo, b"abc", "字", None, {"a": 1}) == [3, "字", None, {"a": 1}]
    assert sandbox.call("tests.support.hostile.picture", b"abc\0") == b"\0cba"


def test_every_reader_that_is_called_by_name_exists():
    sources = "".join(path.read_text() for path in Path("models").rglob("*.py"))
    names = set(re.findall(r"models\.adapters\.sandbox\.readers\.\w+\.\w+", sources))
    for name in names:
        module, _dot, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), name
    assert len(names) > 4


def test_a_stream_hands_over_value_by_value_and_may_be_closed():
    values = sandbox.stream(hostile.count, b"", 50_000)
    assert next(values) == [0, "字"]
    assert sum(1 for _value in values) == 49_999
    endless = sandbox.stream(hostile.count, b"", 10**12)
    next(endless)
    endless.close()
    assert sandbox.call(hostile.echo, b"") == [0]


@pytest.mark.parametrize(
    "function, args, code",
    [
        (hostile.die, (), ("reading_failed", {})),
        (hostile.swell, (500,), ("reading_memory", {"most": 100})),
        (hostile.abort, (), ("reading_memory", {"most": 100})),
        (hostile.nest, (), ("reading_depth", {})),
        (hostile.stumble, (), ("reading_failed", {})),
        (hostile.decline, (), ("too_many_rows", {"most": 7})),
        (hostile.open_a_file, (), ("reading_failed", {})),
        (hostile.open_a_socket, (), ("reading_failed", {})),
    ],
)
@pytest.mark.asvs("5.2.1", "13.2.5", "15.2.2")
def test_what_goes_wrong_is_refused_with_a_sentence(function, args, code):
    assert refusal(function, *args) == code


def test_the_processor_too_has_its_limit():
    assert refusal(hostile.spin, limits=SMALL._replace(cpu=1)) == ("reading_time", {"most": 1})


@pytest.mark.asvs("15.2.2")
def test_one_that_hangs_is_given_up():
    assert refusal(hostile.hang, limits=SMALL._replace(wall=1)) == ("reading_time", {"most": 1})


@pytest.mark.asvs("13.2.5")
def test_nothing_is_written(tmp_path):
    assert refusal(hostile.write_a_file, str(tmp_path / "x"))[0] == "reading_failed"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
@pytest.mark.parametrize(
    "call", ["unlink", "rename", "chmod", "truncate", "mkdir", "signal", "stat"]
)
def test_what_needs_nothing_opened_is_refused_too(tmp_path, call):
    """Limits alone let a reader that a file has taken over delete the database."""
    kept = tmp_path / "danju.db"
    kept.write_text("x")
    kept.chmod(0o600)
    other = subprocess.Popen(["sleep", "60"])
    try:
        told = sandbox.call(hostile.attempt, b"", call, str(kept), other.pid, limits=SMALL)
        assert told == "PermissionError"
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
    assert [path.name for path in tmp_path.iterdir()] == ["danju.db"]
    assert kept.read_text() == "x" and kept.stat().st_mode & 0o777 == 0o600


def test_an_allowance_counts_beyond_what_the_worker_has():
    assert sandbox.call(hostile.swell, b"", 50, limits=SMALL) == 50 * 2**20


def test_who_waits_too_long_for_a_turn_is_told(monkeypatch):
    monkeypatch.setattr(sandbox, "WAIT", 0.01)
    values = [sandbox.stream(hostile.number_then_hang, b"") for _job in range(JOBS)]
    for job in values:
        next(job)
    assert refusal(hostile.echo) == ("reading_busy", {})
    for job in values:
        job.close()
    assert sandbox.call(hostile.echo, b"") == [0]


def test_one_that_dies_harms_no_other():
    answers = []

    def ask():
        answers.append(sandbox.call(hostile.echo, b"abc"))

    threads = [threading.Thread(target=ask) for _job in range(3 * JOBS)]
    for thread in threads:
        thread.start()
    assert refusal(hostile.die)[0] == "reading_failed"
    for thread in threads:
        thread.join()
    assert answers == [[3]] * len(threads)


def _end_the_server():
    _job, server = sandbox.call(hostile.numbers, b"")
    assert server > 1  # -1, what a refused call answers, would end every process here
    os.kill(server, signal.SIGKILL)
    return server


def test_a_killed_server_is_started_again():
    server = _end_the_server()
    assert sandbox.call(hostile.numbers, b"")[1] != server


def test_a_job_is_killed_when_nobody_wants_its_answer():
    values = sandbox.stream(hostile.number_then_hang, b"")
    process = Path("/proc", next(values).decode())
    assert process.exists()
    values.close()
    _wait_for_the_end_of(process)


def test_the_server_ends_with_the_portal():
    code = """
import os
from models.adapters import sandbox
print(sandbox.call("tests.support.hostile.numbers", b"")[1], flush=True)
os.kill(os.getpid(), 9)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    _wait_for_the_end_of(Path("/proc", told.stdout.decode().strip()))


def _wait_for_the_end_of(process):
    until = time.monotonic() + 5
    while process.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert not process.exists()


@pytest.mark.asvs("1.5.2")
def test_an_answer_that_is_no_json_runs_no_code_and_is_refused():
    for data in (b"\x80\x04c__builtin__\neval\n", b"[" * 100_000, b"1" * 5000):
        with pytest.raises(frames.Broken):
            frames.parsed(data)


def test_no_file_is_read_inside_a_transaction(app):
    with db.atomic(), pytest.raises(AssertionError):
        sandbox.call(hostile.echo, b"")
    with db.atomic(), pytest.raises(AssertionError):
        sandbox.stream(hostile.count, b"", 1)


@pytest.mark.asvs("13.3.2")
def test_a_worker_knows_no_setting_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    _end_the_server()
    assert "SECRET_KEY" not in sandbox.call(hostile.settings, b"")
