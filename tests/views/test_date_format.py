"""Dates look as the company wrote in its settings, wherever people read them, and are read so."""

import datetime as dt
import re
from html.parser import HTMLParser

import pypdfium2
import pytest
from flask_babel import force_locale

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, today
from models.core.dates import FORMATS, pattern, written
from models.documents import Document
from tests.views.test_document_saves import editor, fresh
from views.web.days import read_day

DAY = dt.date(2026, 4, 3)
WRITTEN = {
    ("iso", "en"): "2026-04-03",
    ("dots", "en"): "03.04.2026",
    ("slashes", "en"): "03/04/2026",
    ("american", "en"): "04/03/2026",
    ("month", "en"): "3 Apr 2026",
    ("month", "zh"): "2026年4月3日",
    ("", "en"): "3 Apr 2026",
    ("", "zh"): "2026-04-03",
}
ISO = re.compile(r"20\d\d-\d\d-\d\d")
PAGES = (
    "/",
    "/documents/",
    "/documents/1",
    "/documents/1?tab=history",
    "/customers/1",
    "/customers/1?tab=history",
    "/payments/",
    "/receivables/",
    "/statements/",
    "/reminders/",
    "/follow-ups/",
    "/journal/",
    "/insights/",
    "/calendar/",
    "/search/?q=INV",
)


@pytest.mark.parametrize("form, language", WRITTEN)
def test_each_format_writes_a_date_and_reads_it_back(firm, app, form, language):
    Company.update(settings={"date_format": form}).execute()
    text = written(DAY, pattern(form, language))
    assert text == WRITTEN[form, language]
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert read_day(text) == read_day("2026-04-03") == DAY


@pytest.mark.parametrize(
    "form, day", [("dots", (4, 3)), ("slashes", (4, 3)), ("american", (3, 4)), ("", (3, 4))]
)
def test_a_doubtful_date_is_read_as_the_company_writes_it(firm, app, form, day):
    Company.update(settings={"date_format": form}).execute()
    with at(dt.datetime(2026, 11, 20, 4)), app.test_request_context("/"), force_locale("zh"):
        assert read_day("3/4/2026") == dt.date(2026, *day) == read_day("3/4")
        assert read_day("29/11/2026") == dt.date(2026, 11, 29) == read_day("11/29/2026")


@pytest.mark.parametrize(
    "text", ["30 Nov 2026", "30 november", "Nov 30, 2026", "nov 30", "30 Nov."]
)
def test_a_month_may_be_written_as_a_word(text):
    with at(dt.datetime(2026, 11, 20, 4)):
        assert read_day(text) == dt.date(2026, 11, 30)


class Seen(HTMLParser):
    """What one sees, and the values of date fields."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.fields, self.hidden = [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.hidden += tag in ("script", "style")
        if tag == "input" and (attrs.get("type") == "date" or "data-day" in attrs):
            self.fields += [attrs["value"]] if attrs.get("value") else []

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.texts.append(data)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_another_format(firm, sign_in, path):
    firm.issued(price="10")
    Company.update(settings={"date_format": "dots"}).execute()
    page = sign_in(firm.ada).get(path)
    assert page.status_code == 200
    seen = Seen(page.text)
    wrong = [text for text in seen.texts if ISO.search(re.sub(r"e\.g\..*|Exported.*", "", text))]
    assert wrong == []
    assert all(ISO.fullmatch(value) for value in seen.fields)


def test_documents_and_emails_keep_the_format_of_their_day(firm):
    Company.update(settings={"date_format": "dots"}).execute()
    invoice = firm.issued(price="10")
    Company.update(settings={"date_format": "american"}).execute()
    page = pypdfium2.PdfDocument(invoice.pdf_bytes())[0].get_textpage().get_text_range()
    assert f"{today():%d.%m.%Y}" in page and not ISO.search(page)
    invoice.send(firm.li, [firm.anna], key="k", base_url="http://x.test")
    text = Mail.select().order_by(Mail.id.desc()).get().compose().get_body(("plain",))
    assert f"{invoice.due_on:%m/%d/%Y}" in text.get_content()


def test_a_date_field_sent_as_it_is_shown_changes_nothing(firm, sign_in):
    draft = Document.draft(firm.li, "order", firm.a, [firm.line()], delivery_on=DAY)
    Company.update(settings={"date_format": "dots"}).execute()
    browser = sign_in(firm.li)
    path, data = editor(browser, draft)
    assert data["delivery_on"] == ["2026-04-03"]
    browser.post(path, data={**data, "delivery_on": "03.04.2026"})
    assert fresh(draft).delivery_on == DAY and fresh(draft).version == draft.version


def test_the_company_chooses_its_format(firm, sign_in):
    ada = sign_in(firm.ada)
    ada.post("/settings/", data={"date_format": "slashes", "group": "region"})
    assert Company.current().setting("date_format") == "slashes"
    assert 'data-text-dates="dd/mm/yyyy"' in ada.get("/").text
    assert set(FORMATS) == {form for form, _language in WRITTEN if form}
