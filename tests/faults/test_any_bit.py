"""Any bit flipped anywhere is found, named and mended."""

import collections
import random
import shutil
import sqlite3
from contextlib import closing

import peewee as pw
import pytest

from jobs import daily
from models.adapters import blobs, stores
from models.archive import ExternalFile
from models.core.database import db
from models.documents import Document
from models.operations.backup import (
    Place,
    dump,
    keys,
    proof,
    repair,
    run,
    snapshot,
    structure,
)
from tests.faults.conftest import times
from tests.faults.harm import KEY
from tests.support.sets import fully

pytestmark = pytest.mark.on_sqlite

# What no paper, no money and no right stands in: nothing is lost with it, and it may change at any
# moment, as a place does when it is filled.
WRITTEN_ANEW = {
    "search_entry",
    "due_item",
    "due_sum",
    "paid_part",
    "credit_item",
    "debtor",
    "customer_key",
}  # by a rebuild, under other ids
PASSING = {
    "access_entry",
    "attempt",
    "autosave",
    "backup",
    "calendar_feed",
    "code",
    "flow_version",
    "greeting",
    "import_correction",
    "import_mapping",
    "imported_row",
    "indexed_text",
    "inspection_finding",
    "lease",
    "mail",
    "opt_out_link",
    "outcome",
    "saved_filter",
    "session",
    "opening",
    "reminded",
    "task",
    "place",
    "progress",
}


def rows_now():
    with dump.opened() as here:
        return {k: v["sha256"] for k, v in dump.digests(here).items()}


