"""The whole job in a real browser: from the first page to the reminder in the customer's portal."""

import datetime as dt
import io
import os
import re
from pathlib import Path

import pypdfium2
import pytest

from models import dunning
from models.core.clock import at, now
from models.operations import checks
from tests.support.smtp import deliver

PASSWORD = "correct horse battery"
PICTURES = os.environ.get("PICTURES")
ERRORS = []


def shoot(page, name):
    """Both widths; waits for the styles, then no sideways scrolling on a phone. Kept as the
    manual's pictures with PICTURES=folder."""
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
        page.wait_for_load_state()
        for _ in range(100):  # wait_for_function would ask by eval, which the page forbids
            if page.evaluate(
                "w => !!document.querySelector('main')"
                " && document.documentElement.scrollWidth <= w",
                width,
            ):
                break
            page.wait_for_timeout(100)
        else:
            raise AssertionError(f"{name} is wider than {width}")
    page.set_viewport_size({"width": 1280, "height": 900})


def press(page, name):
    """Once the scripts have run: a button that they serve does nothing before."""
    button = page.get_by_role("button", name=name, exact=True).first
    button.wait_for()
    page.wait_for_load_state()
    button.click()


def look_for(page, box, typed):
    """Type into a box that answers with a list, once its script runs."""
    box.wait_for()
    page.wait_for_load_state()
    box.fill(typed)


@pytest.fixture
def new_context(browser, portal):
    """Opens contexts and closes them before their portal stops: the page of one test that still
    polls it would be an error of the next test."""
    opened = []
    ERRORS.clear()

    def new(**how):
        opened.append(browser.new_context(base_url=portal, **how))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def enter(portal, new_context):
    def inside(email):
        context = new_context(locale="en-GB")
        context.add_cookies([{"name": "language", "value": "en", "url": portal}])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on(
            "console", lambda m: m.type == "error" and "40" not in m.text and ERRORS.append(m.text)
        )
        page.on("pageerror", lambda e: ERRORS.append(str(e)))
        page.goto("/sign-in")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        return page

    return inside


def colleague(page, name, mail, role):
    page.goto("/people/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email address").fill(mail)
    page.locator("#language").select_option("en")
    page.get_by_label(f"{role}:").check()
    page.get_by_label("First password").fill(PASSWORD)
    press(page, "Save")


def code_in(mail):
    return re.search(r"http://\S+", mail.get_body(("plain",)).get_content()).group()


def test_from_the_first_page_to_the_reminder(browser, portal, mailbox, enter):
    page = browser.new_context(locale="en-GB", base_url=portal).new_page()
    page.goto("/")
    page.get_by_label("Company name").first.fill("Huaxin Trading")
    page.locator("#language").select_option("en")
    page.locator("#currency").select_option("CNY")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Your email address").fill("ada@firm.test")
    page.get_by_label("Password").fill("short")
    press(page, "Get started")
    assert page.get_by_label("Company name").first.input_value() == "Huaxin Trading"
    page.get_by_label("Password").fill(PASSWORD)
    shoot(page, "setup")
    press(page, "Get started")
    page.wait_for_url("**/")
    for row in (
        ("Wang", "wang@firm.test", "Manager"),
        ("Fang", "fang@firm.test", "Finance"),
        ("Li", "li@firm.test", "Salesperson"),
    ):
        colleague(page, *row)

    li = enter("li@firm.test")
    li.goto("/products/new")
    li.get_by_label("Code").fill("T-01")
    li.get_by_label("Name").first.fill("龙井茶 Longjing")
    li.get_by_label("Price").fill("168")
    press(li, "Save")
    li.goto("/customers/new")
    li.get_by_label("Name", exact=False).first.fill("杭州西湖茶业 West Lake Tea")
    li.locator("#language").select_option("en")
    press(li, "Save")
    li.locator("#customer-people").get_by_role("link", name="Add").click()
    li.locator("#name").fill("Anna")
    li.locator("#email").fill("anna@tea.test")
    press(li, "Save")
    shoot(li, "customer")
    li.locator("main").get_by_role("button", name="New document").click()
    li.locator("input[value=order]").check()
    press(li, "Continue")
    look_for(li, li.locator('[name="line-code"]'), "T-01")
    with li.expect_response(lambda r: "/lines/new" in r.url):
        li.locator('[name="line-code"]').press("Tab")
    li.locator('[name="line-quantity"]').fill("100")
    with li.expect_response(lambda r: "/autosave" in r.url):
        li.locator('[name="line-quantity"]').press("Tab")
    li.get_by_text("18,984.00").first.wait_for()
    shoot(li, "editor")
    press(li, "Save")
    shoot(li, "draft")
    press(li, "Submit")
    order = li.url
    for mail in ("wang@firm.test", "fang@firm.test"):
        approver = enter(mail)
        approver.goto("/tasks/")
        approver.get_by_role("link", name="West Lake Tea").first.click()
        shoot(approver, "task")
        press(approver, "Approve")
    li.goto(order)
    li.get_by_role("button", name="Issue and send…").click()
    press(li, "Issue only")
    press(li, "Create invoice")
    press(li, "Save")
    press(li, "Submit")
    for mail in ("wang@firm.test", "fang@firm.test"):
        approver = enter(mail)
        approver.goto("/tasks/")
        approver.get_by_role("link", name="West Lake Tea").first.click()
        press(approver, "Approve")
    li.reload()
    li.get_by_role("button", name="Issue and send…").click()
    shoot(li, "mail")
    press(li, "Issue and send")
    li.get_by_text("INV-").first.wait_for()
    shoot(li, "invoice")
    li.get_by_role("navigation").get_by_role("link", name="Customers").first.click()
    li.get_by_role("link", name="West Lake Tea").first.click()
    li.locator("#customer-tabs").get_by_role("link", name="Contacts").click()
    press(li, "Invite to the portal")
    deliver()
    to_anna = [m for m in mailbox.mails if m["To"] == "anna@tea.test"]
    assert {len(list(m.iter_attachments())) for m in to_anna} == {0, 1}
    link = next(code_in(m) for m in to_anna if "invitation" in m.get_body(("plain",)).get_content())

    anna = browser.new_context(locale="en-GB", base_url=portal, accept_downloads=True).new_page()
    anna.goto(link)
    assert "code=" not in anna.url
    anna.get_by_label("New password").fill(PASSWORD)
    press(anna, "Continue")
    anna.wait_for_url("**/portal/")
    shoot(anna, "portal")
    anna.get_by_role("link", name="INV-").first.click()
    shoot(anna, "portal-document")
    with anna.expect_download() as got:
        anna.locator("main").get_by_role("button", name="PDF", exact=True).click()
    data = Path(got.value.path()).read_bytes()
    text = "".join(
        p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(io.BytesIO(data))
    )
    assert "Huaxin Trading" in text and "18,984.00" in text and "龙井茶" in text
    anna.goto(link)
    assert anna.get_by_text("was already used").first.is_visible()
    with at(now() + dt.timedelta(days=40)):
        assert len(dunning.run_due(portal)) == 1
        deliver()
    assert any("reminder" in m["Subject"] for m in mailbox.mails)
    anna.goto("/portal/reminders/")
    anna.get_by_role("link", name="RM-").wait_for()
    assert checks.faults() == [] and ERRORS == []
