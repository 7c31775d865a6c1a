"""The link in a mail opens its one document, for as long as it stands, and nothing else."""

import datetime as dt
import logging
import re

import pytest

from models import dunning
from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import at, now
from models.core.journal import Event
from models.disputes import Dispute
from models.documents import Document, DocumentLink, LinkVisit, Message
from models.payments import Payment
from models.people import Session
from tests.firm import KEY
from tests.valid_forms.shared import PNG
from views.web.events import told


@pytest.fixture
def invoice(firm):
    return firm.printed(price="10")


def code_for(document, contact):
    return DocumentLink.make(document, contact)[1]


def arrive(browser, code):
    """The address to which the link leads."""
    answer = browser.post("/d", data={"code": code})
    assert answer.status_code == 303 and code not in answer.location
    return answer.location


def press(browser, code):
    """Come by the link and press its button; the path of the link."""
    path = arrive(browser, code)
    assert browser.post(path).location == f"{path}/document"
    return path


def test_a_link_opens_one_document_again_and_again(app, firm, invoice):
    code = code_for(invoice, firm.anna)
    for _again in range(2):
        browser = app.test_client()
        path = arrive(browser, code)
        door = browser.get(path).text
        assert invoice.number in door and "Anna" in door and "11.30" not in door
        assert not LinkVisit.select().where(LinkVisit.started_at > now()).exists()
        press(browser, code)
        page = browser.get(f"{path}/document")
        assert page.status_code == 200 and "11.30" in page.text
        assert browser.get(f"{path}/pdf").data[:5] == b"%PDF-"
    assert [e.facts for e in invoice.events if e.action == "opened"] == [{"link": "anna@a.test"}]


@pytest.mark.asvs("3.5.3")
def test_what_looks_at_mails_changes_nothing(app, firm, invoice):
    """Programs follow links by HEAD and GET, with the cookies they are given."""
    code, browser = code_for(invoice, firm.anna), app.test_client()
    before = Event.select().count()
    for method in ("HEAD", "GET"):
        for path in ("/d", f"/d?code={code}", "/d/1"):
            browser.open(path, method=method)
    assert browser.get("/d/1/document").status_code == 401
    assert not LinkVisit.select().exists() and Event.select().count() == before


def test_the_cookies_go_to_this_link_alone(app, firm, invoice):
    browser, code = app.test_client(), code_for(invoice, firm.anna)
    path = arrive(browser, code)
    given = browser.post(path).headers.getlist("Set-Cookie")
    assert len(given) == 1 and f"Path={path}" in given[0] and "HttpOnly" in given[0]
    assert "SameSite=Lax" in given[0] and code not in given[0]
    kept = browser._cookies.values()
    assert {c.path for c in kept if c.key in ("code", "visit")} == {path}


def test_two_links_in_one_browser_do_not_mix(app, firm, invoice):
    other, browser = firm.issued("order", price="7"), app.test_client()
    first, second = (press(browser, code_for(d, firm.anna)) for d in (invoice, other))
    assert invoice.number in browser.get(f"{first}/document").text
    page = browser.get(f"{second}/document").text
    assert other.number in page and invoice.number not in page


@pytest.mark.asvs("8.2.2")
def test_the_visit_of_one_link_opens_no_other(app, firm, invoice):
    for contact, document in ((firm.anna, firm.issued(price="7")), (firm.bob, _of_b(firm))):
        DocumentLink.make(document, contact)
        other, (link, _code) = DocumentLink.select().count(), DocumentLink.make(invoice, firm.anna)
        browser, secret = app.test_client(), link.visit()
        for path in (f"/d/{other}", f"/d/{other + 100}", "/d/99999999999"):
            browser.set_cookie("visit", secret, path=path)
            browser.set_cookie("code", "x" * 43, path=path)
            for page in ("document", "pdf", "code.png", "signature"):
                assert browser.get(f"{path}/{page}").status_code == 401, page
            assert browser.post(f"{path}/messages", data=_form(text="x")).status_code == 401
            assert browser.get(path).status_code == 410


def _of_b(firm):
    return firm.issued(price="7", customer=firm.b, by=firm.chen)


def _form(**fields):
    return {"idempotency_key": KEY, **fields}


