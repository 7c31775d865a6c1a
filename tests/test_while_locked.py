"""Nobody waits for another's long write: pages are read, and one signs in, while another holds the
database."""

import sqlite3
import time
from contextlib import closing

import pytest

from models.core.clock import at, now
from models.core.database import FORMS
from models.people import Session
from models.people.session import SEEN_EVERY
from tests.support.house import house_in
from tests.support.sets import fully
from tests.support.walking import Walk

pytestmark = pytest.mark.on_sqlite  # on PostgreSQL a plain UPDATE does not wait for the writer
PASSWORD = "correct horse battery"
WAIT = 4  # seconds; no page takes so long by itself, but one that waits for the writer


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("locked")) as made:
        yield made


@pytest.fixture
def locked(house, monkeypatch):
    """Another process writes for as long as the test lasts."""
    monkeypatch.setitem(FORMS, "wait", 5000)
    with closing(sqlite3.connect(house.config["DATA_DIR"] / "danju.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        other.rollback()


@pytest.mark.parametrize("who", fully(["anna"], ["ada", "fang", "li", "anna"]))
def test_every_page_is_read(house, who, request):
    browser = house.test_client()
    browser.set_cookie("danju_sid", Session.start(getattr(house.firm, who)))
    request.getfixturevalue("locked")
    start, slow = "/portal/" if who == "anna" else "/", []

    def shown(path, method):
        if method != "GET":
            return 0, ""
        began = time.monotonic()
        answer = browser.get(path)
        if time.monotonic() - began > WAIT:
            slow.append(path)
        followed = answer.mimetype == "text/html" and (path == start or fully(False, True))
        return answer.status_code, answer.text if followed else ""

    with at(now() + 2 * SEEN_EVERY):
        asked = Walk(house, shown, 1).run(start)
    got = {path: status for (method, _e, path, _on), status in asked.items() if method == "GET"}
    assert not {path: status for path, status in got.items() if status >= 500}
    assert not slow and len(got) > 5


def test_one_signs_in_and_the_session_is_stored_later(house, locked):
    browser, wang = house.test_client(), house.firm.wang
    locked.rollback()
    wang.set_password(PASSWORD, by=wang)
    locked.execute("BEGIN IMMEDIATE")
    browser.set_cookie("language", "en")
    answer = browser.post("/sign-in", data={"email": wang.email, "password": PASSWORD})
    assert answer.status_code == 303 and browser.get("/").status_code == 200
    stored = Session.select().where(Session.of(wang), Session.ended_at.is_null())
    assert not stored.exists()
    locked.rollback()
    assert browser.get("/").status_code == 200
    assert stored.count() == 1


def test_who_saves_meanwhile_is_told_that_nothing_was_saved(house, locked):
    browser = house.test_client()
    locked.rollback()
    browser.set_cookie("danju_sid", Session.start(house.firm.li))
    locked.execute("BEGIN IMMEDIATE")
    browser.set_cookie("language", "en")
    answer = browser.post("/customers/new", data={"name": "Late Ltd", "terms_days": "30"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 503 and "Another long operation" in text
