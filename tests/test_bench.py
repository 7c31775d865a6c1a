"""What measures the portal works on a small firm, so that it does not rot."""

import contextlib

import pytest

from bench import long_work, pages, papers, processes, soak, words
from bench.__main__ import count_of
from bench.loader import load, opened
from bench.tables import machine, text
from models.adapters import search
from models.core import portions
from models.core.database import db
from models.documents import Document
from models.operations import checks, upkeep
from models.receivables import due_item

pytestmark = pytest.mark.on_sqlite  # the processes that it starts have a database of their own
COUNT = 200
FEW = [page for page in pages.PAGES if page[0] in ("home", "one document", "portal, home")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("bench") / str(COUNT)
    load(made, COUNT, native=3)
    return made


def test_the_firm_is_as_if_it_had_been_entered(folder):
    assert portions.PAUSE and portions.REST
    with opened(folder).app_context():
        assert Document.select().where(Document.imported).count() == COUNT
        assert Document.select().where(~Document.imported).count() == 3
        assert checks.faults() == [] and upkeep.differences() == []
        assert due_item.DueItem.select().exists()
        for asked in ("I00000", "0000011", "号贸易"):
            plain = {d.id for d in Document.select() if asked.lower() in _words(d)}
            assert {d.id for d in _found(asked)} == plain
        db.close()


def _words(document):
    return "\n".join(map(str, document.search_words())).lower()


def _found(asked):
    return Document.select().where(Document.id.in_(search.rows.find(Document, [asked.lower()])))


def test_pages_peers_and_memory_are_measured(folder, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "KEPT", tmp_path)
    monkeypatch.setattr(soak, "PAGES", FEW)
    with contextlib.ExitStack() as stack:
        firm = pages.Firm("200", folder, stack)
        pages.compare([firm], 1, FEW)
        pages.beside_peers(firm, 1, 0.2)
        soak.soak(firm, 1)
    shown = capsys.readouterr().out
    assert "| one document" in shown and "| bare Flask" in shown and "| most" in shown


def test_words_are_measured(folder, capsys):
    words.compare(folder)
    assert "| list of documents | " in capsys.readouterr().out


@pytest.mark.full
def test_papers_are_measured(folder, capsys, monkeypatch):
    monkeypatch.setattr(papers, "TIMES", 1)
    papers.compare(folder, (2,))
    assert "| 2 lines" in capsys.readouterr().out


@pytest.mark.full
def test_long_work_is_measured(folder, capsys, monkeypatch):
    monkeypatch.setattr(long_work, "BEFORE", 0)
    long_work.compare(folder, 20)
    shown = capsys.readouterr().out
    assert "| backup, the first" in shown and "| import, written" in shown


@pytest.mark.full
def test_two_processes_share_a_port(folder, capsys, monkeypatch):
    monkeypatch.setattr(processes, "PAGES", ("/documents/",))
    processes.compare({"SQLite": (folder, {})}, 0.2, 1)
    assert "| SQLite, /documents/ " in capsys.readouterr().out


def test_figures_are_as_long_as_they_deserve():
    assert [text(n) for n in (None, 3, 1234, 0.123, 12.34, 1234.5)] == [
        *("–", "3", "1,234", "0.12", "12.3", "1,234")
    ]
    assert count_of("1m") == 10**6 and count_of("250") == 250
    assert "load" in machine()
