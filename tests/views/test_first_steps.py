"""A new firm finds on Today what is left to do; each step ticks itself, and the list goes."""

import datetime as dt
import io
import re

import pytest
from PIL import Image

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow
from models.company import Company
from models.core.clock import at, now
from models.customers import Customer
from models.operations import first_firm, first_steps, test_mail
from models.operations.backup import Place, keys, snapshot
from models.people import User


@pytest.fixture
def ada(app):
    return first_firm.begin("Moon", "en", "EUR", "Ada", "ada@moon.test", "correct horse battery")


def done():
    return [step.key for step in first_steps.steps(Company.current()) if step.done]


def test_each_step_ticks_itself(ada, tmp_path):
    firm = Company.current()
    assert done() == []
    firm.revise(ada, address="1 High Street", tax_id="DE136695976")
    assert done() == ["firm"] and first_steps.steps(firm)[0].facts["checked"]
    firm.revise(ada, settings={"iban": "DE89370400440532013000"})
    assert done() == ["firm", "bank"]
    assert first_steps.steps(firm)[1].facts == {"currencies": ["EUR"]}
    firm.revise(ada, seal=blobs.keep(b"seal"))
    test_mail.send(ada)
    assert "mail" not in done()
    Mail.update(state="sent").execute()
    User.enter(ada, name="Li", email="li@moon.test", roles=["sales"])
    assert done()[2:] == ["look", "mail", "colleagues"]
    Place.add(ada, "Disk", "folder", {"path": str(tmp_path / "disk")}, "")
    keys.note_printed(snapshot.folder())
    Customer.enter(ada, name="Acme", code="A")
    assert done()[5:] == ["backup", "sheet", "data"]


def test_today_says_what_is_left_before_the_first_invoice(ada, sign_in):
    browser = sign_in(ada)
    page = browser.get("/").text
    assert "Welcome, Ada" in page and "3 steps left before your first invoice" in page
    assert 'class="figures' not in page and "0 of 9" in page
    assert re.findall(r'<li id="step-(\w+)" class="now"', page) == ["firm"]
    opened = re.search(r"<details name=\"first-step\" open>.*?</details>", page, re.S)[0]
    assert "Address and tax ID" in opened and 'href="/settings/#company"' in opened
    assert page.count('<details name="first-step">') == 8
    Company.current().revise(
        ada,
        address="1 High Street",
        tax_id="DE136695976",
        settings={"iban": "DE89370400440532013000"},
    )
    page = browser.get("/").text
    assert "One step left before your first invoice" in page and "2 of 9" in page
    Customer.enter(ada, name="Acme", code="A")
    assert "You can create your first invoice" in browser.get("/").text


def test_only_who_can_do_the_steps_sees_them(firm, sign_in):
    assert "first-steps" in sign_in(firm.ada).get("/").text
    assert "first-steps" not in sign_in(firm.li).get("/").text
    assert sign_in(firm.li).post("/first-steps", data={}).status_code == 403


def test_the_list_goes_when_it_is_put_away_or_the_firm_has_worked_for_a_month(firm, sign_in):
    browser = sign_in(firm.ada)
    firm.issued()
    assert "first-steps" in browser.get("/").text
    with at(now() + dt.timedelta(days=31)):
        assert first_steps.shown_to(firm.ada, Company.current()) == []
    assert browser.post("/first-steps").status_code == 303
    assert "first-steps" not in browser.get("/").text
    assert first_steps.shown_to(firm.ada, Company.current()) == []


def test_work_that_waits_stands_above_the_steps(firm, sign_in):
    firm.ada.revise(firm.ada, roles=["admin", "sales"])
    browser = sign_in(firm.ada)
    page = browser.get("/").text
    assert 'id="first-steps"' in page and 'id="work"' not in page
    firm.draft(by=firm.ada)
    page = browser.get("/").text
    assert 0 < page.index('id="work"') < page.index('id="first-steps"')


def test_a_logo_is_chosen_in_its_step(ada, sign_in):
    picture = io.BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "PNG")
    data = {"group": "look", "logo": (io.BytesIO(picture.getvalue()), "logo.png")}
    answer = sign_in(ada).post("/settings/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303 and Company.current().logo and done() == ["look"]


def test_a_demo_is_complete(firm):
    Company.update(demo=True).execute()
    assert first_steps.shown_to(firm.ada, Company.current()) == []


@pytest.mark.parametrize("habit", ["", "y"])
def test_setup_asks_for_the_habit_of_prices(app, client, habit):
    form = {"firm": "Moon", "language": "en", "currency": "EUR", "zone": "Europe/Berlin"}
    form |= {"name": "Ada", "email": "ada@moon.test", "password": "correct horse battery"}
    assert client.post("/setup", data={**form, "prices_include_tax": habit}).status_code == 303
    assert Company.current().setting("prices_include_tax") is bool(habit)


@pytest.mark.parametrize("language, currency", [("zh", "CNY"), ("en", "EUR")])
def test_setup_begins_with_the_language_of_its_page(app, client, language, currency):
    client.set_cookie("language", language)
    page = client.get("/setup").text
    chosen = re.findall(r'<option selected value="(zh|en|[A-Z]{3})"', page)
    assert chosen == [language, currency]


def test_the_first_flows_are_named_in_the_language_of_the_firm(ada):
    names = {flow.name for flow in ApprovalFlow.select()}
    assert names >= {"Small amounts: no approver", "Manager", "Destruction list"}
    assert not any(" / " in name for name in names)
