"""Addresses that people keep (bookmarks, mails, QR codes on paper) lead on for good."""

import re
from pathlib import Path

from werkzeug.exceptions import HTTPException

ADDRESSES = Path(__file__).with_name("data") / "0.9.0.addresses.txt"


def test_every_page_of_0_9_0_still_has_its_address(app):
    """Or another page that sends on from there for good (301)."""
    routes, lost = app.url_map.bind(""), []
    for rule in ADDRESSES.read_text().split():
        path = re.sub(r"<int(\([^)]*\))?:\w+>", "1", rule)
        path = re.sub(r"<any\(([^,)]*)[^)]*\):\w+>", r"\1", path)
        path = re.sub(r"<(\w+:)?\w+>", "a", path)
        try:
            routes.match(path, "GET")
        except HTTPException:
            lost.append(rule)
    assert lost == []


def test_every_link_names_a_page(app):
    """In the templates and in the views; those put together while they run are not seen."""
    files = [*Path("templates").rglob("*.*"), *Path("views").rglob("*.py")]
    named = {
        endpoint
        for file in files
        for endpoint in re.findall(r"""url_for\(\s*['"](\w+\.\w+)['"]""", file.read_text())
    }
    assert len(named) > 200 and named - app.view_functions.keys() == set()
