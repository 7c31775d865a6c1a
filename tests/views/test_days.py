"""Dates are read as people write them, in forms and in addresses."""

import datetime as dt

import pytest

from models.core.clock import at, today
from models.documents import Document
from tests.views.test_document_saves import editor, fresh
from views.web.days import read_day

NOW = dt.datetime(2026, 11, 20, 4)
READ = {
    "2026-11-29": (2026, 11, 29),
    " 20261129 ": (2026, 11, 29),
    "2026/11/9": (2026, 11, 9),
    "2026年11月29日": (2026, 11, 29),
    "11月29日": (2026, 11, 29),
    "29": (2026, 11, 29),
    "29.11": (2026, 11, 29),
    "29.11.": (2026, 11, 29),
    "3.4.": (2026, 4, 3),
    "11/29": (2026, 11, 29),
    "11-29": (2026, 11, 29),
    "29.11.27": (2027, 11, 29),
    "２９.１１.": (2026, 11, 29),
    "+30": (2026, 12, 20),
    "-1": (2026, 11, 19),
    "Today": (2026, 11, 20),
    "明天": (2026, 11, 21),
    "31": None,
    "29.13.": None,
    "30.2.": None,
    "1899-12-31": None,
    "3000-01-01": None,
    "+99999": None,
    "2²": None,
    "tea": None,
    "1-2-3-4": None,
    "": None,
}


@pytest.mark.parametrize("text", READ)
def test_a_date_is_read_as_people_write_it(text):
    with at(NOW):
        assert read_day(text) == (READ[text] and dt.date(*READ[text]))


def test_the_month_comes_first_where_the_reader_is_chinese(app):
    with at(NOW), app.test_request_context("/", headers={"Accept-Language": "zh"}):
        assert read_day("3.4") == dt.date(2026, 3, 4) and read_day("29.11") == dt.date(2026, 11, 29)


def test_a_form_takes_the_words_and_keeps_what_it_cannot_read(firm, sign_in):
    draft, browser = Document.draft(firm.li, "order", firm.a, [firm.line()]), sign_in(firm.li)
    path, data = editor(browser, draft)
    refused = browser.post(path, data={**data, "delivery_on": "soon"})
    assert refused.status_code == 422 and 'value="soon"' in refused.text
    assert 'id="delivery_on-error"' in refused.text
    browser.post(path, data={**data, "delivery_on": "+30", "chosen_date": "today"})
    kept = fresh(draft)
    assert (kept.delivery_on, kept.chosen_date) == (today() + dt.timedelta(30), today())


def test_a_field_asks_the_server_what_was_typed(firm, app):
    browser = app.test_client()
    assert browser.get("/day?text=29.11.2026").text == "2026-11-29"
    assert browser.get("/day?text=soon").text == "" == browser.get("/day").text
