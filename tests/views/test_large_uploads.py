"""A large file to import is read by the worker: the upload answers at once, and its page tells how
far it is."""

import datetime as dt

import pytest

from models.adapters import sandbox
from models.company import Company
from models.core import clock, progress
from models.imports import Import
from tests.models.test_large_imports import lines
from tests.views.test_imports import mapping, post, upload

LARGE = lines(5200).decode()
TOO_MANY = {"import_rows": 5000}


@pytest.fixture
def fang(firm, sign_in):
    return sign_in(firm.fang)


def uploaded(browser, data=LARGE):
    answer = upload(browser, data, "documents")
    row = Import.select().order_by(Import.id.desc()).first()
    return answer, row, f"/imports/{row.id}"


def test_the_upload_of_a_large_file_reads_nothing(fang, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "stream", None)
        answer, row, path = uploaded(fang)
        page = fang.get(path).text
    assert answer.status_code == 303 and row.state == "reading"
    assert "Reading the file" in page and 'hx-trigger="every 1s"' in page
    progress.note(row.watch, 0.5, rows=2600)
    assert "2600 rows read" in fang.get(path).text
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert row.state == "uploaded" and row.outline["rows"] == 5200
    page = fang.get(path).text
    assert 'name="column-0"' in page and "every 1s" not in page
    assert [event.action for event in row.events] == ["uploaded", "read"]
    post(fang, f"{path}/check", **mapping(row))
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "checked"


def test_the_reading_tells_how_far_it_is(fang, monkeypatch):
    _answer, row, _path = uploaded(fang)
    noted, note = [], progress.note
    monkeypatch.setattr(progress, "note", lambda *a, **k: noted.append((a[1], k)) or note(*a, **k))
    Import.run_waiting()
    parts = [part for part, facts in noted if "rows" in facts]
    assert parts == sorted(parts) and len(parts) > 5 and 0.05 < parts[0] < 0.2 and parts[-1] > 0.9


def test_a_reading_that_was_killed_begins_again(fang):
    _answer, row, path = uploaded(fang)
    moment = clock.now()
    for _kill in range(2):
        assert Import.get_by_id(row.id).claim()
        moment += dt.timedelta(minutes=5)
        with clock.at(moment):
            for left in Import.interrupted():
                left.give_up()
        assert Import.get_by_id(row.id).claimed_at is None
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "uploaded"


def test_a_file_that_kills_each_reader_is_given_up(fang):
    _answer, row, path = uploaded(fang)
    Import.update(outline={"tries": 3}, claimed_at=clock.now()).execute()
    with clock.at(clock.now() + dt.timedelta(minutes=5)):
        Import.run_waiting()
    assert Import.get_by_id(row.id).state == "failed"
    assert "Danju stopped while this was running" in fang.get(path).text


def test_what_is_wrong_with_a_large_file_stands_on_its_page(firm, fang):
    Company.current().revise(firm.ada, settings=TOO_MANY)
    _answer, row, path = uploaded(fang)
    Import.run_waiting()
    page = fang.get(path)
    assert "Max. 5000 rows" in page.text and 'action="' + path + '/reading"' in page.text
    Company.current().revise(firm.ada, settings={"import_rows": 6000})
    assert post(fang, f"{path}/reading", totals="keep").status_code == 303
    assert Import.get_by_id(row.id).state == "reading"
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert row.state == "uploaded" and row.options["reading"] == {"totals": "keep"}


def test_the_firm_limits_cells_and_size_and_tells_it_before(firm, fang):
    Company.current().revise(firm.ada, settings={"import_mb": 1, "import_cells": 7})
    assert "At most 1 MB, 500000 rows and 7 million cells" in " ".join(
        fang.get("/imports/").text.split()
    )
    answer = upload(fang, "x" * (2**20 + 1), "documents")
    assert answer.status_code == 422 and "Max. 1 MB" in answer.text
