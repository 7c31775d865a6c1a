"""A backup writes what is new: its rows lie in parts, which earlier backups may have brought."""

import datetime as dt
import gzip
import hashlib
import json
from contextlib import closing

import pytest

from models.core.clock import at, now
from models.operations.backup import (
    Backup,
    Place,
    dump,
    facts,
    keys,
    parts,
    place_check,
    proof,
    restore,
    run,
    snapshot,
)
from models.operations.backup.databases import SPAN, json_line
from models.people.attempt import Attempt
from tests.models.test_backup import digests

ODD = "\"\\/'\b\f\n\r\t\x00\x01\x1f\x7f\x80\u2028\ufeff é中文 😀 </script> %s {0} \\u0041"


@pytest.fixture
def place(firm, tmp_path):
    return Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")


def tries(count):
    """More attempts to sign in than fit into a part, as far as their ids go."""
    Attempt.insert_many(
        {"at": now(), "name": hashlib.sha512(str(n).encode()).hexdigest()} for n in range(count)
    ).execute()


def backed_up(*, asked=False):
    """The next backup, which is due; (it, the names of the parts that were new)."""
    before = set(stored())
    Place.update(last_at=None, asked=asked).execute()
    [made] = run.run_due()
    return Backup.get_by_id(made.id), set(stored()) - before


def stored():
    with closing(Place.get().open()) as store:
        return [key for key in store.list("") if key.startswith("parts/")]


def test_lines_are_those_that_python_writes():
    with closing(dump.Sqlite(":memory:")) as odd:
        odd.link.execute("CREATE TABLE odd (id INTEGER NOT NULL PRIMARY KEY, a, b TEXT)")
        rows = [
            (-1, None, ODD),
            (0, 2**63 - 1, ""),
            (SPAN, -(2**63), ODD[::-1]),
            (2**40, 0, "[1]"),
            *((2**41 + n, n, chr(n)) for n in range(1, 0xD800)),
        ]
        odd.link.executemany("INSERT INTO odd VALUES (?, ?, ?)", rows)
        lines = b"".join(odd.blocks("odd", ["a", "b", "id"], ["id"]))
    assert lines == b"".join(json_line([a, b, ident]) for ident, a, b in rows)


def test_rows_without_a_number_for_a_key_are_all_written():
    with closing(dump.Sqlite(":memory:")) as odd:
        odd.link.execute("CREATE TABLE odd (name TEXT NOT NULL PRIMARY KEY, b TEXT)")
        odd.link.executemany("INSERT INTO odd VALUES (?, 'x')", [(f"{n}",) for n in range(5000)])
        lines = b"".join(odd.blocks("odd", ["b", "name"], ["name"]))
    expected = sorted(f"{n}" for n in range(5000))
    assert lines == b"".join(json_line(["x", name]) for name in expected)


def test_parts_make_up_the_dump_and_stay_the_same_while_their_rows_do(firm):
    tries(3 * SPAN)
    with dump.opened() as here, here.reading():
        whole, before = b"".join(dump.pieces(here)), list(dump.parts(here, {}))
    assert b"".join(before) == whole
    Attempt.update(name="neu").where(Attempt.id == SPAN + 1).execute()
    with dump.opened() as here, here.reading():
        after = list(dump.parts(here, {}))
    changed = set(after) - set(before)
    assert len(after) == len(before) >= 5
    assert len(changed) == 2, "the rows, and the small part with the table's new digest"


@pytest.mark.real_proof
def test_the_next_backup_brings_only_what_is_new_and_is_restored_whole(firm, place, tmp_path):
    tries(3 * SPAN)
    first, all_parts = backed_up()
    Attempt.update(name="neu").where(Attempt.id == SPAN + 1).execute()
    second, new = backed_up(asked=True)
    assert first.error == second.error == "" and second.proven_at
    large = {key for key in all_parts if (tmp_path / "disk" / key).stat().st_size > 2**16}
    assert len(large) >= 3 and len(new) == 2
    before = digests()["attempt"]
    Attempt.update(name="lost").where(Attempt.id < SPAN).execute()
    with closing(Place.get().open()) as store:
        identity = keys.load(snapshot.folder())
        restore.restore(store, restore.chosen(store), identity, replace=True)
    assert digests()["attempt"] == before


def test_one_backup_a_day_is_proven_and_each_that_a_person_asks_for(firm, place):
    midday = now().replace(hour=4) + dt.timedelta(days=1)  # in Shanghai
    with at(midday):
        assert backed_up()[0].proven_at
    with at(midday + dt.timedelta(hours=1)):
        kept, _ = backed_up()
        assert kept.state == "kept" and not kept.proven_at
        assert Place.get().proven_at == midday and Place.get().claimed_at is None
        assert backed_up(asked=True)[0].proven_at
    with at(midday + dt.timedelta(days=1)):
        assert backed_up()[0].proven_at


