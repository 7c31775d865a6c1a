"""A backup that is made while an import is written or undone: restored, the import goes on to be
whole or absent."""

import datetime as dt
from contextlib import closing

import pytest

from models.core.clock import at, now
from models.imports import Import, changing
from models.operations import checks, upkeep
from models.operations.backup import Place, keys, restore, run, snapshot
from tests.models.test_import_portions import CUSTOMERS, OPTIONS, PAPERS, dies, everything
from tests.models.test_imports import put
from tests.models.test_imports import run as whole

# (what was under way, at which portion it was killed, how the import ends)
MOMENTS = [("undone", 4, "undone"), ("written", 4, "failed"), ("changed", 0, "done")]


def clean():
    folder = snapshot.folder()
    found = checks.faults(folder, snapshot.config()["SECRET_KEY"])
    return found == [] and upkeep.differences() == []


def kept_and_restored():
    run.run_due()
    assert Place.get().trouble == ""
    with closing(Place.get().open()) as store:
        identity = keys.load(snapshot.folder())
        report = restore.restore(store, restore.chosen(store), identity, replace=True)
    assert report["faults"] == []


@pytest.mark.full
@pytest.mark.parametrize("deed, nth, end", MOMENTS)
def test_an_import_in_a_restored_backup_is_whole_or_absent(
    firm, tmp_path, monkeypatch, deed, nth, end
):
    Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    target, text, options = ("documents", PAPERS, OPTIONS)
    if deed == "changed":
        target, text, options = ("customers", CUSTOMERS, {})
    row, before = put(firm, target, text, **options), everything()
    if deed == "undone":
        row = whole(firm, row)
        row.undo(firm.fang)
    else:
        row.start(firm.fang)
    if deed == "changed":
        monkeypatch.setattr(Import, "apply_changes", lambda self: None)
        Import.run_waiting()
        monkeypatch.undo()
    else:
        assert dies(row, monkeypatch, nth)
    kept_and_restored()
    assert clean() and (end == "done" or everything() == before)
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert row.state == end and clean()
    assert (everything() == before) is (end != "done")
    assert not row.rows.where(row.rows.model.action == "waiting").exists()
