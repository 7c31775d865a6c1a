"""The link in the mail of a statement opens that statement, and nothing else."""

import pytest

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import today
from models.core.journal import Event
from models.disputes import Dispute
from models.documents import DocumentLink
from models.documents.link import fresh_links
from models.receivables.statement import Statement
from tests.firm import KEY
from tests.views.test_links import press


@pytest.fixture
def statement(firm):
    firm.invoice = firm.issued(price="100")
    row = Statement.make(firm.fang, firm.a, "CNY", today(), today())
    row.send(firm.fang, [firm.anna])
    row.keep_pdf("pdf_sha256")
    return Statement.get_by_id(row.id)


@pytest.fixture
def visit(app, firm, statement):
    """(browser, path) of who came by the link of Anna's mail."""
    code = DocumentLink.make(statement, firm.anna)[1]
    browser = app.test_client()
    browser.set_cookie("language", "en")
    arrived = browser.post("/d", data={"code": code}).location
    assert statement.number in browser.get(arrived).text
    assert browser.post(arrived).location == f"{arrived}/statement"
    return browser, arrived


def test_the_mail_of_a_statement_has_its_link(firm, statement):
    mail = Mail.get(Mail.template == "statement")
    brought = fresh_links(mail)
    assert list(brought["links"]) == [statement.number]
    assert "/d#" in brought["link"] and brought["link_until"] > today()
    statement.remind(firm.fang)
    assert fresh_links(Mail.get(Mail.template == "statement_reminder"))["links"]


def test_its_reader_looks_downloads_and_learns_how_to_pay(firm, statement, visit):
    Company.current().revise(firm.ada, bank_name="ICBC", bank_account="6222 0200")
    firm.issued(price="7")  # of the same day, but not listed: it is open up to the end all the same
    browser, path = visit
    page = browser.get(f"{path}/statement").text
    assert statement.number in page and firm.invoice.number in page and "113.00" in page
    assert "6222 0200" in page and firm.li.email not in page
    assert "/portal/documents/" not in page
    assert browser.get(f"{path}/statement/pdf").data[:5] == b"%PDF-"
    assert browser.get(f"{path}/statement/xlsx").status_code == 200


def test_its_reader_signs_and_reports_a_difference(firm, statement, visit):
    browser, path = visit
    marks = {"mark-0": "1", "amount-0": "100", "reason-0": "we ordered less"}
    form = {"idempotency_key": KEY, "name": "Max", **marks}
    answer = browser.post(f"{path}/statement/confirmation", data=form)
    assert answer.location == f"{path}/statement"
    row, dispute = Statement.get_by_id(statement.id), Dispute.get()
    assert row.state == "differs" and row.confirmed_by == "Max"
    assert (dispute.document, dispute.author, dispute.amount) == (firm.invoice, "Max", 1300)
    signed = Event.get(Event.action == "differed")
    assert signed.facts["link"] == "anna@a.test"
    assert "we ordered less" in browser.get(f"{path}/statement").text


def test_a_statement_is_not_signed_without_a_name(statement, visit):
    browser, path = visit
    form = {"idempotency_key": KEY, "name": " ", "missing": "one invoice"}
    answer = browser.post(f"{path}/statement/confirmation", data=form)
    assert answer.status_code >= 400 and "one invoice" in answer.text
    assert Statement.get_by_id(statement.id).state == "open"


def test_it_opens_no_document_and_no_other_statement(app, firm, statement, visit):
    browser, path = visit
    for page in ("document", "pdf", "code.png", "signature"):
        assert browser.get(f"{path}/{page}").status_code == 404, page
    for page in ("/portal/", f"/portal/statements/{statement.id}", "/portal/statements/"):
        assert browser.get(page).status_code == 401, page
    other = press_document(app, firm)
    assert other[0].get(f"{other[1]}/statement").status_code == 404


def press_document(app, firm):
    browser = app.test_client()
    return browser, press(browser, DocumentLink.make(firm.invoice, firm.anna)[1])


CLOSING = {
    "less to see": lambda firm, row: firm.anna.revise(firm.li, sees_company=False),
    "replaced": lambda firm, row: Statement.make(firm.fang, firm.a, "CNY", today(), today()),
    "another address": lambda firm, row: firm.anna.revise(firm.li, email="b@a.test"),
    "disabled": lambda firm, row: firm.anna.disable(firm.ada),
    "closed": lambda firm, row: DocumentLink.get().close(),
}


@pytest.mark.parametrize("how", CLOSING)
def test_what_ends_it_closes_the_open_page_too(firm, statement, visit, how):
    browser, path = visit
    assert browser.get(f"{path}/statement").status_code == 200
    CLOSING[how](firm, statement)
    assert browser.get(f"{path}/statement").status_code == 401


def test_whoever_made_it_is_told_that_a_stranger_read_the_mail(firm, statement, visit):
    browser, path = visit
    assert browser.post(f"{path}/closing").status_code == 200
    assert statement.events[-1].action == "link_closed"
    told = Mail.get(Mail.template == "link_closed")
    assert told.recipient == firm.fang.email
    assert told.context["link"].endswith(f"/statements/{statement.id}")
