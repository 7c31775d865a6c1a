"""The manual stands inside the product: it can be searched, and `?` opens the page's own part."""

import re

import pytest

from models.governance import manual
from views.web.help import CHAPTERS, CLOSER

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def read_in(browser, language):
    browser.post("/language", data={"language": language})
    return browser


@LANGUAGES
def test_each_chapter_is_a_page_and_its_links_and_pictures_open(firm, sign_in, language):
    browser = read_in(sign_in(firm.li), language)
    contents = browser.get("/manual/").text
    for one in manual.sections(language):
        assert f'href="/manual/{one.key}"' in contents
        page = browser.get(f"/manual/{one.key}").text.partition("<article")[2]
        text = page.partition("</article>")[0]
        assert text.count("<p>") and one.title in contents and ".md" not in text
        for address in re.findall(r'(?:href|src)="(/[^"]+)"', text):
            assert browser.get(address).status_code == 200, address
    assert len(manual.sections(language)) == 24


@LANGUAGES
def test_every_help_is_a_chapter(app, language):
    keys = {one.key for one in manual.sections(language)}
    assert {*CHAPTERS.values(), *CLOSER.values()} <= keys
    assert set(CLOSER) <= set(app.blueprints)


def test_the_help_of_a_page_has_the_keys_first_and_the_firms_rules_below(firm, sign_in):
    browser = sign_in(firm.fang)
    address = re.search(r'href="([^"]+)" data-help', browser.get("/payments/").text)[1]
    page = browser.get(address.replace("&amp;", "&")).text
    places = [page.index(part) for part in ('id="shortcuts"', "<article", "/handbook/07-payment")]
    assert places == sorted(places) and manual.section("9", "en").title in page
    assert browser.get("/manual/9?rule=made-up").status_code == 200
    assert browser.get("/manual/99").status_code == 404
    assert browser.get("/manual/pictures/..%2Fmanual.png").status_code == 404


@pytest.mark.parametrize(
    "language, text, key",
    [("en", "recovery sheet", "17"), ("zh", "对账单", "10"), ("en", "MT940", "banks")],
)
def test_it_is_searched(firm, sign_in, language, text, key):
    browser = read_in(sign_in(firm.li), language)
    found = browser.get(f"/manual/?q={text}").text.partition('id="manual-found"')[2]
    assert f'href="/manual/{key}"' in found.partition("</ul>")[0]
    assert "manual-found" not in browser.get("/manual/?q=no-such-word-xyz").text


def test_what_is_found_stands_in_plain_words():
    around = manual.found("alt+n", "en")[0][1]
    assert "Alt+N" in around and "|" not in around
