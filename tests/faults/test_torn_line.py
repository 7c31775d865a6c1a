"""The line to PostgreSQL tears while a firm is restored onto it or moves there: the old firm stands
or the new, never a mixture."""

import random
import shutil
import time

import psycopg
import pytest

from models.core.database import database_of
from models.operations.backup import dump
from tests.faults.conftest import count_of, figure, flask, seeded
from tests.faults.test_steps import CHANGING, demo, other, rows  # noqa: F401  fixtures
from tests.faults.wire import Wire
from tests.support.databases import POSTGRES, SERVER, copy_on_postgres, drop_on_postgres

pytestmark = pytest.mark.on_postgres
CUTS = count_of("FAULTS_CUTS", 1, 40)


@pytest.fixture
def place():
    """(name, wire) of a database beside the one for tests; the wire leads there."""
    params, name = (
        psycopg.conninfo.conninfo_to_dict(POSTGRES),
        POSTGRES.rpartition("/")[2] + "_torn",
    )
    wire = Wire(params.get("host", "127.0.0.1"), int(params.get("port", 5432)))
    wire.url = f"{SERVER.partition('@')[0]}@127.0.0.1:{wire.port}/{name}"
    copy_on_postgres("template1", name)
    yield name, wire
    wire.close()
    drop_on_postgres(name, f"{name}_kept")


def held(name, without=CHANGING):
    with dump.opened(database_of(f"{SERVER}/{name}")) as here:
        return {k: v for k, v in dump.digests(here).items() if k not in without}


def cuts(wire, whole):
    """Where to cut: somewhere, and near the end, where the rows are kept."""
    for n in range(CUTS):
        yield int(whole * random.random()) if n % 2 else whole - random.randint(0, 3000)
        wire.mend()


@pytest.fixture
def over(demo, other, place, tmp_path):  # noqa: F811
    """Another firm on PostgreSQL, over which `words` restore; (words, its rows, the new rows, how
    much goes over the wire, lay it down anew)."""
    name, wire = place
    data, kept = tmp_path / "data", tmp_path / "kept"
    assert flask("backup", tmp_path / "disk", data=other / "data").returncode == 0
    (tmp_path / "key").write_text(flask("backup-key", data=other / "data").stdout)
    assert (
        "restored"
        in flask(
            "restore",
            tmp_path / "disk",
            "--key",
            tmp_path / "key",
            data=data,
            DATABASE_URL=wire.url,
        ).stdout
    )
    shutil.copytree(data, kept)
    copy_on_postgres(name, f"{name}_kept")
    words, old, new = (
        ("restore", demo / "disk", "--key", demo / "key", "--replace"),
        held(name),
        rows(demo / "data", CHANGING),
    )
    wire.mend()
    assert (
        "restored" in flask(*words, data=data, DATABASE_URL=wire.url).stdout and held(name) == new
    )

    def anew():
        shutil.rmtree(data)
        shutil.copytree(kept, data)
        copy_on_postgres(f"{name}_kept", name)
        wire.mend()

    return words, old, new, wire.sent, anew


def test_a_restore_whose_line_tears_leaves_the_old_or_the_new_whole(place, over, tmp_path):
    (name, wire), (words, old, new, whole, anew), data = place, over, tmp_path / "data"
    count, began = {"old": 0, "new": 0}, time.monotonic()
    for at in cuts(wire, whole):
        anew()
        wire.cut_after(at)
        done = flask(*words, data=data, DATABASE_URL=wire.url)
        wire.mend()
        now = held(name)
        assert now in (old, new) and "Traceback" not in done.stderr, done.stderr
        assert done.returncode or now == new
        count["new" if now == new else "old"] += 1
        assert "0 faults" in flask("verify", data=data, DATABASE_URL=wire.url).stdout
        assert (
            "restored" in flask(*words, data=data, DATABASE_URL=wire.url).stdout
            and held(name) == new
        )
    figure(
        f"the line to PostgreSQL torn in a restore: {count['old']} times the old stood, "
        f"{count['new']} times the new, never a mixture, {time.monotonic() - began:.0f} s"
    )


@pytest.mark.long
def test_rows_that_are_kept_as_they_come_would_be_seen(place, over, tmp_path):
    (name, wire), (words, old, new, whole, anew) = place, over
    anew()
    wire.cut_after(whole // 2)
    flask(*words, data=tmp_path / "data", seed="piecemeal", DATABASE_URL=wire.url)
    now = held(name)
    seeded(
        "a restore keeps rows as they come",
        "the line torn in a restore",
        now not in (old, new) and "neither the old firm nor the new",
    )


@pytest.mark.full
def test_a_move_whose_line_tears_leaves_people_where_they_were(demo, place, tmp_path):  # noqa: F811
    name, wire = place
    data = tmp_path / "data"
    shutil.copytree(demo / "data", data)
    before = rows(data)
    assert "rehearsal" in flask("move", "--to", wire.url, data=data).stdout
    whole = wire.sent
    for at in cuts(wire, whole):
        copy_on_postgres("template1", name)
        wire.mend()
        wire.cut_after(at)
        done = flask("move", "--to", wire.url, "--switch", data=data)
        assert (
            done.returncode
            and "Traceback" not in done.stderr
            and rows(data) == before
            and not (data / "moved.json").exists()
        ), done.stderr
        wire.mend()
    assert (
        "equal:" in flask("move", "--to", wire.url, "--switch", data=data).stdout
        and held(name, ()) == before
    )
    figure(f"the line to PostgreSQL torn in a move: {CUTS} times people went on where they were")
