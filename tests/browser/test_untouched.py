"""Forms that are opened and saved in a browser, with its scripts: nothing changes that nobody
touched, and no page claims that something is not saved."""

import pytest

from models.documents import Document
from models.documents.draft import Autosave
from models.people import Session
from tests.firm import Firm
from tests.support import edit_forms
from tests.test_untouched import changed, rows

FORMS = "customers products people levels flows settings documents".split()
SAVE = "form[data-dirty] .form-foot button:not([type=button]), form.form .form-foot button"


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
