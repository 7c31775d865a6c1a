"""After a restore: what was done later than the backup is told, and how to enter it again."""
import datetime as dt
from contextlib import closing

import pytest

from jobs import commands
from models.archive import DestructionList
from models.backup import Place, aftermath, keys, restore, run, snapshot
from models.base import Forbidden, local, now
from models.events import Event
from models.numbering import NumberSeries
from tests.views.test_evidence import text


def test_after_a_restore_everybody_reads_what_must_be_entered_again_until_it_is(firm, sign_in, tmp_path):
    firm.issued(price="20")
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    kept = Event.head().at
    lost = [firm.issued(price="10").number for _ in range(2)]
    with closing(Place.get().open()) as store:
        report = restore.restore(store, restore.chosen(store), keys.kept(snapshot.folder()), replace=True)
    assert [row[0] for row in report["ahead"]] == ["invoice"] and report["destroyed"] == []
    said = list(commands.said(report))
    assert any("numbered here since" in line and "invoice" in line and line.endswith("2 to 3") for line in said)
    for person, may in ((firm.li, False), (firm.ada, True)):
        page = text(sign_in(person).get("/").text)
        assert f"What was done after {local(kept):%Y-%m-%d %H:%M} is not in it" in page
        assert f"missing: Invoice {lost[0]} – {lost[1]}" in page and "next numbers" not in page
        assert ("All is entered again" in page) is may
    assert firm.issued(price="10").number == lost[0]
    assert sign_in(firm.li).post("/caught-up").status_code == 403
    admin = sign_in(firm.ada)
    assert admin.post("/caught-up").status_code == 303
    assert "restored from a backup" not in text(admin.get("/").text) and aftermath.pending() is None
    with pytest.raises(Forbidden):
        aftermath.catch_up(firm.li)


@pytest.mark.parametrize("lost, says", [({}, "The next numbers: Invoice INV-"), ({"ahead": [], "destroyed": ["DL-7"]}, "No paper was numbered since then.")])
def test_on_an_empty_machine_the_next_numbers_are_told_as_nothing_else_is_known(firm, sign_in, lost, says):
    firm.issued(price="20")
    restore.settle(lost)
    page = text(sign_in(firm.li).get("/").text)
    assert says in page and ("to be destroyed anew: DL-7" in page) is bool(lost)


def test_what_was_destroyed_after_the_backup_is_named_as_here_again(firm):
    moment = now() - dt.timedelta(minutes=5)
    DestructionList.insert(number="DL-1", opinion="x", proposer=firm.ada, proposed_at=moment, destroyed_at=now()).execute()
    assert aftermath.since([], moment)["destroyed"] == ["DL-1"] and aftermath.since([], now())["destroyed"] == []


def test_a_series_whose_pattern_changed_counts_by_the_longer_run(firm):
    for pattern, last in (("A-{year}-{n}", 7), ("B-{year}-{n}", 2)):
        NumberSeries.create(kind="quote", period="2026", pattern=pattern, last=last)
    assert aftermath.since([["quote", "2026", 5], ["quote", "2026", 1]], now())["ahead"] == [["quote", "2026", 6, 7]]
