"""An import that is not published changes no page of anybody: the answers are as before."""

import re

import pytest

from models.imports import Import, publishing
from models.people import Session
from tests.models.test_import_portions import OPTIONS, PAPERS, put
from tests.support.house import house_in
from tests.support.sets import fully
from tests.support.walking import Walk

pytestmark = pytest.mark.on_sqlite  # the same queries there
# The customer's contact first: that she has opened a document is shown to the others.
WHO = fully(["fang"], ["anna", "ada", "wang", "li", "fang", "zhao"])
# What each form has of its own, and how long ago something was.
OWN = re.compile(
    r'name="(?:csrf_token|idempotency_key)"[^>]*>|"X-CSRFToken": "[^"]*"|value="[\w-]{24,}"'
)
ALSO = ("/documents/?q=A-1", "/search?q=Old", "/customers/?q=Old", "/documents/export.csv")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("unpublished")) as made:
        yield made


def pages_of(house, who):
    """{path: (status, text)} of what the person is shown."""
    browser = house.test_client()
    browser.set_cookie("danju_sid", Session.start(getattr(house.firm, who)))
    start, pages = "/portal/" if who == "anna" else "/", {}

    def shown(path, method):
        if method != "GET" or "/imports/" in path or path == "/sessions":
            return 0, ""
        answer = browser.get(path)
        text = answer.text if answer.mimetype in ("text/html", "text/csv") else ""
        pages[path] = answer.status_code, OWN.sub("", text)
        return answer.status_code, text if path == start or fully(False, True) else ""

    Walk(house, shown, 1).run(start, *(() if who == "anna" else ALSO))
    return pages


def test_no_page_shows_it(house, monkeypatch):
    firm, before, meanwhile = house.firm, {}, {}
    row, real = put(firm, "documents", PAPERS, **OPTIONS), publishing.publish

    def looking(*args):
        meanwhile.update({who: pages_of(house, who) for who in WHO})
        real(*args)

    monkeypatch.setattr(publishing, "publish", looking)
    row.start(firm.fang)
    before.update({who: pages_of(house, who) for who in WHO})
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "done"
    for who in WHO:
        assert len(before[who]) > 5
        for path, answer in before[who].items():
            assert meanwhile[who].get(path) == answer, (who, path)
    after = pages_of(house, "fang")
    assert after["/documents/?q=A-1"] != before["fang"]["/documents/?q=A-1"]
