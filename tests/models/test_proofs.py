"""`flask verify` begins where the last proof ended: what came since is looked at, and at least once
a week all is."""

import datetime as dt
import json
import sys

import pytest

from models.adapters import blobs
from models.core import journal
from models.core.clock import at, now
from models.core.database import db
from models.core.journal import Event, last_contents
from models.core.journal.last_seen import LastSeen
from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.operations import checks
from tests.support.databases import settings

KEY = "k" * 40


@pytest.fixture
def proven(firm, tmp_path):
    """A firm with an old invoice, all of it proven."""
    firm.old = firm.printed(price="10")
    assert look(tmp_path) == []
    return firm


def look(folder, whole=False):
    return checks.verified(folder, KEY, whole)


def last(folder):
    return journal.last_proof(folder, KEY)


def test_what_came_since_is_looked_at_alone(proven, tmp_path, monkeypatch):
    before, read = last(tmp_path), []
    new = proven.printed(price="20")
    seal = Event.seal
    monkeypatch.setattr(Event, "seal", lambda event: read.append(event.id) or seal(event))
    assert look(tmp_path) == []
    assert read and min(read) == before["id"] + 1 and max(read) == Event.head().id
    after = last(tmp_path)
    assert (after["id"], after["head"]) == (Event.head().id, Event.head().hash)
    assert after["count"] == Event.select().count() and after["whole"] == before["whole"]
    assert after["tops"]["Document"] == new.id
    assert look(tmp_path) == []


def spoil_new_row(firm):
    db.execute_sql(f"UPDATE document SET note = 'x' WHERE id = {firm.printed(price='20').id}")


def spoil_row_touched_again(firm):
    firm.a.revise(firm.li, phone="1")
    db.execute_sql(f"UPDATE customer SET phone = '2' WHERE id = {firm.a.id}")


def insert_row(firm):
    columns = ", ".join(
        f'"{name}"' for name in Customer._meta.columns if name not in ("id", "code")
    )
    db.execute_sql(
        f"INSERT INTO customer (id, code, {columns}) "
        f"SELECT 900, 'X-900', {columns} FROM customer WHERE id = {firm.a.id}"
    )


def spoil_new_event(firm):
    firm.a.revise(firm.li, phone="1")
    db.execute_sql(f"UPDATE event SET actor_name = 'x' WHERE id = {Event.head().id}")


def cut_new_event(firm):
    firm.a.revise(firm.li, phone="1")
    firm.a.revise(firm.li, phone="2")
    db.execute_sql(f"DELETE FROM event WHERE id = {Event.head().id - 1}")


def cut_old_event(firm):
    db.execute_sql("DELETE FROM event WHERE id = 2")


def cut_end(firm):
    db.execute_sql(f"DELETE FROM event WHERE id = {Event.head().id}")


def lose_new_file(firm):
    blobs.path_of(firm.printed(price="20").pdf_sha256).unlink()


def change_new_sum(firm):
    db.execute_sql(f"UPDATE document SET total = 1 WHERE id = {firm.printed(price='20').id}")


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_new_row,
        spoil_row_touched_again,
        insert_row,
        spoil_new_event,
        cut_new_event,
        cut_old_event,
        cut_end,
        lose_new_file,
        change_new_sum,
    ],
)
def test_tampering_since_is_found_and_all_is_looked_at_until_it_is_mended(proven, tmp_path, spoil):
    spoil(proven)
    found = look(tmp_path)
    assert found and checks.last_proof(tmp_path, KEY) is None
    assert look(tmp_path) != []


def test_an_old_row_is_looked_at_once_a_week(proven, tmp_path):
    db.execute_sql(f"UPDATE document SET note = 'x' WHERE id = {proven.old.id}")
    assert look(tmp_path) == []
    assert look(tmp_path, whole=True)
    db.execute_sql(f"UPDATE document SET note = '' WHERE id = {proven.old.id}")
    assert look(tmp_path) == [] and last(tmp_path)["faults"] == 0
    db.execute_sql(f"UPDATE document SET note = 'x' WHERE id = {proven.old.id}")
    with at(now() + dt.timedelta(days=6)):
        assert look(tmp_path) == []
    with at(now() + dt.timedelta(days=7, minutes=1)):
        assert look(tmp_path)


