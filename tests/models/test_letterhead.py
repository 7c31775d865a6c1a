"""Whose name a mail bears, whom its answer reaches, who gets a copy, and what its subject says."""

import datetime as dt
from email.utils import parseaddr

import pytest

from models import dunning, printed
from models.adapters import outbox
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.dunning import ReminderLevel
from models.receivables.statement import Statement


def delivered(server):
    printed.print_waiting()
    outbox.deliver_waiting()
    return {m["To"]: m for m in server.mails}


def test_a_document_comes_from_the_firm_and_is_answered_to_the_salesperson(firm, server):
    document = firm.issued(price="1000", language="en")
    firm.anna.revise(firm.li, language="en")
    document.send(firm.fang, [firm.anna], key="k", base_url="https://x.test")
    mail = delivered(server)["anna@a.test"]
    assert parseaddr(mail["From"]) == (
        f"{Company.current().name} (李销售)",
        "firm@firm.test",
    )
    assert mail["Reply-To"] == firm.li.email
    subject = f"Invoice {document.number} from {Company.current().name}: 1,130.00 CNY due {{}}"
    assert mail["Subject"] == subject.format(f"{document.due_on:%-d %b}")
    text = mail.get_body(("plain",)).get_content()
    assert f"Invoice {document.number} from {Company.current().name} is attached." in text


def test_nobody_who_left_gets_the_answers(firm, server):
    document = firm.issued(price="100")
    document.send(firm.fang, [firm.anna], key="k")
    firm.li.revise(firm.ada, active=False)
    assert delivered(server)["anna@a.test"]["Reply-To"] is None


def test_the_bookkeeper_gets_one_copy_of_what_leaves(firm, server):
    firm.amin.revise(firm.li, sees_company=True)
    Company.current().revise(firm.ada, settings={"bookkeeper_mail": "books@firm.test"})
    with at(now() - dt.timedelta(days=60)):
        document = firm.issued(price="100", terms_days=0)
    document.send(firm.li, [firm.anna, firm.amin], key="k", base_url="https://x.test")
    Statement.make(firm.fang, firm.a, "CNY", today(), today()).send(firm.fang, [firm.anna])
    ReminderLevel.ladder()
    dunning.run_due()
    copies = Mail.select().where(Mail.recipient == "books@firm.test").order_by(Mail.id)
    assert [m.template for m in copies] == ["document_sent", "statement", "reminder"]
    assert all(m.context["copy_of"] and m.contact is None for m in copies)
    assert not any("/portal/" in m.context["link"] for m in copies)
    delivered(server)
    texts = [m.get_body(("plain",)).get_content() for m in server.mails]
    assert sum("副本" in text for text in texts) == 3
    assert {m.state for m in Mail.select()} == {"sent"}


@pytest.mark.parametrize("address", ["books", "books@firm.test, more@firm.test", "@firm.test"])
def test_the_bookkeepers_address_is_checked(firm, sign_in, address):
    with pytest.raises(Refused) as refused:
        Company.current().revise(firm.ada, settings={"bookkeeper_mail": address})
    assert refused.value.code == "mail_address"
    assert Company.current().setting("bookkeeper_mail") == ""


def test_the_settings_keep_titles_and_the_bookkeeper(firm, sign_in):
    browser = sign_in(firm.ada)
    page = browser.get("/settings/documents").text
    assert 'value="商业发票"' in page and 'value="贷项通知单"' in page
    data = {"name": "Huaxin", "fiscal_month": "1", "title_invoice_zh": "形式发票"}
    data |= {"title_credit_note_zh": "", "bookkeeper_mail": "books@firm.test"}
    assert browser.post("/settings/", data=data).status_code == 303
    firm_now = Company.current()
    assert firm_now.setting("title_invoice_zh") == "形式发票"
    assert firm_now.setting("title_credit_note_zh") == "贷项通知单"
    assert firm_now.setting("bookkeeper_mail") == "books@firm.test"
    assert browser.post("/settings/", data=data | {"bookkeeper_mail": "x"}).status_code == 422
