"""The commands as an administrator types them: SQLite to PostgreSQL and back, a damaged file, an
upgrade that is put back."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models.core.database import database_of
from models.operations.backup import dump, schema
from tests.faults import drill
from tests.support import databases
from tests.support.demo import own_demo, small_firm
from tests.support.sets import FULL, fully

ROOT = Path(__file__).resolve().parent.parent.parent


def flask(*words, data, ok=True, **env):
    """One `flask` command on a data folder of its own; its output."""
    clean = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "FILES_URL", "SECRET_KEY")
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name("flask")), *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**clean, "FLASK_APP": "app:create_app", "DATA_DIR": str(data), **env},
    )
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def demo(request, tmp_path_factory):
    """A small firm and a backup of it in a folder; in full a year of trade."""
    home = tmp_path_factory.mktemp("moving")
    return own_demo(request.getfixturevalue("demo_home"), home) if FULL else small_firm(home)


def digests(url):
    with dump.opened(database_of(url)) as here:
        return dump.digests(here)


def lasting(found):
    return {
        k: v
        for k, v in found.items()
        if k not in ("event", "session", "code", "mail", "place", "backup", "lease", "progress")
    }


@pytest.fixture
def postgres():
    """An empty PostgreSQL database beside the one for tests."""
    name = f"{databases.NAME}_moved"
    databases.copy_on_postgres("template1", name)
    yield f"{databases.SERVER}/{name}"
    databases.drop_on_postgres(name)


@pytest.mark.on_sqlite
@pytest.mark.full  # tests/faults/test_drill.py brings a firm back too
def test_an_empty_machine_gets_the_firm_back(demo, tmp_path):
    said = flask(
        "restore", demo / "disk", "--key", demo / "key", "--dry-run", data=tmp_path / "new"
    )
    assert (
        "it can be restored; nothing was changed" in said
        and not (tmp_path / "new" / "backup_key").exists()
    )
    assert "restored and proven equal" in flask(
        "restore", demo / "disk", "--key", demo / "key", data=tmp_path / "new"
    )
    assert "0 faults" in flask("verify", data=tmp_path / "new")
    assert lasting(digests(f"sqlite:///{tmp_path}/new/danju.db")) == lasting(
        digests(f"sqlite:///{demo}/data/danju.db")
    )
    for name in ("secret_key", "backup_key"):
        assert (tmp_path / "new" / name).read_text().strip() == (
            demo / "data" / name
        ).read_text().strip()
    assert "already_set_up" in flask("restore", demo / "disk", data=tmp_path / "new", ok=False)
    assert "its places rest" in flask("backup", data=tmp_path / "new", ok=False)


def name_migrations(path, names):
    """Let the database say that it has had these migrations."""
    with closing(sqlite3.connect(path)) as link:
        link.execute("DELETE FROM schema_migration")
        link.executemany(
            "INSERT INTO schema_migration (name, applied) VALUES (?, '2026-11-29')",
            [(name,) for name in names],
        )
        link.commit()


@pytest.mark.on_sqlite
def test_data_from_before_0_9_0_is_refused_in_one_line_and_left_alone(demo, tmp_path):
    shutil.copytree(demo / "data", tmp_path / "data")
    name_migrations(tmp_path / "data" / "danju.db", schema.NAMES_OF_0_9_0[:-1])
    before = (tmp_path / "data" / "danju.db").read_bytes()
    for word in fully(["upgrade"], ["verify", "upgrade", "serve"]):
        said = flask(word, data=tmp_path / "data", ok=False)
        assert "Open it once with 0.9.0" in said and "Traceback" not in said
    assert "请先用 0.9.0 打开一次" in flask(
        "upgrade", data=tmp_path / "data", ok=False, LANG="zh_CN.UTF-8"
    )
    assert "a version before 0.9.0" in flask("doctor", data=tmp_path / "data", ok=False)
    assert (tmp_path / "data" / "danju.db").read_bytes() == before


@pytest.mark.full
@pytest.mark.on_sqlite
def test_a_dry_run_and_a_list_leave_a_firm_of_an_older_version_alone(demo, tmp_path):
    shutil.copytree(demo / "data", tmp_path / "data")
    name_migrations(tmp_path / "data" / "danju.db", schema.NAMES_OF_0_9_0)
    before = (tmp_path / "data" / "danju.db").read_bytes()
    assert "nothing was changed" in flask(
        "restore", demo / "disk", "--dry-run", data=tmp_path / "data"
    )
    assert " rows " in flask("restore", demo / "disk", "--list", data=tmp_path / "data")
    assert (tmp_path / "data" / "danju.db").read_bytes() == before and not list(
        (tmp_path / "data").glob("before-*")
    )


@pytest.mark.on_sqlite
def test_a_wrong_key_and_a_wrong_place_are_told_plainly(demo, tmp_path):
    assert "recovery_key_unreadable" in flask(
        "restore", demo / "disk", data=tmp_path, ok=False, DANJU_RECOVERY_KEY="rubbish"
    )
    assert "is it mounted" in flask(
        "restore", tmp_path / "nowhere", "--key", demo / "key", data=tmp_path, ok=False
    )
    assert "Give the recovery key" in flask("restore", demo / "disk", data=tmp_path, ok=False)


@pytest.mark.full
@pytest.mark.on_sqlite
def test_a_damaged_database_makes_way_for_the_backup(demo, tmp_path):
    shutil.copytree(demo / "data", tmp_path / "data")
    path = tmp_path / "data" / "danju.db"
    data = bytearray(path.read_bytes())
    data[4096:40960] = os.urandom(36864)
    path.write_bytes(data)
    assert "it can be restored; nothing was changed" in flask(
        "restore", demo / "disk", "--dry-run", data=tmp_path / "data"
    )
    said = flask("restore", demo / "disk", data=tmp_path / "data")
    assert "set aside in" in said and "restored and proven equal" in said
    assert next((tmp_path / "data").glob("damaged-*/danju.db")).read_bytes() == bytes(data)
    assert "0 faults" in flask("verify", data=tmp_path / "data")


@pytest.mark.on_postgres
def test_sqlite_moves_to_postgresql_with_proof(demo, postgres, tmp_path):
    shutil.copytree(demo / "data", tmp_path / "data")
    assert "rehearsal" in flask("move", "--to", postgres, data=tmp_path / "data")
    assert re.search(
        r"equal: \d+ rows", flask("move", "--to", postgres, "--switch", data=tmp_path / "data")
    )
    assert digests(postgres) == digests(f"sqlite:///{tmp_path}/data/danju.db")
    assert "0 faults" in flask("verify", data=tmp_path / "data", DATABASE_URL=postgres)
    other = tmp_path / "other"
    drill.build(other, 3)
    assert "move_occupied" in flask("move", "--to", postgres, data=other, ok=False)


@pytest.mark.on_postgres
@pytest.mark.full
def test_a_backup_goes_onto_postgresql_and_back(demo, postgres, tmp_path):
    flask(
        "restore", demo / "disk", "--key", demo / "key", data=tmp_path / "pg", DATABASE_URL=postgres
    )
    assert "0 faults" in flask("verify", data=tmp_path / "pg", DATABASE_URL=postgres)
    assert lasting(digests(postgres)) == lasting(digests(f"sqlite:///{demo}/data/danju.db"))
    assert "proven" in flask(
        "backup", tmp_path / "disk", data=tmp_path / "pg", DATABASE_URL=postgres
    )
    flask("restore", tmp_path / "disk", "--key", demo / "key", data=tmp_path / "back")
    assert "0 faults" in flask("verify", data=tmp_path / "back")
    assert lasting(digests(f"sqlite:///{tmp_path}/back/danju.db")) == lasting(
        digests(f"sqlite:///{demo}/data/danju.db")
    )


@pytest.mark.on_sqlite
def test_an_upgrade_sets_the_old_aside_and_one_that_loses_rows_never_was(demo, tmp_path):
    data, copy = tmp_path / "data", tmp_path / "src"
    shutil.copytree(demo / "data", data)
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "data", "tests")
    )
    bad = copy / "migrations" / "9998_bad.sqlite.sql"
    bad.write_text("UPDATE document SET total = total + 1 WHERE id = 1;\n")
    before = digests(f"sqlite:///{data}/danju.db")

    def upgrade(*words):
        return subprocess.run(
            [str(Path(sys.executable).with_name("flask")), *words],
            cwd=copy,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "FLASK_APP": "app:create_app",
                "DATA_DIR": str(data),
                "DATABASE_URL": "",
                "SECRET_KEY": "",
            },
        )

    done = upgrade("upgrade")
    assert (
        done.returncode == 1
        and "documents were" in done.stderr
        and "Nothing was changed" in done.stderr
    )
    assert digests(f"sqlite:///{data}/danju.db") == before
    with closing(sqlite3.connect(data / "danju.db")) as link:
        assert not link.execute("SELECT 1 FROM schema_migration WHERE name = '9998_bad'").fetchone()
    bad.write_text("CREATE TABLE newer (id INTEGER NOT NULL PRIMARY KEY);\n")
    done = upgrade("upgrade")
    assert (
        "1 migrations applied" in done.stdout
        and len(list(data.glob("before-upgrade-*/dump.gz"))) == 2
    )
    assert "backup_newer" not in done.stdout and schema.known()[-1] != "9998_bad"


@pytest.mark.on_sqlite
def test_a_refusal_is_said_in_words(demo, tmp_path):
    said = flask("restore", demo / "disk", "--key", demo / "key", data=demo / "data", ok=False)
    assert "Add --replace" in said and "(already_set_up)" in said and "refused:" not in said
    assert "密钥" in flask(
        "restore",
        demo / "disk",
        data=tmp_path,
        ok=False,
        DANJU_RECOVERY_KEY="rubbish",
        LANG="zh_CN.UTF-8",
    )


@pytest.mark.full
@pytest.mark.on_sqlite
def test_a_move_to_where_nothing_answers_is_told_in_a_line(demo, tmp_path):
    said = flask(
        "move", "--to", "postgresql://nobody@127.0.0.1:1/none", data=demo / "data", ok=False
    )
    assert (
        "the database does not answer" in said
        and "Traceback" not in said
        and not (demo / "data" / "moved.json").exists()
    )