def harm_in_the_file(dice, pristine, good):
    """Flip one bit anywhere in the database file until it hits something; returns where, the tables
    that were hit or the error, and how many bits lay idle."""
    path, idle = db.obj.database, 0
    size = pristine.stat().st_size
    while True:
        db.close()
        for end in ("-wal", "-shm"):
            (pristine.parent / f"danju.db{end}").unlink(missing_ok=True)
        shutil.copyfile(pristine, path)
        with open(path, "r+b") as file:
            at, bit = dice.randrange(size), dice.randrange(8)
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << bit]))
        try:
            db.connect(reuse_if_open=True)
            with closing(sqlite3.connect(path)) as link:
                link.execute("PRAGMA foreign_keys = ON")
                whole = [r[0] for r in link.execute("PRAGMA integrity_check").fetchall()] == ["ok"]
            hit = {name for name, sha in rows_now().items() if good.get(name) != sha}
        except (
            sqlite3.DatabaseError,
            pw.DatabaseError,
            OverflowError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            return at, error, idle
        if hit or not whole or structure.faults():
            return at, hit, idle
        idle += (
            1  # between two rows, or on a page that is not in use: no row and no index is touched
        )


@pytest.fixture
def rebuilt_once(monkeypatch, tmp_path):
    """The same backup is rebuilt by its process once, and its outcome copied for each further
    flip."""
    real, seen = proof.restored, {}

    def restored(folder, manifest, tick=None):
        key = keys.sha_of(f"{folder}/dump")
        if key not in seen:
            seen[key] = (real(folder, manifest), tmp_path / f"{key}.db")
            shutil.copy(f"{folder}/scratch.db", seen[key][1])
        shutil.copy(seen[key][1], f"{folder}/scratch.db")
        return seen[key][0]

    monkeypatch.setattr(proof, "restored", restored)


def test_any_bit_of_the_database_is_found_named_and_mended(trade, tmp_path, rebuilt_once):
    dice, count, passing = random.Random(5), times(fully(4, 8), 400), 0
    Place.get().ask_now()
    run.run_due()  # what the first one itself brought about is in this one
    daily.check(snapshot.folder(), KEY)
    db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    pristine = tmp_path / "pristine.db"
    shutil.copyfile(db.obj.database, pristine)
    db.connect(reuse_if_open=True)
    good, seen, idle = rows_now(), collections.Counter(), 0
    while sum(seen.values()) < count:
        at, hit, missed = harm_in_the_file(dice, pristine, good)
        idle += missed
        if isinstance(hit, set) and hit and hit <= PASSING - {"place"} and not structure.faults():
            passing += 1
            continue
        with pytest.raises(daily.Faults) as told:
            daily.check(snapshot.folder(), KEY)
            pytest.fail(f"not found: byte {at}, in {hit!r}")
        db.close()
        mended, left = repair.repair(str(tmp_path / "disk"))
        assert mended and not left, (at, hit, str(told.value), mended, left)
        daily.check(snapshot.folder(), KEY)
        now = rows_now()
        changed = {t for t in good if good[t] != now[t]} - WRITTEN_ANEW
        assert changed <= PASSING, (at, hit, mended)
        assert Document.get_by_id(trade.id).pdf_sha256 == trade.pdf_sha256
        seen[
            "pages or indexes"
            if not isinstance(hit, set) or not hit or "database: " in mended[0]
            else "rows"
        ] += 1
        sum(seen.values()) % 50 or print(f"\n{sum(seen.values())} bits of the database", flush=True)
    print(
        f"\none bit of the database, {count} times: {dict(seen)}, all found, named and "
        f"mended; besides, {idle} bits lay in no row and no index, "
        f"{passing} only in sessions, letters sent and the like"
    )


def test_any_bit_of_a_paper_an_attachment_or_a_backup_is_found_named_and_mended(
    trade, firm, tmp_path, rebuilt_once
):
    dice, count = random.Random(6), times(3, 200)
    slip = ExternalFile.receive(
        firm.fang,
        b"<slip>" + b"received in good order; " * 40 + b"</slip>",
        "a.xml",
        "contract",
        title="Vertrag",
        customer=firm.a,
    )
    Place.add(firm.ada, "second disk", "folder", {"path": str(tmp_path / "disk2")}, "")
    Place.update(asked=True).execute()
    run.run_due()
    daily.check(snapshot.folder(), KEY)
    seen, idle = collections.Counter(), 0
    for kind in ("paper", "attachment", "backup"):
        for _ in range(count):
            if kind == "backup":
                path = dice.choice(
                    sorted(
                        p
                        for p in (tmp_path / "disk").rglob("*")
                        if p.is_file()
                        and p.name[0] != "."
                        and p.name not in ("README.txt", stores.MARK)
                    )
                )
                named = path.name if path.parent.parent.name == "backups" else path.stem
            else:
                path = blobs.path_of(trade.pdf_sha256 if kind == "paper" else slip.filing.sha)
                named = trade.number if kind == "paper" else slip.filing.code
            data = path.read_bytes()
            at = dice.randrange(len(data))
            path.write_bytes(
                data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]
            )
            if (
                kind == "backup"
                and path.parent.parent.parent.name == "files"
                and same_within(path, path.stem, tmp_path)
            ):
                idle += 1  # two bits of the last letter of age's own seal say nothing
                path.write_bytes(data)
                continue
            with pytest.raises(daily.Faults, match=named):
                daily.check(snapshot.folder(), KEY)
                pytest.fail(f"not found: byte {at} of {path}")
            mended, left = repair.repair()
            assert mended and not left, (path, at, mended, left)
            assert (
                not path.exists()
                or path.read_bytes() == data
                or path.suffix == ".age"
                and kind == "backup"
            )  # gone with the backup that a fresh one replaced, or locked anew
            daily.check(snapshot.folder(), KEY)
            seen[kind] += 1
    print(
        f"\none bit, {dict(seen)} times: all found, named and mended; {idle} bits more "
        "changed nothing of what is within"
    )


def same_within(path, sha, scratch):
    """Whether a locked file still opens to the very same bytes."""
    try:
        keys.unlock(path, scratch / "within", keys.load(snapshot.folder()))
    except keys.WrongKey:
        return False
    return keys.sha_of(scratch / "within") == sha