def test_whoever_came_by_a_link_is_signed_in_nowhere(app, firm, invoice):
    browser = app.test_client()
    path = press(browser, code_for(invoice, firm.anna))
    visit = browser.get_cookie("visit", path=path).value
    browser.set_cookie("danju_sid", visit)
    browser.set_cookie("visit", visit)
    for page in ("/portal/", f"/portal/documents/{invoice.id}", "/sessions", "/documents/"):
        assert browser.get(page).status_code == 401, page
    assert not Session.select().exists()


def test_a_member_of_staff_who_opens_a_link_acts_as_its_reader(sign_in, firm, invoice):
    browser = sign_in(firm.li)
    path = press(browser, code_for(invoice, firm.anna))
    browser.post(f"{path}/messages", data=_form(text="Hello"))
    event = Event.head()
    assert (event.actor_type, event.facts["link"]) == ("Contact", "anna@a.test")


def _expire(firm, invoice, link):
    return at(now() + dt.timedelta(days=61))


def _without_links(firm, invoice, link):
    Company.current().revise(firm.ada, settings={"link_days": 0})
    Company.current().revise(firm.ada, settings={"link_days": 60})


def _disable(firm, invoice, link):
    firm.anna.disable(firm.ada)
    firm.anna.enable(firm.ada)


CLOSING = {
    "expired": _expire,
    "closed": lambda firm, invoice, link: link.close(),
    "voided": lambda firm, invoice, link: invoice.void(firm.fang, "x"),
    "contact disabled, then enabled": _disable,
    "another address": lambda firm, invoice, link: firm.anna.revise(firm.li, email="b@a.test"),
    "less to see": lambda firm, invoice, link: firm.anna.revise(firm.li, sees_company=False),
    "switched off, then on": _without_links,
}


@pytest.mark.parametrize("why", CLOSING)
def test_what_closes_a_link_closes_it_and_its_visits(app, firm, invoice, why):
    link, code = DocumentLink.make(invoice, firm.anna)
    open_, waiting = app.test_client(), app.test_client()
    path = press(open_, code)
    assert arrive(waiting, code) == path
    later = CLOSING[why](firm, invoice, link) or at(now())
    with later:
        assert open_.get(f"{path}/document").status_code == 401
        assert open_.get(f"{path}/pdf").status_code == 401
        assert open_.post(f"{path}/messages", data=_form(text="x")).status_code == 401
        assert waiting.get(path).status_code == waiting.post(path).status_code == 410
        assert app.test_client().post("/d", data={"code": code}).status_code == 410
    assert not Message.select().exists()


def test_destroying_the_document_erases_who_had_a_link(app, firm, invoice):
    press(app.test_client(), code_for(invoice, firm.anna))
    invoice.void(firm.fang, "x")
    invoice.destroy(firm.zhao, "old")
    assert not DocumentLink.select().exists() and not LinkVisit.select().exists()


def test_a_visit_ends_after_its_hours_and_begins_anew_from_the_mail(app, firm, invoice):
    code, browser = code_for(invoice, firm.anna), app.test_client()
    path = press(browser, code)
    with at(now() + dt.timedelta(hours=9)):
        assert browser.get(f"{path}/document").status_code == 401
        press(browser, code)
        assert browser.get(f"{path}/document").status_code == 200


@pytest.mark.parametrize("code", ["", "x", "A" * 43, "ü" * 43, "x" * 5000])
def test_a_made_up_code_opens_nothing(app, firm, invoice, code, caplog):
    DocumentLink.make(invoice, firm.anna)
    caplog.set_level(logging.INFO)
    answer = app.test_client().post("/d", data={"code": code})
    assert answer.status_code == (422 if len(code) > 100 else 410)
    assert not [c for c in answer.headers.getlist("Set-Cookie") if "Path=/d" in c]
    assert invoice.number not in answer.text
    assert "link refused" in caplog.text or answer.status_code == 422
    assert len(code) < 40 or code not in caplog.text


def test_neither_header_nor_page_gives_the_code_on(app, firm, invoice):
    code, browser = code_for(invoice, firm.anna), app.test_client()
    path = press(browser, code)
    for page in (path, f"{path}/document"):
        answer = browser.get(page, follow_redirects=True)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store, private" and code not in answer.text


