"""Forms in rows on a telephone: every field wide enough to type in, no word set upright, nothing drawn over a field."""
import pytest

from models.people import Session
from tests.firm import Firm

CRUSHED = """[...document.querySelectorAll("main :is(input, select, button):not([type=hidden], [type=checkbox])")].filter(e => {
  const box = e.getBoundingClientRect(), over = e.matches("input") && document.elementFromPoint(box.left + 12, box.top + box.height / 2);
  return box.width && (box.width < 44 || (e.matches("button") && box.height > 60) || (over && over !== e && !over.contains(e) && !e.closest(".tabbar")));
}).map(e => e.name || e.innerText)"""


@pytest.fixture
def look(browser, portal):
    def at(person, path, width, language):
        context = browser.new_context(base_url=portal, viewport={"width": width, "height": 6000})
        context.add_cookies([{"name": "danju_sid", "value": Session.start(person), "url": portal}, {"name": "language", "value": language, "url": portal}])
        page = context.new_page()
        page.goto(path)
        return page
    return at


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_filing_rules_can_be_typed(look, width, language):
    page = look(Firm().zhao, "/archive/rules/", width, language)
    assert page.evaluate(CRUSHED) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
