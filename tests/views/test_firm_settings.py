"""The firm's time zone, and the language and currency that new rows begin with."""

import datetime as dt
import re

import pytest

from models.approvals import ApprovalFlow
from models.approvals.delegation import Delegation
from models.company import Company
from models.core.clock import at, today
from models.customers import Customer
from models.imports.importing import Import
from models.people import User
from models.products import Product
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


def test_what_is_entered_without_them_takes_the_language_and_currency_of_the_firm(firm):
    Company.update(language="en", currency="EUR").execute()
    customer = Customer.enter(firm.ada, name="Nord GmbH", code="N")
    assert (customer.language, customer.currency) == ("en", "EUR")
    assert Product.enter(firm.ada, code="N", name="Nail").currency == "EUR"
    user = User.enter(firm.ada, name="Eva", email="eva@firm.test", roles=["sales"])
    assert user.language == "en"
    day = today()
    assert Delegation.arrange(firm.li, firm.li, firm.chen, day, day, most=100).currency == "EUR"
    assert ApprovalFlow.define(firm.ada, "quote", least=100, steps=["manager"]).currency == "EUR"
    imported = Import.upload(firm.ada, "products", "p.csv", b"code,name,price\nX,Nut,1\n")
    assert imported.options["currency"] == "EUR" and imported.options["language"] == "en"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", ["products", "customers"])
def test_an_exported_list_is_read_again_without_a_change(firm, sign_in, page, language):
    firm.pen.revise(firm.ada, name_en="Fountain pen", unit_en="pc")
    browser = sign_in(firm.ada)
    browser.post("/language", data={"language": language})
    file = browser.get(f"/{page}/export.xlsx").data
    row = Import.upload(firm.ada, page, f"{page}.xlsx", file)
    heads, rows = row.table().heads, row.table().rows
    assert page == "customers" or {"Fountain pen", "pc"} <= set(rows[0][1])
    assert [heads[i] for i in range(len(heads)) if str(i) not in row.mapping] == []
    plan = row.plan().compute()
    assert plan.faults == [] and plan.counts["same"] == len(plan.steps) > 0