def test_confirming_by_a_link_needs_a_name_and_is_told_so(app, firm):
    order, browser = firm.issued("order", price="10"), app.test_client()
    path = press(browser, code_for(order, firm.anna))
    refused = browser.post(f"{path}/confirmation", data=_form(name=" "))
    assert refused.status_code == 422 and "name" in refused.text
    done = browser.post(f"{path}/confirmation", data=_form(name="Max Muster", signature=PNG))
    assert done.status_code == 303 and browser.get(f"{path}/signature").mimetype == "image/png"
    order = Document.get_by_id(order.id)
    event = [e for e in order.events if e.action == "confirmed"][0]
    assert order.confirmed_by == "Max Muster" and event.facts["link"] == "anna@a.test"
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert told(event)[0] == (
            "Someone by the link sent to anna@a.test confirmed it in the name of Max Muster"
        )


def test_a_dispute_by_a_link_needs_a_name(app, firm, invoice):
    browser = app.test_client()
    path = press(browser, code_for(invoice, firm.anna))
    fields = {"reason": "price", "text": "too much", "amount": "1"}
    refused = browser.post(f"{path}/disputes", data=_form(**fields, name=""))
    assert refused.status_code == 422 and "too much" in refused.text
    assert browser.post(f"{path}/disputes", data=_form(**fields, name="Max")).status_code == 303
    row = Dispute.get()
    assert (row.author, row.document, row.amount) == ("Max", invoice, 100)
    facts = row.events.get().facts
    assert (facts["link"], facts["name"]) == ("anna@a.test", "Max")
    assert row.number in browser.get(f"{path}/document").text


def test_asking_and_reporting_a_payment(app, firm, invoice):
    browser = app.test_client()
    path = press(browser, code_for(invoice, firm.anna))
    browser.post(f"{path}/messages", data=_form(text="When?"))
    assert Message.get().text == "When?" and "When?" in browser.get(f"{path}/document").text
    paid = _form(amount="11.30", paid_on="", reference="x", idempotency_key=KEY + "2")
    assert browser.post(f"{path}/payments", data=paid).status_code == 303
    row = Payment.get()
    assert (row.state, row.wanted) == ("reported", [[invoice.id, 1130]])
    assert "11.30" in browser.get(f"{path}/document").text


def test_not_you_closes_the_link_and_tells_who_sent_it(app, firm, invoice):
    code, browser = code_for(invoice, firm.anna), app.test_client()
    path = arrive(browser, code)
    assert app.test_client().post(f"{path}/closing").status_code == 410
    assert browser.post(f"{path}/closing").status_code == 200
    assert app.test_client().post("/d", data={"code": code}).status_code == 410
    assert [e.facts["to"] for e in invoice.events if e.action == "link_closed"] == ["anna@a.test"]
    assert Mail.get(Mail.template == "link_closed").recipient == "li@firm.test"


def test_the_outbox_never_holds_the_code(app, firm, invoice, monkeypatch):
    sent = []
    monkeypatch.setattr("models.adapters.smtp.send", lambda url, message: sent.append(message))
    invoice.send(firm.li, [firm.anna], key="k", base_url=Document.base_url)
    mail = Mail.about(invoice).get()
    mail.deliver()
    text = sent[0].get_body(("plain",)).get_content()
    code = re.search(r"/d#(\S{43})", text)[1]
    assert DocumentLink.of_code(code).document == invoice
    kept = Mail.get_by_id(mail.id)
    assert kept.state == "sent" and code not in str(kept.__data__)
    assert kept.context["link"] == f"{Document.base_url}/portal/documents/{invoice.id}"
    assert code not in str(list(DocumentLink.select().dicts()))


def test_a_mail_without_links_brings_the_address_of_the_portal(app, firm, invoice):
    Company.current().revise(firm.ada, settings={"link_days": 0})
    invoice.send(firm.li, [firm.anna], key="k", base_url=Document.base_url)
    text = Mail.about(invoice).get().compose().get_body(("plain",)).get_content()
    assert f"/portal/documents/{invoice.id}" in text and "/d#" not in text


def test_the_copy_to_the_bookkeeper_has_no_link(app, firm, invoice):
    Company.current().revise(firm.ada, settings={"bookkeeper_mail": "book@firm.test"})
    invoice.send(firm.li, [firm.anna], key="k", base_url=Document.base_url)
    copy = Mail.get(Mail.recipient == "book@firm.test")
    assert "/d#" not in copy.compose().get_body(("plain",)).get_content()


