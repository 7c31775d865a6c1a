"""The style sheets are all loaded, and win by their layer instead of by tricks."""

import gzip
import re
from pathlib import Path

import pytest

from models.core.database import db

STYLES = {path.name: path.read_text() for path in Path("static").glob("*.css")}
OURS = {name: text for name, text in STYLES.items() if name != "pico.min.css"}


def test_every_style_sheet_is_loaded_once():
    loaded = re.findall(r'@import url\("([^"]+)"\)', STYLES["danju.css"])
    assert sorted(loaded) == sorted(STYLES.keys() - {"danju.css"})


def test_a_page_asks_for_one_style_sheet_that_holds_them_all(client):
    address = re.search(r'rel="stylesheet" href="([^"]+)"', client.get("/setup").text)[1]
    answer = client.get(address)
    assert answer.mimetype == "text/css" and "immutable" in answer.headers["Cache-Control"]
    assert "@import" not in answer.text and answer.text.count("@layer danju {") == len(OURS) - 1
    assert client.get("/setup").text.count('rel="stylesheet"') == 1


def test_the_style_sheet_needs_no_database(client, monkeypatch):
    """The page that says the database is away has it too."""
    address = re.search(r'rel="stylesheet" href="([^"]+)"', client.get("/setup").text)[1]
    db.close()
    monkeypatch.setattr(db.obj, "connect", lambda *_args, **_more: 1 / 0)
    assert client.get(address).status_code == 200


def test_no_rule_is_made_strong_by_an_id_that_no_page_has():
    assert [name for name, text in OURS.items() if "not(#" in text] == []


def test_each_colour_is_named_once_for_light_and_dark():
    """By light-dark(): a second list for dark pages would be forgotten."""
    assert [name for name, text in OURS.items() if "prefers-color-scheme" in text] == []
    named = re.findall(r"^  (--[\w-]+): light-dark", OURS["tokens.css"], re.MULTILINE)
    assert len(named) == len(set(named)) > 20


@pytest.mark.parametrize("path", ["/static/htmx.min.js", "/static/icons.svg", "/static/all.css"])
def test_what_everybody_gets_is_sent_compressed(client, path):
    plain = client.get(path)
    sent = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(sent.data) == plain.data and len(sent.data) < len(plain.data) / 2
    assert sent.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in sent.vary
    assert "Content-Encoding" not in plain.headers
    again = client.get(
        path, headers={"Accept-Encoding": "gzip", "If-None-Match": sent.headers.get("ETag", "")}
    )
    assert again.status_code == (304 if "ETag" in sent.headers else 200)


def test_a_page_is_not_compressed(client):
    """Its compressed size would tell what stands in it (BREACH)."""
    answer = client.get("/setup", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_our_own_scripts_are_small():
    scripts = [path for path in Path("static").glob("*.js") if path.name != "htmx.min.js"]
    assert sum(path.stat().st_size for path in scripts) <= 40 * 1024
