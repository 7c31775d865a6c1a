"""Whatever compares rows with the journal, or with other rows, finds no fault while people work."""

import threading

import pytest

from models.adapters import blobs, search
from models.approvals import replay
from models.archive import Filing
from models.core import journal
from models.core.database import db
from models.documents import Document, sales
from models.operations import checks
from models.operations.number_book import number_book
from models.payments import Payment
from models.receivables import due_item
from tests.valid_forms.archive import aged

KEY = "k" * 40
LOOKS = {
    "journal": lambda folder: journal.verify(folder, KEY),
    "numbers": lambda folder: checks.numbers(),
    "sums": lambda folder: checks.sums(),
    "approvals": lambda folder: replay.faults(),
    "search": lambda folder: search.differences(),
    "sales": lambda folder: sales.differences(),
    "due items": lambda folder: due_item.differences(),
    "folders": lambda folder: Filing.folders_with_gaps(),
    "number book": lambda folder: [row for row in number_book() if row["gaps"]],
    "daily check": lambda folder: checks.all_faults(folder, KEY),
}


def in_another_thread(app, act):
    """Do it with a connection of its own, to the end."""

    def run():
        with app.app_context(), db.connection_context():
            act()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def at_work(app, firm, tmp_path, monkeypatch):
    """After each of the first reads of this thread another one finishes a piece of work."""
    waiting, mine = firm.approved(price="20"), threading.current_thread()
    execute_sql = db.obj.execute_sql
    acts = [
        lambda: firm.issued(price="40"),
        lambda: Document.get_by_id(waiting.id).issue(by=firm.li),
        lambda: aged(firm),
        lambda: Payment.receive(firm.fang, firm.a, "CNY", 1000),
        lambda: checks.anchor(tmp_path, KEY),
    ]
    done = []

    def work_between(sql, *args, **kwargs):
        if threading.current_thread() is mine and acts and sql.lstrip("(").startswith("SELECT"):
            done.append(sql)
            answer = execute_sql(sql, *args, **kwargs)
            in_another_thread(app, acts.pop(0))
            return answer
        return execute_sql(sql, *args, **kwargs)

    monkeypatch.setattr(db.obj, "execute_sql", work_between)
    return done


@pytest.mark.parametrize("look", LOOKS)
def test_no_look_finds_a_fault_while_people_work(at_work, tmp_path, look):
    assert LOOKS[look](tmp_path) == [] and at_work
    assert db.transaction_depth() == 0


def test_a_file_destroyed_while_its_row_is_read_is_not_missing(app, firm, monkeypatch):
    sha = aged(firm).filing.sha
    stored_files = checks.stored_files

    def destroy_between(_rows):
        monkeypatch.setattr(checks, "stored_files", stored_files)
        yield from stored_files()
        yield "old.pdf: the kept PDF is missing or was changed", "0" * 64

    monkeypatch.setattr(checks, "stored_files", destroy_between)
    assert checks.faults() == []
    blobs.erase(sha)
    assert len(checks.faults()) == 2, "what stays missing is told"
