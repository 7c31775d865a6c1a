"""A page that is open, and asks for news by itself, keeps nobody signed in."""

import re
from pathlib import Path

import pytest

from tests.models.test_sessions import GOOD, later
from tests.support.signing_in import enter

BY_ITSELF = {"HX-Request": "true", "X-Unattended": "yes"}


@pytest.fixture
def li(firm):
    firm.li.set_password(GOOD, by=firm.li)
    return firm.li


@pytest.mark.asvs("7.3.1")
def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(client, li):
    enter(client, li.email)
    with later(hours=7):
        assert client.get("/tasks/count", headers=BY_ITSELF).status_code == 200
    with later(hours=8, minutes=1):
        assert client.get("/tasks/count", headers=BY_ITSELF).status_code == 401


def test_a_page_marks_what_it_asks_for_by_itself(client, li):
    enter(client, li.email)
    page = client.get("/documents/").get_data(as_text=True)
    assert """hx-trigger="load" hx-headers='{"X-Unattended": "yes"}'""" in page


def test_a_deed_keeps_one_signed_in_whatever_its_page_says_of_it(client, li):
    enter(client, li.email)
    with later(hours=7):
        client.post("/language", data={"language": "en"}, headers=BY_ITSELF)
    with later(hours=8, minutes=1):
        assert client.get("/").status_code == 200


def test_after_a_poll_found_the_session_over_one_comes_back_to_the_page(client, firm):
    page = "http://localhost/documents/?tab=open"
    answer = client.get("/tasks/count", headers={**BY_ITSELF, "HX-Current-URL": page})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/documents/?tab%3Dopen"


def test_every_piece_that_asks_by_itself_says_so():
    """Whatever the clock or the loading of a page asks for; the rest is somebody's act."""
    for path in Path("templates").rglob("*.html"):
        for found in re.finditer(
            r'hx-trigger="(?:[^"]*\b)?(?:every|load)\b[^"]*"', path.read_text()
        ):
            marked = path.read_text()[found.end() :].lstrip(" \n").startswith("{{ unattended }}")
            assert marked, f"{path}: {found[0]}"
