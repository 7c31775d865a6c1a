"""How many clicks the daily ways take: clicks and Enter are counted in the browser, and `make
test-all` prints them beside what each may take."""

import datetime as dt
import re

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow
from models.core.clock import at, now
from models.customers import Customer
from models.documents import Document
from models.dunning import Reminder
from models.payments import open_balance
from models.people import User
from models.products import Product
from models.receivables.statement import Statement
from tests.browser.test_statement_walk import firm  # noqa: F401  a fixture
from tests.browser.test_walk import ERRORS, PASSWORD, look_for, press
from tests.support.smtp import deliver

RECORDER = """
addEventListener("pointerdown", () => counted("click"), true);
addEventListener("keydown", (event) => event.key === "Enter" && counted("Enter"), true);
"""
LINK = re.compile(r"http://\S+")


@pytest.fixture
def flows(firm):  # noqa: F811
    for kind in ("order", "invoice"):
        ApprovalFlow.define(firm.ada, kind, 0, ["manager"], priority=10)
    ApprovalFlow.define(firm.ada, "invoice", 0, [], priority=90, conditions={"equals_source": True})


class Way:
    """What people press on the way to a goal, each from the page where they are told of it."""

    def __init__(self, name, most, tell):
        self.name, self.most, self.tell, self.pressed = name, most, tell, []

    def begins(self, page, start):
        page.context.expose_function("counted", lambda how: self.pressed.append(how))
        page.context.add_init_script(RECORDER)
        page.goto(start)
        return page

    def ends(self):
        said = f"{self.name:<45} {len(self.pressed):>2} of {self.most:>2}"
        self.tell("clicks", said)
        assert 0 < len(self.pressed) <= self.most, f"{said}: {self.pressed}"


@pytest.fixture
def way(record_property):
    return lambda name, most: Way(name, most, record_property)


def mailed(mailbox, to):
    deliver()
    mail = [m for m in mailbox.mails if m["To"] == to][-1]
    return LINK.search(mail.get_body(("plain",)).get_content()).group()


def create(page, what, typed, **fields):
    """In the dialog of the page where it is missing: what was typed is not found."""
    look_for(page, page.locator("main [role=combobox]").first, typed)
    page.get_by_role("option", name=what).click()
    for name, value in fields.items():
        page.locator(f"#new-{name}").fill(value)
    page.locator("#creation").get_by_role("button", name="Save").click()
    page.locator("#creation").wait_for(state="hidden")


def test_one_sale_from_the_customer_to_the_payment(firm, flows, way, enter):  # noqa: F811
    clicks = way("one sale, order to paid, with approval", 12)
    li = clicks.begins(enter("li@firm.test"), f"/customers/{firm.a.id}")
    li.locator("main").get_by_role("button", name="New document").click()
    li.locator("input[value=order]").click()
    press(li, "Continue")
    code = li.locator('[name="line-code"]').first
    look_for(li, code, firm.pen.code)
    li.get_by_role("option", name=firm.pen.code).first.wait_for()
    with li.expect_response(lambda answer: "/lines/new" in answer.url):
        code.press("Tab")
    press(li, "Submit for approval")
    li.wait_for_url(re.compile(r"/documents/\d+$"))
    order = Document.get(Document.kind == "order")
    wang = clicks.begins(enter("wang@firm.test"), "/tasks/")
    press(wang, "Approve")
    wang.locator("[data-row]").wait_for(state="detached")
    li.goto(f"/documents/{order.id}")
    press(li, "Issue and send…")
    press(li, "Issue and send")
    press(li, "Create invoice")
    li.wait_for_url("**/issue")
    press(li, "Issue and send")
    li.get_by_text("queued for sending").wait_for()
    invoice = Document.get(Document.kind == "invoice")
    fang = clicks.begins(enter("fang@firm.test"), f"/documents/{invoice.id}")
    press(fang, "Record a payment")
    fang.locator("#amount").wait_for()
    fang.keyboard.press("Enter")
    fang.wait_for_url(f"**/documents/{invoice.id}")
    assert invoice.total and open_balance(invoice) == 0 and ERRORS == []
    clicks.ends()


