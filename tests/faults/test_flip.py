"""One bit flipped, in the database, in a paper, in a backup: the daily check names it, one command mends it."""
import sqlite3
from contextlib import closing

import pytest

from jobs import daily
from models import blobs, checks
from models.backup import Backup, Place, keys, proof, repair, run, snapshot
from models.base import db
from models.documents import Document
from models.events import Event
from tests.faults.invariants import broken

KEY = "k" * 40


@pytest.fixture
def trade(firm, tmp_path):
    firm.a.revise(firm.li, phone="13800138000-the-phone")
    invoice = firm.issued(price="20000", note="a note to be found in the file")
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert Place.get_by_id(place.id).trouble == ""
    return invoice


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 4]))


@pytest.mark.parametrize("place", [0.1, 0.5, 0.999])
def test_a_bit_in_a_paper_is_found_named_and_mended(trade, place):
    path = blobs.path_of(trade.paper)
    good = path.read_bytes()
    flip(path, int(len(good) * place))
    with pytest.raises(daily.Faults, match=trade.number):
        daily.check(snapshot.folder(), KEY)
    assert repair.repair() == ([trade.paper], []) and path.read_bytes() == good
    daily.check(snapshot.folder(), KEY)


def test_bits_in_the_database_file_are_found_named_and_mended(trade, firm):
    """In the bytes of the file itself, where SQLite's own integrity check sees nothing."""
    path = db.obj.database
    for text, named in ((b"a note to be found in the file", trade.number), (b"13800138000-the-phone", "Customer")):
        db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        with open(path, "rb") as file:
            data = file.read()
        spots = [i for i in range(len(data)) if data.startswith(text, i)]
        assert spots
        for at in spots:
            flip(path, at + 5)
        with sqlite3.connect(path) as link:
            assert link.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.connect(reuse_if_open=True)
        with pytest.raises(daily.Faults, match=named):
            daily.check(snapshot.folder(), KEY)
        mended, left = repair.repair()
        assert mended and not left
        daily.check(snapshot.folder(), KEY)
    assert broken(snapshot.folder(), KEY) == []


@pytest.mark.parametrize("sql", ["UPDATE document SET total = total + 4", "UPDATE line SET price = price + 64", "UPDATE event SET facts = '{}' WHERE action = 'issued'",
                                 "DELETE FROM line", "UPDATE users SET roles = '[\"admin\"]' WHERE name = '李销售'"])
def test_harmed_rows_get_back_what_the_journal_vouches_for(trade, sql):
    head = Event.head().hash
    db.execute_sql(sql)
    assert checks.faults()
    mended, left = repair.repair()
    assert mended and not left and checks.faults() == [] and Event.head().hash == head


def test_what_no_backup_has_is_said_and_not_invented(trade, firm):
    later = firm.issued(price="10")
    blobs.path_of(later.paper).unlink()
    Document.update(total=1).where(Document.id == later.id).execute()
    mended, left = repair.repair()
    assert mended == [] and set(left) == {later.paper, f"Document #{later.id}"} and Document.get_by_id(later.id).total == 1


def test_a_bit_in_a_backup_is_told_by_the_next_proof(trade, firm, tmp_path):
    name = Backup.get().name
    flip(tmp_path / "disk" / "backups" / name / "dump.age", 4000)
    with closing(Place.get().open()) as store, pytest.raises(proof.Unproven, match="dump.age"):
        proof.prove(store, name, keys.kept(snapshot.folder()), [], {})
