"""Forms in rows on a telephone: every field wide enough to type in, no word set upright, nothing
drawn over a field."""

import pytest

from models.archive import EInvoice
from models.company import Company
from models.people import Session
from tests import einvoices
from tests.browser.test_pages import OUT_OF_PANEL
from tests.firm import Firm

# A file is chosen by the words around its field; the calendar of a date has a button that opens it.
CRUSHED = """[...document.querySelectorAll(
  "main :is(input, select, button):not([type=hidden], [type=checkbox], [aria-hidden=true])"
)].map(e => e.closest(".file-choose") || e).filter(e => {
  const box = e.getBoundingClientRect();
  const over = e.matches("input, .file-choose")
    && document.elementFromPoint(box.left + 12, box.top + box.height / 2);
  return box.width && (
    box.width < 44
    || (e.matches("button, .file-choose") && box.height > 60)
    || (over && over !== e && !over.contains(e) && !e.closest(".tabbar"))
  );
}).map(e => e.name || e.innerText)"""


@pytest.fixture
def look(browser, portal):
    def at(person, path, width, language):
        context = browser.new_context(base_url=portal, viewport={"width": width, "height": 6000})
        context.add_cookies(
            [
                {"name": "danju_sid", "value": Session.start(person), "url": portal},
                {"name": "language", "value": language, "url": portal},
            ]
        )
        page = context.new_page()
        page.goto(path)
        return page

    return at


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_filing_rules_can_be_typed(look, width, language):
    page = look(Firm().zhao, "/archive/rules/", width, language)
    assert (
        page.evaluate(CRUSHED) == []
        and page.evaluate("document.documentElement.scrollWidth") <= width
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_a_tax_invoice_is_given_its_paper_without_leaving_the_panel(look, width):
    firm = Firm()
    Company.current().revise(firm.ada, tax_id=einvoices.OURS)
    firm.a.revise(firm.li, name="北京甲公司华北文化用品连锁贸易有限责任公司")
    [firm.issued(price="100") for _ in range(2)]
    for number, total in (
        ("1" * 20, ("100.00", "13.00", "113.00")),
        ("2" * 20, ("5.00", "0.65", "5.65")),
    ):
        EInvoice.drop(
            firm.fang,
            einvoices.xml(number, net=total[0], tax=total[1], total=total[2]),
            f"{number}.xml",
        )
    for language in ("zh", "en"):
        page = look(firm.fang, "/archive/einvoices/", width, language)
        assert page.locator("select[name=document]").count() == 1 and page.evaluate(CRUSHED) == []
        assert (
            page.evaluate("document.documentElement.scrollWidth") <= width
            and page.evaluate(OUT_OF_PANEL) == []
        )


@pytest.mark.parametrize("width", [390, 1280])
def test_the_journal_fits(look, width):
    firm = Firm()
    firm.a.revise(firm.fang, bank_account="6222 0001 0002 0003 0004 0005", credit_limit=500000)
    for language in ("zh", "en"):
        page = look(firm.ada, "/journal/", width, language)
        assert page.evaluate(CRUSHED) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_every_entry_of_the_menus_can_be_pressed(look, width):
    """One under another within the window: also what stands under the firm's name and one's own."""
    page = look(Firm().ada, "/", width, "en")
    page.set_viewport_size({"width": width, "height": 800})
    more = page.locator(".tabbar summary" if width == 390 else ".firm summary")
    for opens, entries in (
        (more, ["Settings", "System status"]),
        (page.locator(".me summary:visible"), ["Sign out"]),
    ):
        opens.click()
        for name in entries:
            entry = page.get_by_text(name, exact=True).locator("visible=true")
            entry.click(trial=True)
            box = entry.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width and 0 <= box["y"] < 800
        page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [1024, 1280])
def test_a_row_of_a_list_keeps_a_long_name_on_one_line(look, width):
    firm = Firm()
    firm.a.revise(firm.li, name="北京甲公司华北文化用品连锁贸易有限责任公司")
    firm.issued(price="2000000")
    page = look(firm.fang, "/documents/?tab=open", width, "en")
    row = page.locator("[id^=document-row-]").first
    assert row.bounding_box()["height"] < 45
    assert row.locator(".fills").bounding_box()["width"] > 140
    assert row.locator(".fills").get_attribute("title") == firm.a.name
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language, words", [("en", "Take a photo"), ("zh", "拍照")])
def test_the_camera_has_a_button_of_its_own_words(look, language, words):
    page = look(Firm().zhao, "/archive/files/new", 390, language)
    buttons = page.locator(".file-choose").all_inner_texts()
    assert buttons[-1].strip() == words and len(set(buttons)) == len(buttons) == 2


FILTERED = (
    "/documents/?kind=invoice&since=2026-01-01",
    "/journal/?who=&since=2026-01-01",
    "/payments/",
    "/customers/",
    "/products/",
    "/statements/",
    "/reminders/",
    "/refunds/",
    "/follow-ups/",
    "/feedback/",
    "/findings/",
    "/disputes/",
    "/receivables/items",
)


@pytest.mark.parametrize("path", FILTERED)
def test_on_a_telephone_the_filters_of_a_list_take_one_row_until_they_are_asked_for(look, path):
    firm = Firm()
    page = look(firm.ada, path, 390, "en")
    bar = page.locator("form.toolbar:has(.filter-fold)")
    assert bar.bounding_box()["height"] < 50
    asked = path.count("=invoice") + path.count("=2026")
    assert bar.locator(".count").all_inner_texts() == [str(asked)] * bool(asked)
    page.click(".filter-fold")
    fields = bar.locator("select, input:not([type=hidden], [type=checkbox], [aria-hidden=true])")
    assert all(field.is_visible() for field in fields.all())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_desk_the_filters_stand_beside_each_other(look):
    page = look(Firm().ada, "/payments/", 1280, "en")
    assert page.locator("form.toolbar select").first.is_visible()
    assert not page.locator(".filter-fold").is_visible()


def test_only_what_was_paid_has_a_minus_on_a_statement(look):
    firm = Firm()
    firm.issued(price="100")
    page = look(
        firm.fang,
        f"/statements/new?customer={firm.a.id}&since=2020-01-01&until=2030-01-01",
        390,
        "en",
    )
    signs = """[...document.querySelectorAll('#statement-lines td:nth-child(5)')].map(
      e => [e.innerText, getComputedStyle(e, '::before').content])"""
    found = page.evaluate(signs)
    assert found and all(sign in ("none", "normal") for text, sign in found if not text), found
