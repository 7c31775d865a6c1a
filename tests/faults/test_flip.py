"""One bit flipped, in the database, in a paper, in a backup: the daily check names it, one command
mends it."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest

from jobs import daily, scheduler
from models.adapters import blobs
from models.core.clock import at, today, zone
from models.core.database import db
from models.core.journal import Event
from models.documents import Document
from models.operations import checks
from models.operations.backup import (
    Backup,
    Place,
    keys,
    proof,
    repair,
    snapshot,
)
from models.people import Session
from tests.faults.harm import KEY, flip
from tests.faults.invariants import broken
from tests.support.sets import fully, some

pytestmark = pytest.mark.on_sqlite


@pytest.mark.parametrize("place", some(1, [0.5, 0.1, 0.999]))
def test_a_bit_in_a_paper_is_found_named_and_mended(trade, place):
    path = blobs.path_of(trade.pdf_sha256)
    good = path.read_bytes()
    flip(path, int(len(good) * place))
    with pytest.raises(daily.Faults, match=trade.number):
        daily.check(snapshot.folder(), KEY)
    assert repair.repair() == ([trade.pdf_sha256], []) and path.read_bytes() == good
    daily.check(snapshot.folder(), KEY)


def test_bits_in_the_database_file_are_found_named_and_mended(trade, firm):
    """In the bytes of the file itself, where SQLite's own integrity check sees nothing."""
    path = db.obj.database
    for text, named in (
        (b"a note to be found in the file", trade.number),
        (b"13800138000-the-phone", "Customer"),
    ):
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        with open(path, "rb") as file:
            data = file.read()
        spots = [i for i in range(len(data)) if data.startswith(text, i)]
        assert spots
        for spot in spots:
            flip(path, spot + 5)
        with sqlite3.connect(path) as link:
            assert link.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.connect(reuse_if_open=True)
        with pytest.raises(daily.Faults, match=named):
            daily.check(snapshot.folder(), KEY)
        mended, left = repair.repair()
        assert mended and not left
        daily.check(snapshot.folder(), KEY)
    assert broken(snapshot.folder(), KEY) == []


@pytest.mark.parametrize(
    "sql",
    some(
        2,
        [
            "UPDATE document SET total = total + 4",
            "UPDATE line SET price = price + 64",
            "UPDATE event SET facts = '{}' WHERE action = 'issued'",
            "DELETE FROM line",
            "UPDATE users SET roles = '[\"admin\"]' WHERE name = '李销售'",
        ],
    ),
)
def test_harmed_rows_get_back_what_the_journal_vouches_for(trade, sql):
    head = Event.head().hash
    db.execute_sql(sql)
    assert checks.faults()
    mended, left = repair.repair()
    assert mended and not left and checks.faults() == [] and Event.head().hash == head


@pytest.mark.parametrize(
    "table, column, where",
    some(
        2,
        [
            ("event", "previous", "action = 'issued'"),
            ("customer", "phone", "phone <> ''"),
            ("document", "note", "note <> ''"),
            ("mail", "recipient", "1"),
        ],
    ),
)
@pytest.mark.parametrize(
    "torn",
    fully(["CAST(x'2bb4e6' AS TEXT)"], ["CAST(x'2bb4e6' AS TEXT)", "x'2bb4e6'"]),
    ids=fully(["letters"], ["letters", "type"]),
)
def test_a_text_that_is_no_utf_8_any_more_is_found_and_mended(trade, table, column, where, torn):
    db.execute_sql(f"UPDATE {table} SET {column} = {torn} WHERE {where}")
    with pytest.raises(daily.Faults):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair()
    assert mended and not left
    daily.check(snapshot.folder(), KEY)


@pytest.mark.parametrize(
    "table, column, torn",
    some(
        2,
        [
            ("backup", "taken_at", "2026-11-2x"),
            ("backup", "expires_at", "x"),
            ("mail", "next_at", "2026-19-01"),
            ("mail", "tries", 1.5),
            ("session", "started_at", "2026-11-28 1x:00"),
        ],
    ),
)
@pytest.mark.parametrize(
    "named", fully([False], [False, True]), ids=fully(["places"], ["places", "address"])
)
def test_a_value_that_is_none_of_its_kind_is_found_and_mended(
    trade, firm, tmp_path, table, column, torn, named
):
    Session.start(firm.anna)
    good = Backup.get()
    db.execute_sql(f"UPDATE {table} SET {column} = ?", (torn,))
    with pytest.raises(daily.Faults, match=f"{table}.{column}"):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair(str(tmp_path / "disk") if named else None)
    assert (
        mended
        and not left
        and (Backup.get().taken_at, Backup.get().expires_at) == (good.taken_at, good.expires_at)
    )
    daily.check(snapshot.folder(), KEY)


