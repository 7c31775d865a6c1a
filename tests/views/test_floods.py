"""A customer sends us no more than a person would: limits for each contact, by portal and links
together, and one mail to the salesperson for several things."""

import datetime as dt
import io
import types

import pytest

from models.adapters import blobs, outbox
from models.adapters.outbox import Mail
from models.care import Feedback
from models.core.clock import at, now
from models.core.errors import Refused
from models.customers import CustomerAct, limits
from models.customers.limits import LIMITS, MOST_MB, OF_CUSTOMER
from models.disputes import Dispute, DisputeEntry
from models.documents import DocumentLink, Message
from models.payments import Payment
from tests.firm import KEY
from tests.models.test_sessions import later
from tests.spoiling import enter
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def invoice(firm):
    return firm.issued(price="10000")


DEEDS = {
    "dispute": (
        "/portal/disputes/",
        lambda d: {"document": d.id, "reason": "price", "text": "x", "amount": "1"},
        Dispute,
    ),
    "message": ("/portal/documents/{id}/messages", lambda d: {"text": "x"}, Message),
    "payment": (
        "/portal/payments/",
        lambda d: {"currency": "CNY", "amount": "1.00", f"part-{d.id}": "1.00"},
        Payment,
    ),
    "feedback": ("/portal/feedback/", lambda d: {"kind": "idea", "text": "x"}, Feedback),
}


@pytest.mark.asvs("2.3.2", "2.4.1")
@pytest.mark.parametrize("kind", DEEDS)
def test_a_contact_does_each_as_often_as_a_person_would(firm, invoice, sign_in, kind, monkeypatch):
    monkeypatch.setitem(LIMITS, kind, [(3, 1), (5, 24)])
    browser, (path, fields, table) = sign_in(firm.anna), DEEDS[kind]

    def once(i):
        data = {"idempotency_key": f"{KEY}-{i}", **fields(invoice)}
        return browser.post(path.format(id=invoice.id), data=data)

    assert [once(i).status_code for i in range(4)] == [303, 303, 303, 409]
    assert "at most 3 of these within 1 h" in once(5).text and table.select().count() == 3
    firm.anna.set_language("zh")
    browser.set_cookie("language", "zh")
    assert "1 小时内最多 3 次" in once(6).text
    with later(hours=1, minutes=1):
        assert [once(f"l{i}").status_code for i in range(3)] == [303, 303, 409]
    with later(hours=25, minutes=2):
        browser = sign_in(firm.anna)
        assert once("day").status_code == 303
    assert CustomerAct.select().count() < 8


def test_a_link_and_the_portal_count_together(app, firm, invoice, sign_in, monkeypatch):
    monkeypatch.setitem(LIMITS, "message", [(2, 1)])
    Message.write(firm.anna, invoice, "by the portal")
    code, visitor = DocumentLink.make(invoice, firm.anna)[1], app.test_client()
    path = visitor.post("/d", data={"code": code}).location
    visitor.post(path)
    answers = [
        visitor.post(f"{path}/messages", data={"idempotency_key": f"{KEY}-{i}", "text": "x"})
        for i in range(2)
    ]
    assert [a.status_code for a in answers] == [303, 409]


def test_all_contacts_of_a_customer_together_and_no_other_customer(firm, monkeypatch):
    monkeypatch.setitem(LIMITS, "feedback", [(2, 1)])
    people = [firm.a.add_contact(firm.li, name=f"C{i}") for i in range(OF_CUSTOMER + 1)]
    for person in people[:OF_CUSTOMER]:
        for _ in range(2):
            Feedback.write(person, "idea", "x")
    with pytest.raises(Refused, match="too_much_sent"):
        Feedback.write(people[-1], "idea", "x")
    Feedback.write(firm.bob, "idea", "x")


def test_files_are_counted_by_number_and_by_bytes(firm, invoice, monkeypatch):
    row = Dispute.raise_(
        firm.anna, customer=firm.a, document=invoice, reason="price", text="x", amount=1
    )
    monkeypatch.setitem(LIMITS, "file", [(2, 24)])
    row.say(firm.anna, "", data=PDF, filename="a.pdf")
    monkeypatch.setattr(limits, "MOST_MB", 2 * len(PDF) / 2**20)
    Payment.report(firm.anna, "CNY", 100, now().date(), slip=PDF, slip_name="s.pdf")
    with pytest.raises(Refused, match="too_much_sent"):
        row.say(firm.anna, "", data=PDF, filename="a.pdf")
    monkeypatch.setitem(LIMITS, "file", [(9, 24)])
    with pytest.raises(Refused, match="too_many_bytes"):
        row.say(firm.anna, "", data=PDF, filename="a.pdf")
    assert DisputeEntry.select().count() == 1
    row.say(firm.li, "", data=PDF, filename="a.pdf")
    row.say(firm.anna, "without a file")


@pytest.mark.asvs("5.2.4")
@pytest.mark.parametrize("of", ["count", "bytes"])
def test_the_files_of_a_contact_and_of_a_customer_have_an_end(firm, monkeypatch, of):
    """However patiently they come: a few each week."""
    if of == "count":
        monkeypatch.setitem(LIMITS, "file", [(9, 24), (2, 24 * 365)])
    else:
        monkeypatch.setattr(limits, "MOST_MB_OF_YEAR", 2 * len(PDF) / 2**20)

    def send(by):
        return Payment.report(by, "CNY", 100, now().date(), slip=PDF, slip_name="s.pdf")

    for week in range(2):
        with later(days=7 * week):
            send(firm.anna)
    with later(days=14):
        with pytest.raises(Refused, match="files_full"):
            send(firm.anna)
        Feedback.write(firm.anna, "idea", "x")
        for i in range(OF_CUSTOMER * 2 - 2):
            send(firm.a.add_contact(firm.li, name=f"C{i}"))
        with pytest.raises(Refused, match="files_full"):
            send(firm.a.add_contact(firm.li, name="the last"))
        send(firm.bob)
    with later(days=366):
        send(firm.anna)
        assert CustomerAct.select().where(CustomerAct.kind == "feedback").count() == 0


