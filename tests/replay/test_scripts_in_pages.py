"""Stored XSS: what somebody typed ran in the browser of whoever read it. Every column of words is
filled with forty texts that run, and every page is read."""

import pytest

from tests.browser.conftest import browser_type_launch_args  # noqa: F401  a fixture
from tests.browser.test_more_pages import Window
from tests.replay.hostile_words import CANARY, PAYLOADS, Elements, spoil
from tests.support.sets import fully, one_in
from tests.support.undo import undone
from tests.test_audience import ask, browser_of, expected, path_of, questions

pytestmark = pytest.mark.on_sqlite  # where a column takes a text of any length
READERS = ["ada", "anna", "link", "li", "fang", "wang", "zhao", "bob"]


@pytest.fixture(scope="module")
def spoiled(house):
    firm = house.firm
    with undone():
        # what the journal keeps of a change is read on many pages
        firm.a.revise(firm.li, name=PAYLOADS[0], short_name=PAYLOADS[2])
        firm.anna.revise(firm.li, name=PAYLOADS[33], position=PAYLOADS[26])
        firm.pen.revise(firm.li, name=PAYLOADS[4], category=PAYLOADS[31])
        firm.li.revise(firm.ada, name=PAYLOADS[29])
        assert spoil() > 150
        yield house


@pytest.fixture(scope="module")
def pages(spoiled):
    """[(who, address, text)] of what each may see, one of each route; in short a fifth."""
    found = []
    for who in fully(READERS[:2], READERS):
        browser, seen = browser_of(spoiled, who), set()
        for rule, view, thing, method in questions(spoiled, who):
            new = method == "GET" and rule.endpoint not in seen and one_in(5, who, rule)
            if new and expected(who, view, thing) in ((), None):
                shown, path = [], path_of(rule, thing and thing.id)
                assert ask(browser, path, "GET", shown)[0] < 500, path
                seen |= {rule.endpoint} if shown else set()
                found += [(who, *page) for page in shown]
    return found


def test_akaunting_2026_5568_no_text_of_a_row_becomes_a_tag_or_an_attribute(pages):
    """Notes of an invoice were put into its page as HTML: whoever opened it ran the script."""
    wrong = {(who, path): bad for who, path, text in pages if (bad := Elements(text).bad)}
    assert sum("alert(" in text for _who, _path, text in pages) > 10 and not wrong


def test_akaunting_2026_5568_what_would_run_is_seen():
    """The reader of pages above tells each of the forty where it stands as a tag."""
    harmless = {"javascript:alert(30)", "{{constructor.constructor('alert(31)')()}}"}
    for text in PAYLOADS:
        inside = f'<p title="{text}"></p>' if text[0] == '"' else f"<p title='{text}'></p>"
        page = inside if text[0] in "\"'" else text
        seen = Elements(page).bad or "canary" in page or "hx-" in page or "</" in text
        assert seen or text in harmless, text
    assert not Elements('<a href="/customers/1">x</a><img src="data:image/png;base64,x">').bad


def test_firefly_iii_2338_nothing_runs_in_a_browser(spoiled, pages, browser):
    """An SVG with a script, shown as a page of the portal: the same pages in Chromium raise no
    dialog, ask no other host, and leave the policy nothing to refuse."""
    window, asked = Window(browser), []
    told = window.troubles
    window.page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    window.page.on("request", lambda one: asked.append(one.url))
    whole = [(who, path) for who, path, text in pages if "</html>" in text and "alert(" in text]
    chosen = fully(whole[:: len(whole) // 5], whole)
    for who, path in chosen:
        window.client = browser_of(spoiled, who)
        window.given = window.client.get(path)
        window.page.goto(f"http://localhost{path}")
        window.page.mouse.move(300, 300)
    window.page.context.close()
    assert len(chosen) > 4 and not [url for url in asked if CANARY in url]
    assert told == []
