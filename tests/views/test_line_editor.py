"""The line editor: its rows, its bar, and how it works without script."""

import json

import pypdfium2

from models.documents import Document
from tests.views.test_document_saves import editor, fresh


def typed(part, name):
    """The columns of one row that is a heading or a subtotal."""
    return {"line-part": part, "line-name": name}


def with_rows(data, *rows):
    """What the editor sends with these rows in place of its lines; None is the line it has."""
    columns = [name for name in data if name.startswith("line-")]
    return {
        **data,
        **{
            name: [data[name][0] if row is None else row.get(name, "") for row in rows]
            for name in columns
        },
    }


def test_headings_and_subtotals_are_rows_of_their_own(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    rows = (typed("heading", "Tea"), typed("heading", "Green"), None, typed("subtotal", ""))
    assert browser.post(path, data=with_rows(data, *rows)).status_code == 303
    line = fresh(draft).ordered_lines()[0]
    assert (line.heading, line.subtotal) == ("Tea\nGreen", "小计")
    again = editor(browser, draft)[1]
    assert again["line-part"] == ["heading", "heading", "", "subtotal"]
    assert again["line-name"] == ["Tea", "Green", "钢笔", "小计"]
    assert browser.post(path, data=again).status_code == 303
    assert fresh(draft).version == draft.version + 1
    printed = pypdfium2.PdfDocument(fresh(draft).preview())[0].get_textpage().get_text_range()
    assert "Green" in printed and printed.count("100.00") >= 3


def test_a_heading_without_a_line_is_refused_at_its_row(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    path, data = editor(browser, draft)
    for rows, words in (
        ((None, typed("heading", "Lost")), "A heading needs a line below it."),
        ((typed("subtotal", "Lost"), None), "A subtotal needs a line above it."),
        ((typed("heading", "x" * 501), None), "Too long"),
    ):
        answer = browser.post(path, data=with_rows(data, *rows))
        assert (
            answer.status_code == 422
            and words in answer.text
            and "Please check the marked lines." in answer.text
        )
    assert Document.get_by_id(draft.id).version == draft.version


def test_each_row_is_told_its_amount_while_typing(firm, sign_in):
    draft, browser = firm.draft(), sign_in(firm.li)
    data = editor(browser, draft)[1]
    rows = (typed("heading", "Tea"), None, {}, None, typed("subtotal", "Sum"), typed("", "Free"))
    answer = browser.post(f"/documents/{draft.id}/autosave", data=with_rows(data, *rows))
    told = json.loads(answer.headers["HX-Trigger-After-Swap"])["amounts"]["rows"]
    assert told == ["", "100.00", "100.00", "200.00", ""]
    assert "kept as typed" in answer.text and 'id="bar-total"' in answer.text


def test_the_bar_names_the_approver_and_submits_what_is_saved(firm, sign_in):
    draft, browser = firm.draft(price="9000"), sign_in(firm.li)
    path, data = editor(browser, draft)
    assert "will approve" in browser.get(path).text
    answer = browser.post(path, data={**data, "reference": "PO-7", "then": "submit"})
    assert answer.status_code == 303
    assert (fresh(draft).state, fresh(draft).reference) == ("submitted", "PO-7")


def test_what_cannot_be_submitted_is_saved_all_the_same(firm, sign_in):
    draft, browser = Document.draft(firm.li, "invoice", firm.a), sign_in(firm.li)
    path, data = editor(browser, draft)
    browser.post(path, data={**data, "reference": "PO-7", "then": "submit"})
    assert (fresh(draft).state, fresh(draft).reference) == ("draft", "PO-7")
    assert "note flash warning" in browser.get(f"/documents/{draft.id}").text


def test_without_script_a_code_is_enough_and_lines_are_added_by_saving(firm, sign_in):
    draft, browser = Document.draft(firm.li, "invoice", firm.a), sign_in(firm.li)
    path, data = editor(browser, draft)
    assert data["line-code"] == [""]  # the first row is open
    answer = browser.post(path, data={**data, "line-code": "p1", "then": "more"})
    line = fresh(draft).ordered_lines()[0]
    assert (line.name, line.price, line.product_id) == ("钢笔", 125000, firm.pen.id)
    assert browser.get(answer.location).text.count('name="line-code"') == 2
