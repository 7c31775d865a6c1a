"""The firm's time zone, and the language and currency that new rows begin with."""

import datetime as dt
import re

import pytest

from models.company import Company
from models.core.clock import at, today
from tests.valid_forms.firm import COMPANY, PASSWORD
from views.forms import ZONES

TYPED = {"firm": "Acme", "name": "Ada", "email": "a@b.test", "password": PASSWORD, **COMPANY}


def test_setup_takes_the_zone_that_is_chosen(app, client):
    assert "data-own-zone" in client.get("/setup").text
    assert client.post("/setup", data={**TYPED, "zone": "Moon/Sea"}).status_code == 422
    assert Company.current() is None
    assert client.post("/setup", data={**TYPED, "zone": "America/New_York"}).status_code == 303
    assert Company.current().zone == "America/New_York"


def test_the_day_follows_the_zone_of_the_settings(firm, sign_in):
    form = {"name": Company.current().name, "shown": "{}", "zone": "America/New_York"}
    answer = sign_in(firm.ada).post("/settings/", data={**form, "fiscal_month": "1"})
    assert (answer.status_code, Company.current().zone) == (303, "America/New_York")
    with at(dt.datetime(2027, 1, 1, 1, 0)):
        assert today() == dt.date(2026, 12, 31)


def test_every_zone_can_be_chosen_and_none_is_the_machines_own():
    names = [choice.value for choice in ZONES]
    assert {"UTC", "Asia/Shanghai", "America/New_York"} <= set(names) and "localtime" not in names


@pytest.mark.parametrize("page", ["customers", "products", "people"])
def test_a_new_row_begins_with_the_language_and_currency_of_the_firm(firm, sign_in, page):
    Company.update(language="en", currency="EUR").execute()
    text = sign_in(firm.ada).get(f"/{page}/new").text
    chosen = re.findall(r'<option selected value="(zh|en|[A-Z]{3})"', text)
    assert chosen and set(chosen) <= {"en", "EUR"}