@pytest.mark.asvs("5.2.4")
def test_nobody_fills_the_disk_with_files(firm, invoice, sign_in, monkeypatch):
    """Neither a customer nor a colleague; documents are still issued."""
    full = types.SimpleNamespace(total=2**40, free=blobs.ROOM - 1)
    monkeypatch.setattr(blobs.shutil, "disk_usage", lambda _path: full)
    for who, path, name in (
        (firm.anna, "/portal/disputes/", "file"),
        (firm.zhao, "/archive/files/", "file"),
        (firm.fang, "/bank-lines/", "file"),
    ):
        data = {**DEEDS["dispute"][1](invoice), "idempotency_key": KEY}
        answer = sign_in(who).post(path, data={**data, name: (io.BytesIO(PDF), "a.pdf")})
        assert answer.status_code == 503 and "nearly full" in answer.text, path
    assert not Dispute.select().exists()
    firm.issued(price="20")


def test_what_is_refused_is_not_counted_and_colleagues_never_are(firm, invoice):
    for _ in range(40):
        Message.write(firm.li, invoice, "x")
        with pytest.raises(Refused):
            Feedback.write(firm.anna, "nonsense", "x")
    assert not CustomerAct.select().exists()


def test_the_limits_leave_room_for_a_day_of_work():
    assert MOST_MB >= 100 and all(most >= 10 for rows in LIMITS.values() for most, _ in rows)


def told(firm):
    rows = Mail.select().where(Mail.recipient == firm.li.email, Mail.contact.is_null())
    return [m for m in rows.order_by(Mail.id) if m.template in ("dispute", "gathered", "confirmed")]


def test_the_first_is_told_at_once_and_the_rest_in_one_mail(firm, invoice):
    with at(dt.datetime(2027, 3, 10, 3, 1)):
        rows = [
            Dispute.raise_(
                firm.anna, customer=firm.a, document=invoice, reason="price", text=t, amount=1
            )
            for t in ("one", "two", "three")
        ]
        rows[0].say(firm.anna, "four")
        first, rest = told(firm)
        assert first.template == "dispute" and first in Mail.waiting()
        assert rest.template == "gathered" and rest not in Mail.waiting()
        rows[0].say(firm.li, "to the customer")
        assert len(told(firm)) == 2
    with at(dt.datetime(2027, 3, 10, 3, 5)):
        assert rest in Mail.waiting()
        subject, text, _html = outbox.preview(rest.recipient, "gathered", "en", rest.context)
        assert subject == "From your customers: 3"
        assert all(t in text for t in ("two", "three", "four")) and "one" not in text
        assert text.count("/disputes/") == 3 and invoice.number in text
        rows[0].say(firm.anna, "five")
        assert [m.template for m in told(firm)] == ["dispute", "gathered", "dispute"]


def test_confirmations_of_many_documents_are_one_mail_more(firm):
    notes = [firm.issued("delivery_note", price="10") for _ in range(4)]
    with at(dt.datetime(2027, 3, 10, 3, 1)):
        for note in notes:
            note.confirm(firm.anna, "Anna")
    assert [m.template for m in told(firm)] == ["confirmed", "gathered"]
    assert told(firm)[1].context["n"] == 3


def test_what_comes_after_the_gathered_mail_went_is_told_all_the_same(firm, invoice):
    with at(dt.datetime(2027, 3, 10, 3, 1)):
        for text in ("one", "two", "three"):
            Dispute.raise_(
                firm.anna, customer=firm.a, document=invoice, reason="price", text=text, amount=1
            )
            Mail.update(state="sent").execute()
    assert [m.template for m in told(firm)] == ["dispute", "gathered", "dispute"]


def test_a_file_that_a_customer_sends_is_counted_in_the_portal(firm, invoice, sign_in, monkeypatch):
    monkeypatch.setattr(limits, "MOST_MB", 0)
    data = {"idempotency_key": KEY, **DEEDS["dispute"][1](invoice)}
    data["file"] = (io.BytesIO(PDF), "a.pdf")
    answer = sign_in(firm.anna).post("/portal/disputes/", data=data)
    assert answer.status_code == 409 and "MB of files" in answer.text
    assert not Dispute.select().exists()


SENT = ("portal_disputes", "portal_feedback", "portal_messages", "portal_payments", "links")


@pytest.mark.parametrize("endpoint", [e for e in CASES if e.split(".")[0] in SENT])
def test_what_was_typed_once_too_often_is_not_lost(app, firm, sign_in, monkeypatch, endpoint):
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    browser = enter(app, firm, sign_in, who, "en", *rest)
    for kind in LIMITS:
        monkeypatch.setitem(limits.LIMITS, kind, [(0, 1)])
    answer = browser.post(path, data=filled(fields))
    kept = [value for value in fields.values() if str(value) not in answer.text]
    assert answer.status_code == 303 or answer.status_code == 409 and not kept