def test_who_hears_of_a_link_in_their_language(app, firm, invoice):
    firm.anna.update(language="en").where(type(firm.anna).id == firm.anna.id).execute()
    browser = app.test_client()
    path = arrive(browser, code_for(invoice, firm.anna))
    assert "Not you?" in browser.get(path).text
    browser.set_cookie("language", "zh")
    assert "Not you?" not in browser.get(path).text


def test_a_reminder_opens_each_of_its_invoices_without_signing_in(app, firm):
    invoices = [firm.issued(price=price, terms_days=0) for price in ("10", "20")]
    other = firm.issued(price="99", terms_days=60)
    with at(now() + dt.timedelta(days=9)):
        dunning.run_due("http://localhost:8000")
        to_anna = Mail.get(Mail.template == "reminder", Mail.recipient == firm.anna.email)
        message = to_anna.compose()
        text = message.get_body(("plain",)).get_content()
        codes = re.findall(r"/d#(\S+)", text)
        assert len(set(codes)) == 2 and "/portal/" not in text
        assert all(code in message.get_body(("html",)).get_content() for code in codes)
        for invoice, code in zip(invoices, codes, strict=True):
            browser = app.test_client()
            page = browser.get(press(browser, code) + "/document").text
            assert invoice.number in page and other.number not in page
        assert "/d#" not in str(Mail.get_by_id(to_anna.id).context)


def test_a_reminder_of_many_names_the_portal_for_the_rest(app, firm, monkeypatch):
    monkeypatch.setattr("models.documents.link.MOST_LINKS", 1)
    for price in ("10", "20"):
        firm.issued(price=price, terms_days=0)
    with at(now() + dt.timedelta(days=9)):
        dunning.run_due("http://localhost:8000")
        text = Mail.get(Mail.contact == firm.anna.id, Mail.template == "reminder").compose()
        text = text.get_body(("plain",)).get_content()
    assert text.count("/d#") == 1 and text.count("/portal/reminders") == 1


def test_the_answer_to_a_dispute_by_a_link_comes_by_a_link_and_is_accepted_there(
    app, firm, invoice
):
    browser = app.test_client()
    path = press(browser, code_for(invoice, firm.anna))
    fields = {"reason": "price", "text": "too much", "amount": "1", "name": "Max"}
    browser.post(f"{path}/disputes", data=_form(**fields))
    row = Dispute.get()
    row.say(firm.li, "Ten percent less?")
    text = Mail.get(Mail.contact == firm.anna.id).compose().get_body(("plain",)).get_content()
    assert "/portal/" not in text
    other = app.test_client()
    path = press(other, re.search(r"/d#(\S+)", text)[1])
    assert "Ten percent less?" in other.get(f"{path}/document").text
    said = _form(dispute=row.id, how="say", text="Yes", idempotency_key=KEY + "2")
    assert other.post(f"{path}/replies", data=said).status_code == 303
    row.explain(firm.li, "As agreed.")
    assert "As agreed." in other.get(f"{path}/document").text
    agreed = _form(dispute=row.id, how="agree", text="", idempotency_key=KEY + "3")
    assert other.post(f"{path}/replies", data=agreed).status_code == 303
    event = Dispute.get_by_id(row.id).events.order_by(Event.id.desc()).first()
    assert (event.action, event.facts["link"]) == ("agreed", "anna@a.test")


def test_a_link_talks_about_no_dispute_of_another(app, firm, invoice):
    theirs = Dispute.raise_(firm.amin, customer=firm.a, document=None, reason="price", text="mine")
    browser = app.test_client()
    path = press(browser, code_for(invoice, firm.anna))
    said = _form(dispute=theirs.id, how="say", text="x")
    assert browser.post(f"{path}/replies", data=said).status_code == 404
    assert "mine" not in browser.get(f"{path}/document").text


def test_who_has_an_account_is_led_to_the_portal(firm, invoice):
    firm.anna.set_password("correct horse battery", by=firm.anna)
    row = Dispute.raise_(firm.anna, customer=firm.a, document=invoice, reason="price", text="x")
    row.say(firm.li, "Why?")
    text = Mail.get(Mail.contact == firm.anna.id).compose().get_body(("plain",)).get_content()
    assert f"/portal/disputes/{row.id}" in text and "/d#" not in text
