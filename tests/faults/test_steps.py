"""kill -9 at every step of backup, restore, upgrade and move: the source is untouched, and the next
try goes through."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing, suppress

import pytest

from models.core.database import database_of
from models.operations.backup import dump, restore, snapshot
from tests import servers
from tests.faults import drill
from tests.faults.conftest import FLASK, LONG, ROOT, figure, flask, times
from tests.faults.oracles import unlike
from tests.support.demo import own_demo, small_firm
from tests.support.sets import FULL

pytestmark = pytest.mark.on_sqlite

BACKUP = ["begin", "files", "parts", "start.age", "manifest.age", "manifest.json", "proof"]
RESTORE = ["rehearse", "files", "ready", "exchange", "exchanged"]
UPGRADE = ["aside", "migrate", "check", "commit"]
MOVE = ["files", "snapshot", "compare files", "switch"]
CHANGING = ("event", "session", "code", "mail", "place", "backup", "lease", "progress")


@pytest.fixture(scope="module")
def demo(request, tmp_path_factory):
    """A small firm and a backup of it in a folder; in full a year of trade."""
    home = tmp_path_factory.mktemp("steps")
    return own_demo(request.getfixturevalue("demo_home"), home) if FULL else small_firm(home)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Another firm, over which one restores; in the long set one with a row in every table."""
    home = tmp_path_factory.mktemp("other")
    if LONG:
        assert flask("demo", data=home / "data").returncode == 0
    else:
        drill.build(home / "data", 30)
    return home


def rows(folder, without=()):
    with dump.opened(database_of(f"sqlite:///{folder}/danju.db")) as here:
        return {k: v for k, v in dump.digests(here).items() if k not in without}


def killed(*words, at, data, **env):
    done = flask(*words, data=data, DANJU_DIE_AT=at, **env)
    assert done.returncode == -9, f"{at}: {done.stdout}{done.stderr}"


@pytest.mark.full  # half a minute; models/test_backup.py breaks backups in the short run
@pytest.mark.parametrize("at", times(["manifest.json"], BACKUP))
def test_a_backup_killed_anywhere_is_no_backup_and_the_next_is_whole(demo, tmp_path, at):
    before = rows(demo / "data")
    killed("backup", tmp_path / "disk", at=at, data=demo / "data")
    manifests = list((tmp_path / "disk").rglob("manifest.json"))
    assert len(manifests) == (1 if at == "proof" else 0) and rows(demo / "data") == before
    done = flask("backup", tmp_path / "disk", data=demo / "data")
    assert done.returncode == 0 and "faults of the source: 0" in done.stdout, done.stderr


@pytest.mark.parametrize("at", times(["exchanged"], RESTORE))
def test_a_restore_killed_anywhere_leaves_the_old_or_the_new_whole(demo, other, tmp_path, at):
    """Over another firm: before the exchange everything of it stands, after it the restored firm
    does."""
    data = tmp_path / "data"
    shutil.copytree(other / "data", data)
    old, new = rows(data), rows(demo / "data", CHANGING)
    killed("restore", demo / "disk", "--key", demo / "key", "--replace", at=at, data=data)
    if at == "exchanged":
        assert rows(data, CHANGING) == new
    else:
        assert rows(data) == old
    done = flask("verify", data=data)
    assert "0 faults" in done.stdout and not (data / snapshot.RESTORING).exists(), done.stdout
    same_key = (data / "secret_key").read_text().strip() == (
        demo / "data" / "secret_key"
    ).read_text().strip()
    assert same_key == (at == "exchanged")
    done = flask("restore", demo / "disk", "--key", demo / "key", "--replace", data=data)
    assert "restored and proven equal" in done.stdout, done.stderr
    assert rows(data, CHANGING) == new


def test_the_marker_alone_changes_nothing(app, firm):
    """The seeded fault: a marker that speaks of another firm must not bring its keys."""
    marker = snapshot.folder() / snapshot.RESTORING
    marker.write_text(
        json.dumps(
            {
                "start": {"anchors": "", "secret_key": "stranger", "settings": {}},
                "head": [["other"]],
                "journal": [[1, 1]],
                "identity": "",
            }
        )
    )
    restore.finish()
    assert not marker.exists() and app.config["SECRET_KEY"] == "k" * 40
    assert not (snapshot.folder() / "secret_key").exists()