def test_a_backup_is_kept_before_it_is_proven_and_says_so(firm, place, monkeypatch, sign_in):
    seen = []

    def prove(*_args):
        seen.append((Backup.get().state, Place.get().proving))
        seen.append("Verifying" in sign_in(firm.ada).get("/backups/").text)
        raise proof.Unproven("part of the rows")

    monkeypatch.setattr(proof, "prove", prove)
    assert run.run_due() == [] and seen == [("kept", True), True]
    backup, place = Backup.get(), Place.get()
    assert (backup.state, backup.proven_at, backup.error) == ("kept", None, "part of the rows")
    assert place.trouble == "part of the rows" and place.proof_due and place.claimed_at is None


def test_what_was_written_is_read_back_before_the_backup_counts(firm, place, monkeypatch):
    real = dump.compressed
    monkeypatch.setattr(dump, "compressed", lambda part: real(part.replace(b"danju", b"danjv")))
    Place.update(proven_at=now()).execute()
    assert run.run_due() == []
    assert Backup.get().state == "failed" and "of the rows" in Place.get().trouble


def test_parts_go_with_the_last_backup_that_needs_them(firm, place):
    tries(2 * SPAN)
    backed_up()
    alone = set(stored())
    Attempt.update(name="neu").where(Attempt.id <= SPAN).execute()
    backed_up(asked=True)
    assert alone < set(stored())
    Backup.update(expires_at=now() - dt.timedelta(1)).where(Backup.id == 1).execute()
    backed_up(asked=True)
    needed = {key for b in Backup.standing() for key in keys_of(b)}
    assert Backup.get_by_id(1).state == "expired" and set(stored()) == needed != alone | needed


def keys_of(backup):
    with closing(Place.get().open()) as store:
        found = restore.chosen(store, backup.name)
        manifest = proof.manifest_of(store, found, keys.load(snapshot.folder()))
    return {parts.key_of(found["under"], name) for name in parts.names_of(manifest)}


@pytest.mark.real_proof
def test_a_backup_of_1_0_0_is_checked_restored_and_in_time_removed(firm, place, tmp_path):
    """Its rows lie in dump.age, one object of the backup."""
    made, _ = backed_up(asked=True)
    before, identity = digests()["attempt"], keys.load(snapshot.folder())
    folder = tmp_path / "disk" / "backups" / made.name
    with closing(Place.get().open()) as store:
        manifest = proof.fetched(store, restore.chosen(store), identity, tmp_path)
    for key in stored():
        (tmp_path / "disk" / key).unlink()
    del manifest["parts"]
    (tmp_path / "manifest").write_bytes(gzip.compress(json.dumps(manifest).encode()))
    for name in ("dump", "start", "manifest"):
        keys.lock(tmp_path / name, folder / f"{name}.age", identity.to_public())
    objects = {
        f"{name}.age": {
            "sha256": keys.sha_of(folder / f"{name}.age"),
            "size": (folder / f"{name}.age").stat().st_size,
        }
        for name in ("dump", "start", "manifest")
    }
    old = facts.facts_of(made.name, made.taken_at, identity.to_public(), manifest, objects)
    assert list(old["objects"]) == ["dump.age", "start.age", "manifest.age"]
    (folder / "manifest.json").write_text(facts.facts_text(old))
    assert place_check.faults() == []
    (folder / "dump.age").rename(tmp_path / "away")
    with closing(Place.get().open()) as store:
        assert place_check.damaged(Place.get(), store) == [(made.name, "dump.age")]
    (tmp_path / "away").rename(folder / "dump.age")
    with closing(Place.get().open()) as store:
        restore.restore(store, restore.chosen(store), identity, replace=True)
    assert digests()["attempt"] == before


def flipped(key, tmp_path):
    path = tmp_path / "disk" / key
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_damaged_part_is_made_again_from_the_same_rows(firm, place, tmp_path):
    tries(2 * SPAN)
    backed_up()
    with dump.opened() as here, here.reading():
        part = next(p for p in dump.parts(here, {}) if p.startswith(b"[") and len(p) > 2**17)
    identity = keys.load(snapshot.folder())
    under = keys.fingerprint(identity.to_public())
    flipped(parts.key_of(under, parts.name_of(part, identity)), tmp_path)
    assert len(place_check.faults()) == 1
    with closing(Place.get().open()) as store:
        repaired, left = place_check.repair_place(Place.get(), store)
    assert len(repaired) == 1 and not left and place_check.faults() == []
    assert Backup.get().state == "kept" and not Place.get().asked


def test_a_damaged_part_is_fetched_from_another_place(firm, place, tmp_path):
    Place.add(firm.ada, "other", "folder", {"path": str(tmp_path / "other")}, "")
    Place.update(last_at=None, asked=True).execute()
    run.run_due()
    for key in stored():
        flipped(key, tmp_path)
    with closing(Place.get_by_id(place.id).open()) as store:
        repaired, left = place_check.repair_place(place, store)
    assert len(repaired) == len(stored()) and not left and place_check.faults() == []
    assert {b.state for b in Backup.select()} == {"kept"}
