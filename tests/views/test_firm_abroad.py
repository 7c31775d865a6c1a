"""A company outside China meets no Chinese habits, and no "(English)" where all is English."""

import datetime as dt
import re

import pytest

from models.approvals.deadline import due_after, special_days
from models.archive import RetentionRule
from models.archive.folder import classes
from models.company import Company
from models.core.errors import Refused
from models.dunning import ReminderLevel
from models.products import Product

HABITS = re.compile(
    r"[\u4e00-\u9fff]|\(English\)|Chinese|China|CNAPS|fapiao|pinyin|Spring Festival|Dragon Boat"
)
PAGES = (
    "/settings/",
    "/settings/documents",
    "/settings/money",
    "/tax-rates/new",
    "/tax-rates/",
    "/calendar/",
    "/products/new",
    "/customers/new",
    "/customers/1/contacts/new",
    "/reminders/levels/new",
    "/greetings/occasions",
    "/handbook/new",
    "/archive/",
    "/archive/rules/",
    "/archive/retention/",
    "/search/",
)


@pytest.fixture
def abroad(firm):
    """The firm of the tests moved to London."""
    Company.update(language="en", currency="GBP", zone="Europe/London", name="Smith Ltd").execute()
    firm.a.update(name="Smith").execute()
    for cls in (type(firm.a), type(firm.ada), type(firm.pen), type(firm.tax)):
        for row in cls.select():
            cls.update(name=f"N{row.id}").where(cls.id == row.id).execute()
    return firm


def words_of(page):
    """What stands on the page without the switch of the language and the choice of one."""
    text = re.sub(r"(?s)<form[^>]*/language.*?</form>|<option[^>]*>中文</option>", "", page)
    return re.sub(r"(?s)<script.*?</script>", "", text)


@pytest.mark.parametrize("path", PAGES)
def test_a_company_abroad_meets_no_chinese_habits(abroad, sign_in, path):
    page = sign_in(abroad.zhao if path.startswith("/archive") else abroad.ada).get(path)
    assert page.status_code == 200
    assert HABITS.findall(words_of(page.text)) == []


@pytest.mark.parametrize(
    "path, words",
    [
        ("/settings/", "Company name (English)"),
        ("/settings/money", "CNAPS"),
        ("/calendar/?year=2026", "National Day"),
        ("/customers/1/contacts/new", "Chinese calendar"),
        ("/greetings/occasions", "Spring Festival"),
    ],
)
def test_a_company_in_china_keeps_its_habits(firm, sign_in, path, words):
    assert words in sign_in(firm.ada).get(path).text


def test_holidays_abroad_are_those_that_the_company_enters(abroad):
    assert special_days() == {}
    works = due_after(dt.datetime(2026, 10, 1, 9), 1)  # China's National Day
    assert works.date() == dt.date(2026, 10, 1)


def test_english_texts_entered_before_are_still_shown(abroad, sign_in):
    Product.update(name_en="Pen").execute()
    page = sign_in(abroad.ada).get(f"/products/{abroad.pen.id}/edit").text
    assert "Name (English)" in page and "Unit (English)" not in page


def test_a_reminder_level_abroad_needs_no_chinese(abroad, sign_in):
    ada = sign_in(abroad.ada)
    data = {"days": "99", "title_en": "Last", "text_en": "Please pay."}
    assert ada.post("/reminders/levels/new", data=data).status_code == 303
    level = ReminderLevel.get(days=99)
    assert level.title("zh") == level.title("en") == "Last"


def test_china_s_archive_rules_bind_only_there(firm):
    assert "einvoice" in classes() and RetentionRule.of("invoice").least == 30
    with pytest.raises(Refused, match="retention_least"):
        RetentionRule.define(firm.zhao, "invoice", 10)
    Company.update(language="en", currency="GBP", zone="Europe/London").execute()
    assert "einvoice" not in classes()
    RetentionRule.define(firm.zhao, "invoice", 10)


@pytest.mark.parametrize(
    "tax_id, there, here",
    [
        ("91110000MA0000000X", True, False),
        ("12-3456789", True, False),
        ("DE136695976", False, False),
        ("DE136695977", True, True),
        ("", False, False),
    ],
)
def test_a_foreign_tax_id_is_doubted_only_where_we_can_tell(firm, tax_id, there, here):
    firm.a.tax_id = tax_id
    assert firm.a.tax_id_doubtful == there
    Company.update(language="en", currency="GBP", zone="Europe/London").execute()
    assert firm.a.tax_id_doubtful == here