@pytest.mark.full
@pytest.mark.parametrize("at", times(["check"], UPGRADE))
def test_an_upgrade_killed_anywhere_was_never_begun(demo, tmp_path, at):
    data, copy = tmp_path / "data", tmp_path / "src"
    shutil.copytree(demo / "data", data)
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "data", "tests")
    )
    (copy / "migrations" / "9998_newer.sqlite.sql").write_text(
        "CREATE TABLE newer (id INTEGER NOT NULL PRIMARY KEY);\n"
        "UPDATE customer SET phone = phone;\n"
    )
    before = rows(data)

    def upgrade(**env):
        return subprocess.run(
            [FLASK, "upgrade"],
            cwd=copy,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "FLASK_APP": "app:create_app",
                "DATA_DIR": str(data),
                "DATABASE_URL": "",
                "SECRET_KEY": "",
                **env,
            },
        )

    assert upgrade(DANJU_DIE_AT=at).returncode == -9
    assert rows(data) == before
    done = upgrade()
    assert "1 migrations applied" in done.stdout, done.stderr
    assert {k: v for k, v in rows(data).items() if k != "newer"} == before


@pytest.mark.full
@pytest.mark.parametrize("at", times(["switch"], MOVE))
def test_a_move_killed_anywhere_leaves_people_where_they_were(demo, tmp_path, at):
    data = tmp_path / "data"
    shutil.copytree(demo / "data", data)
    before = rows(data)
    with servers.s3() as (address, bucket):
        to = f"s3://k:s@{bucket}/files?endpoint={address}"
        killed("move", "--files", to, "--switch", at=at, data=data)
        assert rows(data) == before and not (data / "moved.json").exists()
        done = flask("move", "--files", to, "--switch", data=data)
    assert "equal:" in done.stdout and (data / "moved.json").exists(), done.stderr


@pytest.mark.long
def test_a_kill_at_a_random_moment_of_a_restore(demo, other, tmp_path):
    """Not at a step but anywhere, also inside the one transaction, and a little after it."""
    data = tmp_path / "data"
    shutil.copytree(other / "data", data)
    began = time.monotonic()
    flask("restore", demo / "disk", "--key", demo / "key", data=tmp_path / "empty")
    whole = time.monotonic() - began
    new, count = rows(demo / "data", CHANGING), {"old": 0, "new": 0}
    old = rows(data, CHANGING)
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY")}
    for _ in range(100):
        process = subprocess.Popen(
            [FLASK, "restore", str(demo / "disk"), "--key", str(demo / "key"), "--replace"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**clean, "FLASK_APP": "app:create_app", "DATA_DIR": str(data)},
            start_new_session=True,
        )
        time.sleep(random.uniform(0.2, 1.3) * whole)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
        now = rows(data, CHANGING)
        assert now in (old, new)
        count["new" if now == new else "old"] += 1
        assert "0 faults" in flask("verify", data=data).stdout
        if now == new:
            shutil.rmtree(data)
            shutil.copytree(other / "data", data)
    assert count["old"] and count["new"]
    figure(
        f"kill -9 at random moments of a restore: {count['old']} times the old stood, "
        f"{count['new']} times the new, never a mixture"
    )


@pytest.mark.full
def test_restore_drill(demo, tmp_path):
    """From an empty folder to a verified firm, timed."""
    began = time.monotonic()
    done = flask("restore", demo / "disk", "--key", demo / "key", data=tmp_path / "new")
    took = time.monotonic() - began
    assert (
        "restored and proven equal" in done.stdout
        and "0 faults" in flask("verify", data=tmp_path / "new").stdout
    )
    assert list(unlike(demo / "data", tmp_path / "new", (*CHANGING, "schema_migration"))) == []
    with closing(sqlite3.connect(tmp_path / "new" / "danju.db")) as link:
        link.execute("UPDATE document SET note = note || '.' WHERE id = 1")
        link.commit()
    assert list(unlike(demo / "data", tmp_path / "new", (*CHANGING, "schema_migration"))) == [
        "document: 1 rows only here, 1 only there"
    ]
    with closing(dump.Sqlite(demo / "data" / "danju.db")) as here:
        print(
            f"\nrestore drill: {sum(t['rows'] for t in dump.digests(here).values())} rows "
            f"and their files in {took:.1f} s"
        )