def test_who_changes_the_rows_alone_has_no_more_passed_over(proven, tmp_path):
    """The note of the proof lies outside of the database, and is signed."""
    proven.a.revise(proven.li, phone="1")
    path = tmp_path / "anchors.jsonl"
    lines = path.read_text().splitlines()
    row = json.loads(lines[-1]) | {"id": Event.head().id, "head": Event.head().hash}
    path.write_text("\n".join([*lines[:-1], json.dumps(row)]) + "\n")
    assert checks.last_proof(tmp_path, KEY) is None
    assert any("log seals: line" in fault for fault in look(tmp_path))


def test_an_anchor_written_meanwhile_still_counts(proven, tmp_path):
    """It reaches further than the proof that is noted after it."""
    proof = {k: v for k, v in last(tmp_path).items() if k != "mac"}
    proven.a.revise(proven.li, phone="1")
    checks.anchor(tmp_path, KEY)
    journal.note_proof(tmp_path, KEY, **proof)
    db.execute_sql(f"DELETE FROM event WHERE id = {Event.head().id}")
    assert any("the end was cut off" in fault for fault in journal.verify(tmp_path, KEY))


def test_what_an_import_made_since_is_looked_at(proven, tmp_path):

    def bring_in(text):
        row = Import.upload(proven.ada, "customers", "x.csv", text.encode())
        row.check(proven.ada, {"0": "code", "1": "name"}, {})
        Import.run_waiting()
        Import.get_by_id(row.id).start(proven.ada)
        Import.run_waiting()
        assert Import.get_by_id(row.id).state == "done"

    bring_in("code,name\nN-1,甲乙\nN-2,丙丁\n")
    assert look(tmp_path) == [] and look(tmp_path) == []
    bring_in("code,name\nN-3,戊己\n")
    db.execute_sql("UPDATE customer SET name = 'x' WHERE code = 'N-3'")
    assert any("N-3" in fault or "x" in fault for fault in look(tmp_path))


def test_the_command_says_which_it_was(proven, tmp_path, app):
    run = app.test_cli_runner().invoke
    told = run(args=["verify"]).output
    assert "since event" in told and "flask verify --all" in told and "0 faults" in told
    told = run(args=["verify", "--all"]).output
    assert "since event" not in told and "0 faults" in told
    assert Document.select().exists() and settings(tmp_path)["SECRET_KEY"] == KEY


def test_the_page_says_which_it_was(firm, tmp_path, sign_in):
    def told():
        page = sign_in(firm.ada).get("/status/").text
        return [
            text
            for text in ("everything was checked on", "what changed since", "problems were found")
            if text in page
        ]

    firm.issued(price="10")
    assert told() == []
    look(tmp_path)
    assert told() == ["everything was checked on"]
    with at(now() + dt.timedelta(days=1)):
        look(tmp_path)
    assert told() == ["everything was checked on", "what changed since"]
    db.execute_sql("UPDATE document SET note = 'x'")
    look(tmp_path, whole=True)
    assert told() == ["problems were found"]


def test_what_was_last_seen_is_kept_as_in_a_dictionary(proven, tmp_path):
    """But not in memory, as a million documents would need 700 MB."""
    plain, kept = {}, LastSeen()
    for event in Event.select().order_by(Event.id):
        for contents in (plain, kept):
            contents[event.subject_type, event.subject_id] = event.content
    assert dict(kept.items()) == plain == last_contents() and len(kept) == len(plain) > 9
    key = next(iter(plain))
    assert kept.pop(key, None) == plain.pop(key) and kept.pop(key, None) is None
    assert set(kept) == set(plain) and ("Document", None) not in kept
    kept["Document", "5"] = "x"
    assert kept.get(("Document", 5)) == plain.get(("Document", 5))


def test_a_new_anchor_needs_the_last_one_alone(firm, tmp_path, monkeypatch):
    for _ in range(3):
        firm.draft()
        journal.anchor(tmp_path, KEY)
    anchors = sys.modules["models.core.journal.anchors"]  # the package has a function so named
    read, parsed = [], anchors._parsed
    monkeypatch.setattr(anchors, "_parsed", lambda *line: read.append(1) or parsed(*line))
    monkeypatch.setattr(type(tmp_path), "read_bytes", None)
    firm.draft()
    journal.anchor(tmp_path, KEY)
    assert len(read) == 1 and len(journal.lines_here(tmp_path)) == 4
