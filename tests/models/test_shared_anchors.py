"""Hosts with separate data folders keep their anchors in one bucket too: each of them finds a cut
end, and a restore begins anew."""

import json

import pytest

from models.adapters import blobs
from models.core import journal
from models.core.journal import Event
from models.operations import checks
from models.operations.backup import snapshot
from tests import servers

KEY = "k" * 40


@pytest.fixture
def trade(firm):
    firm.printed(price="1000")
    return firm


@pytest.fixture
def other(tmp_path):
    """The data folder of a second host."""
    folder = tmp_path / "other"
    folder.mkdir()
    with servers.s3() as (address, bucket):
        blobs.use(tmp_path, f"s3://k:s@{bucket}/danju?endpoint={address}")
        journal.share(blobs.shared_store())
        yield folder
        journal.share(None)
        blobs.use(tmp_path)


def log_faults(folder, key=KEY):
    return [fault for fault in journal.verify(folder, key) if fault.startswith(("audit", "log"))]


def cut(firm):
    """Take the end away as someone who can write the database would, so that the chain is whole."""
    Event.delete().where(Event.id >= Event.head().id - 1).execute()


def test_a_cut_end_is_found_by_a_host_that_anchored_nothing(trade, other, tmp_path):
    checks.anchor(tmp_path, KEY)
    cut(trade)
    assert any("cut off" in fault for fault in log_faults(other))
    assert (
        not (other / "anchors.jsonl").exists() and len(blobs.shared_store().names("anchors/")) == 1
    )


@pytest.mark.parametrize("shared", [True, False])
def test_an_anchor_after_the_cut_does_not_hide_it(trade, tmp_path, shared, request):
    folder = request.getfixturevalue("other") if shared else tmp_path
    checks.anchor(tmp_path, KEY)
    cut(trade)
    trade.a.write_note(trade.li, "later")
    trade.a.write_note(trade.li, "and later")
    trade.a.write_note(trade.li, "until there are as many again")
    checks.anchor(tmp_path, KEY)
    assert len([fault for fault in log_faults(folder) if "cut off" in fault]) == 1


def test_the_anchors_of_all_hosts_count(trade, other, tmp_path):
    checks.anchor(tmp_path, KEY)
    trade.a.write_note(trade.li, "later")
    checks.anchor(other, KEY)
    checks.anchor(other, KEY)  # nothing new
    for folder in (tmp_path, other):
        found = journal.anchors(folder, KEY)
        assert {row["count"] for row in found} == {
            Event.select().count() - 1,
            Event.select().count(),
        }
        assert log_faults(folder) == []
    lines = snapshot_lines(tmp_path)
    assert len(lines) == 3 and all(json.loads(line)["mac"] for line in lines)


def snapshot_lines(tmp_path):
    (tmp_path / "scratch").mkdir(exist_ok=True)
    snapshot.take_dump(tmp_path / "scratch")
    return json.loads((tmp_path / "scratch" / "start.json").read_text())["anchors"].splitlines()


def test_a_strangers_or_a_changed_object_is_named(trade, other, tmp_path):
    checks.anchor(other, "a guessed key")
    store = blobs.shared_store()
    store.write("anchors/nothing of ours", b"")
    assert len([f for f in log_faults(other) if "log seals: object" in f]) == 2
    assert len([f for f in log_faults(other) if "log seals: line" in f]) == 1


def test_what_was_anchored_before_a_restore_does_not_count(trade, other, tmp_path):
    checks.anchor(other, KEY)
    checks.anchor(other, "the key of another firm")
    cut(trade)
    assert log_faults(tmp_path) != []
    journal.begin_anew(KEY)
    assert log_faults(tmp_path) == []
    trade.a.write_note(trade.li, "later")
    checks.anchor(tmp_path, KEY)
    assert log_faults(tmp_path) == [] and len(journal.anchors(tmp_path, KEY)) >= 2
    cut(trade)
    assert any("cut off" in fault for fault in log_faults(tmp_path))
