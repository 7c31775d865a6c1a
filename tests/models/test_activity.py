"""What happened to the money of a document is told at the document, not only where it was done."""

import datetime as dt

import pytest
from flask_babel import force_locale

from models import dunning
from models.core.clock import at, now
from models.core.journal import Event
from models.documents import Document
from models.payments import Payment
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from views.web.events import told


@pytest.fixture
def sentences(app):
    def read(row):
        with app.test_request_context(), force_locale("en"):
            return [told(event)[0] for event in row.activity()]

    return read


def test_an_invoice_tells_of_its_payments_and_their_reversal(firm, sentences):
    invoice = firm.issued()
    paid = Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(invoice, 900)])
    paid.reverse(firm.fang, "bounced")
    told_at_both = [
        f"方财务 allocated 9.00 CNY of the payment {paid.number} to {invoice.number}",
        f"方财务 reversed the payment {paid.number}: bounced",
    ]
    assert sentences(invoice)[-2:] == told_at_both
    assert sentences(paid) == ["方财务 recorded the payment of 10.00 CNY", *told_at_both]


def test_both_sides_tell_of_a_credit_note_and_the_invoice_of_its_end(firm, sentences):
    invoice, note = firm.issued(), firm.issued("credit_note", price="50")
    set_off(firm.fang, note, invoice, 900)
    applied = f"方财务 applied 9.00 CNY of the credit note {note.number} to {invoice.number}"
    assert sentences(invoice)[-1] == sentences(note)[-1] == applied
    Refund.pay(firm.fang, note, 100)
    assert sentences(note)[-1] == "方财务 refunded 1.00 CNY"
    Refund.get().reverse(firm.fang, "not sent")
    Document.get_by_id(note.id).void(firm.fang, "wrong")
    assert sentences(invoice)[-2:] == [applied, f"方财务 voided {note.number}: wrong"]


def test_an_earlier_event_that_does_not_name_the_credit_note_is_left_out(firm, sentences):
    invoice, note = firm.issued(), firm.issued("credit_note", price="50")
    set_off(firm.fang, note, invoice, 900)
    note.record("voided", firm.fang, reason="wrong")
    assert "voided" not in sentences(invoice)[-1]


def test_an_invoice_tells_of_write_offs_promises_and_reminders(firm, sentences):
    invoice = firm.issued()
    WriteOff.ask(firm.fang, invoice, 10, "small").approve(firm.wang)
    promise = dunning.Promise.give(firm.li, invoice, 100, invoice.due_on)
    with at(now() + dt.timedelta(days=40)):
        letter = dunning.remind(firm.a.id, "CNY")
    assert sentences(invoice)[-4:] == [
        f"方财务 asked to write off the balance of {invoice.number}: small",
        "王经理 approved the write-off",
        f"李销售 recorded the promise to pay {invoice.number} by {promise.day}",
        f"Reminder {letter.number} sent to anna@a.test",
    ]


def test_another_invoice_tells_nothing_of_it(firm):
    invoice, other = firm.issued(), firm.issued()
    Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(invoice, 900)])
    assert [e.id for e in other.activity()] == [e.id for e in other.events]
    assert Event.select().where(Event.action == "allocated").count() == 1