def test_from_an_approved_order_to_a_paid_invoice(firm, flows, way, enter, mailbox, new_context):  # noqa: F811
    order = firm.issued("order", price="9000", contact=firm.anna)
    clicks = way("invoice out of an approved order", 2)
    li = clicks.begins(enter("li@firm.test"), f"/documents/{order.id}")
    press(li, "Create invoice")
    li.wait_for_url("**/issue")
    press(li, "Issue and send")
    li.get_by_text("queued for sending").wait_for()
    invoice = Document.get(Document.kind == "invoice")
    assert Mail.about(invoice).count() == 1
    clicks.ends()

    clicks = way("customer, from the mail to the document", 1)
    customer = clicks.begins(new_context(locale="en-GB").new_page(), mailed(mailbox, "anna@a.test"))
    press(customer, "Open the document")
    customer.get_by_text("10,170.00").first.wait_for()
    clicks.ends()

    clicks = way("payment of one invoice", 2)
    fang = clicks.begins(enter("fang@firm.test"), f"/documents/{invoice.id}")
    press(fang, "Record a payment")
    fang.locator("#amount").wait_for()
    fang.keyboard.press("Enter")
    fang.wait_for_url(f"**/documents/{invoice.id}")
    assert open_balance(invoice) == 0
    clicks.ends()

    clicks = way("statement", 2)
    fang = clicks.begins(enter("fang@firm.test"), f"/customers/{firm.a.id}")
    press(fang, "Statement of account")
    press(fang, "Create and send")
    fang.get_by_text("Statement queued for sending.").wait_for()
    assert Statement.get().sent_at
    clicks.ends()
    assert ERRORS == []


def test_colleagues_new_records_and_the_first_letter(firm, way, enter, mailbox, new_context):  # noqa: F811
    with at(now() - dt.timedelta(days=70)):
        firm.issued(price="1000", contact=firm.anna)
    clicks = way("several colleagues, invited by mail", 2)
    firm.ada.set_password(PASSWORD, by=firm.ada)
    firm.ada.revise(firm.ada, language="en")
    ada = clicks.begins(enter("ada@firm.test"), "/people/")
    press(ada, "Invite colleagues")
    ada.get_by_label("Salesperson").fill("tom@firm.test, mei@firm.test")
    press(ada, "Send invitations")
    ada.get_by_text("Invitations queued for sending.").wait_for()
    clicks.ends()

    clicks = way("colleague, from the mail to the first page", 1)
    tom = new_context(locale="en-GB").new_page()
    clicks.begins(tom, mailed(mailbox, "tom@firm.test"))
    tom.get_by_label("Your name").fill("Tom Weber")
    tom.get_by_label("New password").fill(PASSWORD)
    press(tom, "Continue")
    tom.get_by_role("navigation").first.wait_for()
    assert User.get(User.email == "tom@firm.test").name == "Tom Weber"
    clicks.ends()

    clicks = way("first letter to a customer", 3)
    fang = clicks.begins(enter("fang@firm.test"), "/reminders/")
    press(fang, "Reminders due")
    fang.get_by_text("then “").first.wait_for()
    press(fang, "Send to selected")
    fang.get_by_role("dialog").get_by_role("button", name="Send").click()
    fang.wait_for_url("**/reminders/")
    assert Reminder.get().level.days == 1
    clicks.ends()

    clicks = way("new customer in the middle of a document", 2)
    li = clicks.begins(enter("li@firm.test"), "/documents/new")
    create(li, "New customer", "Harbour Tea", name="Harbour Tea")
    li.locator("select[name=customer] option", has_text="Harbour Tea").wait_for(state="attached")
    assert Customer.select().where(Customer.name == "Harbour Tea").exists()
    clicks.ends()

    clicks = way("new product in the middle of a document", 2)
    li = clicks.begins(enter("li@firm.test"), f"/documents/{firm.draft().id}/edit")
    create(li, "New product", "T-01", name="Longjing", price="9")
    assert Product.select().where(Product.name == "Longjing").exists()
    clicks.ends()
    assert ERRORS == []
