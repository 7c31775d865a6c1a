"""In a real browser with real mail: a birthday approved, received and opted out; a newcomer trained
into rights; a finding closed; a falling category that becomes a campaign."""

import datetime as dt
import re
import urllib.request

import pytest

from models.adapters.outbox import Mail
from models.care import Occasion, greeting
from models.core.clock import at, now, today
from models.customers import Contact
from models.documents import Document
from models.governance import Finding, Requirement, check, course
from models.insights.acts import Act
from models.operations import checks
from models.people import Session, User
from models.products import Product
from tests.firm import Firm
from tests.support.smtp import deliver


@pytest.fixture
def firm(served):
    return Firm()


@pytest.fixture
def enter(browser, portal, firm):
    def inside(person):
        context = browser.new_context(base_url=portal, locale="en-GB")
        context.add_cookies(
            [
                {"name": "danju_sid", "value": Session.start(person), "url": portal},
                {"name": "language", "value": "en", "url": portal},
            ]
        )
        page = context.new_page()
        page.set_default_timeout(15000)
        return page

    return inside


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def test_a_birthday_batch_is_approved_received_and_opted_out(browser, portal, mailbox, firm, enter):
    firm.anna.revise(firm.li, birthday=today().replace(year=1988), language="en")
    Occasion.configure(firm.ada, "birthday", True, 7)
    batch = greeting.prepare()[0]
    assert greeting.send_due(portal) == 0
    wang = enter(firm.wang)
    wang.goto("/greetings/")
    wang.get_by_role("link", name="Birthdays").click()
    wang.get_by_text("Happy birthday").first.wait_for()
    press(wang, "Approve for sending on the day")
    wang.get_by_text("The greetings are sent on their date").wait_for()
    assert greeting.send_due(portal) == 1
    deliver()
    mail = next(m for m in mailbox.mails if m["To"] == "anna@a.test")
    text = mail.get_body(("plain",)).get_content()
    assert (
        mail["Subject"] == "Happy birthday"
        and "Dear Anna" in text
        and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    link = re.search(r"http://\S+/no-more-greetings/\S+", text).group()
    assert f"<{link}>" == mail["List-Unsubscribe"].replace("\n", "").replace(" ", "")
    reader = browser.new_context().new_page()
    reader.goto(link)
    assert Contact.get_by_id(firm.anna.id).greetings_off_at is None  # looking changes nothing
    press(reader, "No more greetings")
    reader.get_by_text("you are unsubscribed from greetings and surveys").wait_for()
    assert Contact.get_by_id(firm.anna.id).greetings_off_at is not None
    with at(now() + dt.timedelta(days=365)):
        assert [b for b in greeting.prepare() if b.id != batch.id] == [] and checks.faults() == []


def test_a_mail_programs_one_click_needs_no_form_token(portal, firm):
    from models.care import OptOutLink

    link = f"{portal}/no-more-greetings/{OptOutLink.make(firm.bob)}"
    with urllib.request.urlopen(
        urllib.request.Request(link, data=b"List-Unsubscribe=One-Click")
    ) as answer:
        assert answer.status == 200
    assert Contact.get_by_id(firm.bob.id).greetings_off_at is not None


def test_a_newcomer_is_trained_passes_and_gets_the_rights(portal, firm, enter):
    Requirement.define(firm.ada, "sales", "course-sales", blocks=True, days=14, valid_months=12)
    zhou = User.enter(
        firm.ada,
        name="Zhou",
        email="zhou@firm.test",
        roles=["sales"],
        language="en",
        team=firm.li.team,
    )
    page = enter(zhou)
    answer = page.goto("/documents/new")
    assert (
        answer.status == 403
        and page.get_by_text("permissions are paused until you pass the course").first.is_visible()
    )
    page.goto("/training/")
    page.get_by_role("link", name="Sales: from quote to receipt").click()
    page.get_by_text("Data first, then documents").wait_for()
    questions = course.course("course-sales", "en").questions
    for wrong in (True, False):
        for i, question in enumerate(questions):
            place = (question.right + 1) % len(question.answers) if wrong else question.right
            page.locator(f'input[name="question-{i}"][value="{place}"]').check()
        press(page, "Submit answers")
        page.get_by_text("not passed yet" if wrong else "Passed with 100%").wait_for()
    assert page.get_by_role("button", name=re.compile("Certificate of training TC-")).count() == 1
    assert page.goto("/documents/new").status == 200 and User.get_by_id(zhou.id).may("write")


def test_a_finding_goes_from_found_to_closed(portal, firm, enter):
    firm.issued("delivery_note", price="10")
    Document.update(issued_on=today() - dt.timedelta(days=8)).execute()
    check.run()
    row = Finding.get(Finding.rule == "delivered_not_invoiced")
    li, wang = enter(firm.li), enter(firm.wang)
    li.goto("/findings/")
    li.get_by_role("link", name="Delivered but not invoiced").click()
    li.get_by_label("Correction").fill("Invoiced today")
    press(li, "Mark as fixed")
    wang.goto(f"/findings/{row.id}")
    press(wang, "Close")
    wang.get_by_text("The check still finds this").first.wait_for()
    Document.get(Document.kind == "delivery_note").convert(firm.li, "invoice")
    wang.goto(f"/findings/{row.id}")
    wang.get_by_label("Note").fill("Seen the invoice")
    press(wang, "Close")
    wang.get_by_text("Seen the invoice").first.wait_for()
    assert Finding.get_by_id(row.id).state == "closed"


def test_a_tap_in_the_mail_is_a_score(browser, portal, mailbox, firm):
    from models.care import Survey

    Survey.ask(firm.bob, "dispute", "dispute-1", base_url=portal)
    deliver()
    html = (
        next(m for m in mailbox.mails if m["To"] == "bob@b.test").get_body(("html",)).get_content()
    )
    link = re.search(r'href="(http[^"]+score=9)"', html).group(1)
    page = browser.new_context().new_page()
    page.goto(link)
    assert Survey.get().score is None
    page.get_by_label("What did we do well").fill("Fast")
    page.get_by_role("button", name="9", exact=True).click()
    page.get_by_text("Thank you for your rating: 9 out of 10").wait_for()
    assert (Survey.get().score, Survey.get().comment) == (9, "Fast")


def sale(firm, customer, product, price, days):
    with at(now() - dt.timedelta(days=days)):
        paper = Document.draft(
            firm.li, "invoice", customer, [{**firm.line(price), "product": product.id}]
        )
        paper.submit(by=firm.li)
        firm.approve_all(paper)
        Document.get_by_id(paper.id).issue(by=firm.li)


def test_a_falling_category_leads_to_a_campaign_and_to_what_came_of_it(
    browser, portal, mailbox, firm, enter
):
    tea = Product.enter(
        firm.li, code="T1", name="绿茶", unit="kg", price=80000, category="茶", tax=firm.tax
    )
    firm.anna.revise(firm.li, language="en")
    firm.amin.revise(firm.li, email="")
    for days in (600, 560, 520, 480):
        sale(firm, firm.a, tea, "3000", days)
    sale(firm, firm.a, firm.pen, "50", 12)  # still a customer, but buys no tea any more
    page = enter(firm.li)
    page.goto("/insights/weak")
    page.get_by_role("heading", name="Why: 茶").wait_for()
    page.locator("a.figure").filter(has_text="Customers lost").click()
    page.get_by_role("link", name=re.compile("INV-")).first.wait_for()
    assert page.locator(".figure[aria-current] .figure-value").inner_text() == "1"
    page.goto("/insights/acts/")
    proposal = page.locator("#weak")
    proposal.get_by_text("茶 fell from").wait_for()
    proposal.get_by_text("What exactly").click()
    proposal.get_by_label("Subject").fill("The new spring tea")
    proposal.get_by_label("Email text").fill("It has arrived. Shall we send you a sample?")
    proposal.get_by_role("button", name="Preview message").click()
    page.get_by_text("Shall we send you a sample?").wait_for()
    assert (
        not Act.select().exists() and not Mail.select().where(Mail.template == "campaign").exists()
    )
    press(page, "Write email")
    page.get_by_text("0 of 1 sent").wait_for()
    deliver()
    mail = next(m for m in mailbox.mails if m["To"] == "anna@a.test")
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "The new spring tea" and "Shall we send you a sample?" in text
    way_out = re.search(r"http://\S+/no-more-greetings/\S+", text).group()
    act = Act.get()
    Act.update(decided_at=now() - dt.timedelta(days=10)).where(Act.id == act.id).execute()
    sale(firm, firm.a, tea, "700", 3)
    page.goto(f"/insights/acts/{act.id}")
    page.get_by_text("1 of 1 sent").wait_for()
    row = page.get_by_role("row").filter(has_text="Acted on")
    assert [cell for cell in row.inner_text().split() if "." in cell] == [
        "50.00",
        "700.00",
        "650.00",
    ]
    assert "Previous 10 days" in page.content() and "Next 10 days" in page.content()
    reader = browser.new_context().new_page()
    reader.goto(way_out)
    press(reader, "No more greetings")
    assert Contact.get_by_id(firm.anna.id).greetings_off_at is not None
