"""History is neither filed by rule nor reminded of until its import is kept; undo takes along what
was made of it meanwhile."""

import datetime as dt

import pytest

from models.adapters import blobs
from models.archive import DestructionList, Filing, filing_by_rule
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.core.imported_range import ImportedRange
from models.documents import Document
from models.documents.confirmation import Opening
from models.dunning import preview, run_due
from models.governance import finders
from models.imports import Import
from models.operations import checks
from tests.models.test_imports import put, run

OLD = "Invoice No,Date,Customer,Item,Qty,Unit price\nA-1,2025-03-01,北京甲公司,Pen,2,10\n"
A_MONTH = dt.timedelta(days=30, minutes=1)


@pytest.fixture
def history(firm):
    """A paid invoice of last year, imported."""
    return run(firm, put(firm, "documents", OLD))


@pytest.fixture
def unpaid(firm):
    """An overdue one."""
    return run(firm, put(firm, "documents", OLD, settled=False))


def fresh(row):
    return type(row).get_by_id(row.id)


def paper():
    return Document.get(Document.number == "A-1")


def undone(firm, row):
    fresh(row).undo(firm.fang)
    Import.run_waiting()
    return fresh(row)


def test_history_is_filed_by_rule_only_once_it_is_kept(firm, history):
    assert history.undoable and filing_by_rule.file_due() == 0
    assert list(filing_by_rule.unfiled(2025)) == [] and paper().pdf_sha256 is None
    history.keep(firm.fang)
    assert filing_by_rule.overdue(3) == []  # nothing was late while it was not kept
    assert filing_by_rule.file_due() == 1 and paper().state == "archived"
    assert [e.action for e in history.events][-2:] == ["done", "kept"]


def test_after_thirty_days_an_import_keeps_itself(history):
    Import.keep_due()
    assert fresh(history).undoable
    with at(now() + A_MONTH):
        Import.keep_due()
        Import.keep_due()
        assert not fresh(history).undoable and filing_by_rule.file_due() == 1
    assert [(e.action, e.actor_name) for e in history.events][-1] == ("kept", "Danju")
    assert checks.faults() == []


def test_no_reminder_goes_out_for_what_may_still_be_undone(firm, unpaid):
    (plan,) = [p for p in preview() if p.customer == firm.a]
    assert plan.skipped == "held" and plan.items[0].why == {"import": plan.items[0].open}
    assert run_due() == [] and run_due(only={(firm.a.id, "CNY")}) == []
    unpaid.keep(firm.fang)
    assert len(run_due()) == 1


def test_the_daily_check_misses_no_reminder_before_three_days_after_it_is_kept(firm, unpaid):
    assert finders.overdue_not_reminded() == []
    unpaid.keep(firm.fang)
    assert finders.overdue_not_reminded() == []
    with at(now() + dt.timedelta(days=4)):
        assert [hit.subject for hit in finders.overdue_not_reminded()] == [paper()]


def test_undo_takes_the_filing_and_the_pdf_along(firm, history):
    document = paper()
    Filing.file_document(firm.zhao, document)
    sha, filing = paper().pdf_sha256, Filing.get()
    assert blobs.path_of(sha).exists()
    Opening.create(document=document, contact=firm.anna, at=now())
    assert undone(firm, history).state == "undone"
    assert not Document.select().where(Document.number == "A-1").exists()
    left = fresh(filing)
    assert (left.state, left.code, left.document_id, left.customer_id) == (
        "withdrawn",
        filing.code,
        None,
        None,
    )
    assert not blobs.path_of(sha).exists() and Filing.folders_with_gaps() == []
    assert checks.faults() == []


def test_an_undo_that_is_killed_leaves_no_bytes_of_a_pdf(firm, history, monkeypatch):
    document = paper()
    document.keep_pdf()
    sha, real = paper().pdf_sha256, Import.erase
    history.undo(firm.fang)
    monkeypatch.setattr(Import, "erase", killed)
    with pytest.raises(KeyboardInterrupt):
        Import.run_waiting()
    assert blobs.path_of(sha).exists() and fresh(history).state == "undoing"
    monkeypatch.setattr(Import, "erase", real)
    with at(now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    assert fresh(history).state == "undone" and not blobs.path_of(sha).exists()


def test_bytes_that_are_locked_hold_up_no_undo(firm, history, monkeypatch):
    paper().keep_pdf()
    monkeypatch.setattr(blobs, "erase", locked)
    assert undone(firm, history).state == "undone"


def killed(*_args):
    raise KeyboardInterrupt


def locked(*_args):
    raise OSError("locked")


def test_undo_is_refused_for_what_is_to_be_destroyed(firm, history):
    Filing.file_document(firm.zhao, paper())
    with at(now() + dt.timedelta(days=365 * 40)):
        DestructionList.propose(firm.zhao, [Filing.get()], "old")
    assert undone(firm, history).state == "done"
    assert Filing.get().state == "kept" and paper().state == "archived"


def test_what_is_kept_is_not_undone_and_kept_once(firm, history):
    for who in (firm.li, firm.zhao):
        with pytest.raises(Forbidden):
            history.keep(who)
    history.keep(firm.fang)
    for again in (fresh(history).keep, fresh(history).undo):
        with pytest.raises(Refused) as refused:
            again(firm.fang)
        assert refused.value.code == "import_kept"
    assert fresh(history).state == "done"


def test_only_a_finished_import_is_kept(firm):
    row = put(firm, "documents", OLD)
    with pytest.raises(Refused):
        row.keep(firm.fang)
    assert not row.undoable


def test_an_import_of_an_earlier_version_is_kept_even_if_it_was_being_undone(firm, history):
    """Its rows each have an event of their own; it could only be undone in one long transaction."""
    ImportedRange.delete().execute()
    Import.update(state="undoing", claimed_at=None, kept_at=now()).execute()
    Import.run_waiting()
    history = fresh(history)
    assert (history.state, history.error, history.undoable) == ("done", "import_kept", False)
    assert paper().number == "A-1"