@pytest.mark.parametrize("where", ["manifest.json", "row"])
def test_of_two_moments_of_a_backup_the_wrong_one_is_known(trade, tmp_path, where):
    """The name of the backup tells it to the microsecond."""
    good = Backup.get()
    path = tmp_path / "disk" / "backups" / good.name / "manifest.json"
    text = path.read_text()
    if where == "row":
        Backup.update(taken_at=good.taken_at + dt.timedelta(microseconds=40)).execute()
    else:
        path.write_text(
            text.replace(
                good.taken_at.isoformat(),
                (good.taken_at + dt.timedelta(microseconds=40)).isoformat(),
            )
        )
    with pytest.raises(daily.Faults, match="manifest.json"):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair()
    assert (
        mended and not left and Backup.get().taken_at == good.taken_at and path.read_text() == text
    )
    daily.check(snapshot.folder(), KEY)


def tear_the_schema(change):
    db.execute_sql("PRAGMA writable_schema = ON")
    db.execute_sql(f"UPDATE sqlite_master SET {change}")
    db.execute_sql("PRAGMA writable_schema = OFF")
    db.close()
    db.connect()


@pytest.mark.parametrize("column, torn", [("type", "tAble"), ("tbl_name", "Search_pairs")])
def test_a_torn_line_of_the_schema_is_found_and_mended(trade, column, torn):
    tear_the_schema(f"{column} = '{torn}' WHERE name = 'search_pairs'")
    with pytest.raises(daily.Faults, match="search_pairs"):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair()
    assert mended and not left
    daily.check(snapshot.folder(), KEY)


def test_a_table_whose_key_is_torn_keeps_the_numbers_of_its_rows(trade):
    tear_the_schema(
        "sql = replace(sql, '\"id\" INTEGER', '\"id\" INTEGEQ') WHERE name IN ('tax_rate', 'task')"
    )
    with pytest.raises(daily.Faults, match="TaxRate 13%"):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair()
    assert mended and not left
    daily.check(snapshot.folder(), KEY)


@pytest.mark.parametrize(
    "sql",
    some(
        1,
        [
            "UPDATE task SET state = 'open'",
            "DELETE FROM task",
            "UPDATE task SET request_id = 1, id = id + 70 WHERE id = (SELECT MIN(id) FROM task)",
        ],
    ),
)
def test_tasks_are_again_what_their_requests_journal_tells(trade, sql):
    db.execute_sql(sql)
    with pytest.raises(daily.Faults, match="Task #"):
        daily.check(snapshot.folder(), KEY)
    mended, left = repair.repair()
    assert mended and not left
    daily.check(snapshot.folder(), KEY)


def test_what_no_backup_has_is_said_and_not_invented(trade, firm):
    later = firm.printed(price="10")
    blobs.path_of(later.pdf_sha256).unlink()
    Document.update(total=1).where(Document.id == later.id).execute()
    mended, left = repair.repair()
    assert (
        mended == []
        and set(left) == {later.pdf_sha256, f"Document #{later.id}"}
        and Document.get_by_id(later.id).total == 1
    )


def test_a_bit_in_a_backup_is_told_by_the_next_proof(trade, firm, tmp_path):
    name = Backup.get().name
    flip(next((tmp_path / "disk").glob("parts/*/??/*.age")), 4000)
    with closing(Place.get().open()) as store, pytest.raises(proof.Unproven, match="of the rows"):
        proof.prove(store, name, keys.load(snapshot.folder()), [], {})


def test_the_clock_runs_this_very_check_every_day(app, trade):
    """What is proven below is what the scheduler does at four each morning, and what the home page
    then shows."""
    verb = next(verb for _when, name, verb in scheduler.table(app) if name == "daily check")
    flip(blobs.path_of(trade.pdf_sha256), 100)
    tomorrow = (
        dt.datetime.combine(today() + dt.timedelta(days=1), dt.time(), tzinfo=zone())
        .astimezone(dt.timezone.utc)
        .replace(tzinfo=None)
    )
    with at(tomorrow + dt.timedelta(hours=3)):
        verb()
    with at(tomorrow + dt.timedelta(hours=5)), pytest.raises(daily.Faults, match=trade.number):
        verb()


def test_a_harmed_backup_without_a_twin_gives_way_to_a_fresh_one(trade, tmp_path):
    row = Backup.get()
    part = next((tmp_path / "disk").glob("parts/*/??/*.age"))
    flip(part, 4000)
    mended, left = repair.repair()
    assert len(mended) == 1 and not left and row.name in mended[0]
    assert not part.exists()
    assert [b.state for b in Backup.select().order_by(Backup.id)] == [
        "failed",
        "kept",
    ] and Backup.select().order_by(Backup.id.desc()).first().proven_at
    daily.check(snapshot.folder(), KEY)


def test_one_bit_in_a_row_does_not_sweep_its_file_away(trade):
    """The seeded fault: the row now names another file, so its own looks like nobody's."""
    import os

    path = blobs.path_of(trade.pdf_sha256)
    os.utime(path, (1, 1))
    db.execute_sql("UPDATE document SET paper = ? WHERE id = ?", ("0" * 64, trade.id))
    with pytest.raises(daily.Faults, match=trade.number):
        daily.check(snapshot.folder(), KEY)
    assert path.exists() and repair.repair()[1] == []
    daily.check(snapshot.folder(), KEY)
    assert path.exists()
