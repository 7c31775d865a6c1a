"""Forms that are opened and saved in a browser, with its scripts: nothing changes that nobody
touched, and no page claims that something is not saved."""

import pytest

from models.documents import Document
from models.documents.draft import Autosave
from models.people import Session
from models.products import Product
from tests.firm import Firm
from tests.support import edit_forms
from tests.test_untouched import changed, rows

FORMS = "customers products people levels flows documents".split()
SAVE = "[data-save], form:is([data-dirty], .form) .form-foot button:not([type=button])"


@pytest.fixture
def page(browser, served, portal):
    firm = Firm()
    served.firm, served.paths = firm, edit_forms.paths(firm)
    context = browser.new_context(base_url=portal)
    context.add_cookies(
        [
            {"name": "danju_sid", "value": Session.start(firm.ada), "url": portal},
            {"name": "language", "value": "en", "url": portal},
        ]
    )
    return context.new_page()


def saved(page, path):
    with page.expect_navigation():
        page.locator(SAVE).first.click()
    assert page.locator("[role=alert]").count() == 0, path


def test_a_form_that_is_only_saved_changes_nothing(page, served):
    before, wrong = rows(), []
    for endpoint, paths in served.paths.items():
        noun, _, verb = endpoint.partition(".")
        for path in paths[:1] if noun in FORMS and verb in ("edit", "update") else ():
            page.goto(path)
            saved(page, path)
            wrong += [(path, column) for column in changed(before, rows())]
    assert not wrong


def test_after_a_save_nothing_is_said_to_be_unsaved(page, served):
    path = served.paths["documents.update"][0]
    draft = Document.get_by_id(int(path.split("/")[2]))
    for quantity in ("4", "5"):
        page.goto(path)
        page.locator("[name=line-quantity]").first.fill(quantity)
        saved(page, path)
        page.wait_for_timeout(1000)
        assert not Autosave.of(draft, served.firm.ada)
        page.reload()
        assert page.locator("#document-unsaved").count() == 0
    assert Document.get_by_id(draft.id).ordered_lines()[0].quantity == 50000


def test_lines_are_entered_moved_and_pasted_by_keys(page, served):
    """What only a browser can say: the list of products, the focus after it, the order of rows."""
    path = served.paths["documents.update"][0]
    draft = Document.get_by_id(int(path.split("/")[2]))
    product = Product.enter(served.firm.ada, code="Q7", name="Quill", price=1)
    page.goto(path)
    count = page.locator("#lines tr").count()
    page.keyboard.press("Alt+n")
    row = page.locator("#lines tr").nth(count)
    row.locator("[role=combobox]").fill("q7")
    row.get_by_role("option").first.wait_for()
    with page.expect_response(lambda r: "/lines/new" in r.url):
        page.keyboard.press("Tab")
    page.locator("[name=line-quantity]:focus").wait_for()
    page.locator(f"#lines tr:nth-child({count + 1}) [name=line-name]").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.locator("#lines tr.open [name=line-price]").fill("5")  # it is priced in another currency
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+d")
    page.get_by_role("button", name="Paste from Excel").click()
    page.get_by_label("Cells").fill("Advice\t2\thour\t80")
    with page.expect_response(lambda r: "/autosave" in r.url):
        page.get_by_role("button", name="Add lines").click()
    assert page.get_by_text("Not saved yet").is_visible()
    saved(page, path)
    lines = Document.get_by_id(draft.id).ordered_lines()
    names = [(line.name, line.quantity) for line in lines]
    pen = (product.name, 30000)
    assert names[-1] == ("Advice", 20000) and names[-4:-2] == [pen, pen] and names[-2] != pen
