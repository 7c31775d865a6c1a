"""A statement goes out, the customer differs on a line, the dispute becomes a credit note, the
statement is made anew and signed."""

import datetime as dt
import io
import re

import pypdfium2
import pytest

from models.core.clock import today
from models.disputes import Dispute
from models.documents import Document
from models.operations import checks
from models.payments import open_balance
from models.receivables.statement import Statement
from tests.browser.test_walk import ERRORS, PASSWORD, press, shoot
from tests.firm import Firm
from tests.support.smtp import deliver


@pytest.fixture
def firm(portal):
    made = Firm()
    for person in (made.wang, made.li, made.fang, made.anna):
        person.set_password(PASSWORD, by=made.ada)
        person.revise(made.ada if person.roles else made.li, language="en")
    return made


def freeze_and_send(page, firm):
    """The statement of the last ten days, frozen and sent; its address in the portal as the mail
    names it."""
    since, until = today() - dt.timedelta(days=10), today()
    page.goto(f"/statements/new?customer={firm.a.id}&since={since}&until={until}")
    press(page, "Create and send")
    page.get_by_text("Statement queued for sending.").wait_for()


def come_by_link(page, mailbox, to):
    """By the mail of the statement, and write the name to sign with."""
    deliver()
    mail = [m for m in mailbox.mails if m["To"] == to and "statement" in m["Subject"].lower()][-1]
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]
    page.goto(re.search(r"http://\S+/d#\S+", mail.get_body(("plain",)).get_content())[0])
    press(page, "Open the document")
    page.locator('[name="name"]').fill("Anna")


def test_statement_difference_dispute_credit_note_and_the_new_statement_signed(
    firm, mailbox, enter
):
    invoice = firm.issued(price="1000")
    fang, anna = enter("fang@firm.test"), None
    freeze_and_send(fang, firm)
    anna = enter("anna@a.test")
    come_by_link(anna, mailbox, "anna@a.test")
    anna.locator("details.reveal summary").first.click()
    anna.locator('[name="mark-0"]').check()
    anna.locator('[name="amount-0"]').fill("1,017.00")
    anna.locator('[name="reason-0"]').fill("Ten percent were agreed")
    shoot(anna, "statement-differs")
    press(anna, "Sign the statement")
    anna.get_by_text("A signed copy is available").wait_for()

    li = enter("li@firm.test")
    li.goto("/disputes/")
    li.get_by_role("link", name=Dispute.get().number).first.press("Enter")
    li.locator("summary", has_text="Reduce the price").click()
    form = li.locator("details[open] form")
    assert form.locator('[name="amount"]').input_value() == "113.00"
    form.locator('[name="text"]').fill("You are right; a credit note follows.")
    form.locator("button").click()
    note = Dispute.get().credit_note
    shoot(li, "dispute-answered")
    li.goto(f"/documents/{note.id}")
    li.get_by_role("button", name="Issue and send…").click()
    press(li, "Issue only")
    li.get_by_text("CN-").first.wait_for()
    assert open_balance(Document.get_by_id(invoice.id)) == 101700

    freeze_and_send(fang, firm)
    anna.goto(f"/portal/disputes/{Dispute.get().id}")
    press(anna, "Accept and close")
    anna.get_by_text("Resolved").first.wait_for()
    come_by_link(anna, mailbox, "anna@a.test")
    anna.locator("main").get_by_text("1,017.00").first.wait_for()
    press(anna, "Sign the statement")
    anna.get_by_text("A signed copy is available").wait_for()
    shoot(anna, "statement-agreed")
    first, second = Statement.select().order_by(Statement.id)
    assert (first.state, second.state, second.closing, Dispute.get().state) == (
        "replaced",
        "agreed",
        101700,
        "settled",
    )
    with pypdfium2.PdfDocument(io.BytesIO(second.latest_pdf())) as paper:
        text = "".join(page.get_textpage().get_text_range() for page in paper)
    assert "Anna" in text and Document.get_by_id(note.id).number in text and "1,017.00" in text
    fang.goto("/statements/")
    assert (
        fang.get_by_text("Agreed").first.is_visible()
        and fang.get_by_text("Discrepancy").first.is_visible()
    )
    assert checks.faults() == [] and ERRORS == []
