"""`flask serve` as an operator meets it: begun where it cannot run, beside a restore, ended."""

import gc
import os
import socket
import sqlite3
import subprocess
import time
from contextlib import closing

import pytest

import app as the_app
from app import serving
from jobs import scheduler, serve
from models.adapters import blobs
from models.adapters.outbox import Mail
from models.core.database import db
from models.core.lease import Lease
from models.documents import Document
from models.operations import serving_lock
from models.operations.backup import Place, run, schema, snapshot
from tests.faults.conftest import ROOT, command, environment
from tests.web import free_port

KEY = "k" * 40


def bound(app):
    """The program on this data once more, as a command begins."""
    db.close()
    the_app.bind(app, dict(snapshot.config()))


@pytest.fixture
def cli(app):
    runner = app.test_cli_runner()

    def invoke(*words):
        db.close()
        done = runner.invoke(args=list(map(str, words)))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return invoke


def test_a_taken_port_is_a_sentence_and_the_clock_is_not_started(cli, app, firm, monkeypatch):
    monkeypatch.setattr(scheduler, "start", lambda app: pytest.fail("the clock was started"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        arguments = serving({**app.config, "HOST": "127.0.0.1", "PORT": taken.getsockname()[1]})
        with pytest.raises(serve.click.ClickException, match="cannot listen on 127.0.0.1"):
            serve.run(app, arguments, lambda: None)


def test_what_is_loaded_is_put_aside_for_the_collector_before_the_clock_starts(app, monkeypatch):
    done, arguments = [], serving({**app.config, "HOST": "127.0.0.1", "PORT": free_port()})
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(scheduler, "start", lambda app: done.append("clock"))
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve.run(app, arguments, stop)
    assert done == ["freeze", "clock"]


@pytest.fixture
def backup(firm, tmp_path):
    """A folder with a backup of the firm."""
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    firm.printed(price="10")
    assert run.run_due()
    return tmp_path / "disk"


@pytest.mark.parametrize("lease", ["ran out", "fresh"])
def test_what_exchanges_the_rows_is_refused_beside_a_serving_portal(cli, backup, lease):
    if lease == "fresh":
        assert Lease.hold("scheduler", "a portal on another machine")
    words = "restore", backup, "--replace"
    with serving_lock.serving(), serving_lock.serving():
        done = cli(*words)
        assert done.exit_code == 1 and "portal_serves" in done.output
    done = cli(*words)
    assert done.exit_code == (lease == "fresh"), done.output
    aside = next(snapshot.folder().glob("before-*"), snapshot.folder())
    with serving_lock.serving():
        assert "portal_serves" in cli("put-back", aside).output


@pytest.mark.on_sqlite
def test_a_damaged_database_is_not_repaired_beside_a_serving_portal(cli, firm):
    with open(db.obj.database, "r+b") as file:
        db.close()
        file.write(bytes(100))
    with serving_lock.serving():
        assert "portal_serves" in cli("repair").output


@pytest.mark.parametrize("harm", ["a row", "a file", "nothing"])
def test_repair_writes_nothing_beside_a_serving_portal(cli, backup, harm):
    paper = Document.get()
    if harm == "a row":
        Document.update(total=paper.total + 1).where(Document.id == paper.id).execute()
    elif harm == "a file":
        blobs.path_of(paper.pdf_sha256).write_bytes(b"torn")
    with serving_lock.serving():
        done = cli("repair")
        assert done.exit_code == 1 and "portal_serves" in done.output
    db.connect(reuse_if_open=True)
    is_well = Document.get().total == paper.total and blobs.is_intact(paper.pdf_sha256)
    assert is_well is (harm == "nothing")
    assert f"{int(not is_well)} mended, 0 still damaged" in cli("repair").output


def test_nobody_begins_to_serve_while_the_rows_are_exchanged(app):
    with serving_lock.alone(), pytest.raises(Exception, match="rows_exchanged"):
        serve.run(app, {}, None)


def test_a_rehearsal_that_could_not_restore_everything_ends_with_1(cli, backup, firm):
    for file in backup.rglob("files/**/*.age"):
        file.unlink()
    db.connect(reuse_if_open=True)
    for file in (snapshot.folder() / "files").rglob("*"):
        file.is_file() and file.unlink()
    done = cli("restore", backup, "--dry-run")
    assert done.exit_code == 1 and "cannot be restored whole" in done.output


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "harm, sentence",
    [
        ("gone", "database_lost"),
        ("empty", "database_lost"),
        ("another, new", "database_lost"),
        ("zeroed", "is no database, or damaged"),
        ("newer", "data_newer"),
    ],
)
def test_no_new_firm_is_begun_in_silence_and_no_traceback_shown(app, firm, harm, sentence):
    scheduler.checks.anchor(snapshot.folder(), KEY)
    db.close()
    path = snapshot.folder() / "danju.db"
    size = path.stat().st_size
    if harm == "newer":
        schema._record(db.obj, "9999_future")
        db.close()
    elif harm == "zeroed":
        path.write_bytes(bytes(size))
    else:
        path.unlink()
    if harm == "empty":
        path.touch()
    if harm == "another, new":
        schema.build(path, schema.known())
    with pytest.raises(the_app.BadSetting, match=sentence):
        bound(app)
    assert harm != "gone" or not path.exists()


def test_a_new_folder_is_no_lost_firm(app, tmp_path):
    bound(app)


@pytest.mark.full
@pytest.mark.on_sqlite
def test_an_ended_server_finishes_what_it_has_in_hand(app, firm, server, tmp_path):
    """A request half received and a mail half sent, when SIGTERM comes."""
    Mail.delete().execute()
    Mail.enqueue(
        "k", to="x@a.test", template="sign_in", language="en", context={"name": "", "link": ""}
    )
    server.hook = lambda: time.sleep(1.5)
    db.close()
    port = free_port()
    process = subprocess.Popen(
        command("serve"),
        cwd=ROOT,
        env=environment(
            tmp_path,
            PORT=str(port),
            SECRET_KEY=KEY,
            SMTP_URL=f"smtp://127.0.0.1:{server.port}",
            PDF_WORKERS="1",
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while not server.mails and time.monotonic() < until:
            time.sleep(0.05)
        with socket.create_connection(("127.0.0.1", port), 9) as line:
            line.sendall(
                b"POST /sign-in HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                b"Content-Length: 9\r\n\r\nema"
            )
            time.sleep(0.2)
            os.kill(process.pid, serve.signal.SIGTERM)
            time.sleep(0.3)
            line.sendall(b"il=x%40")
            assert line.recv(99).startswith(b"HTTP/1.0 400")  # without the form's token
        assert process.wait(10) == 0
    finally:
        process.kill()
    with closing(sqlite3.connect(tmp_path / "danju.db")) as link:
        assert link.execute("SELECT state FROM mail").fetchall() == [("sent",)]
    assert not Lease.running("scheduler"), "a command need not wait for it to run out"
