"""Nobody is asked for what we hold for them already: it is offered to be allocated, deducted from
the reminder and named in it."""

import datetime as dt

import pytest

from app import write_mail
from models import dunning
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.dunning import Reminded, Reminder
from models.numbering import NumberSeries
from models.operations import checks
from models.payments import Payment, open_balance
from models.payments.credit import unused_credit
from models.payments.refund import Refund
from tests.firm import money
from tests.models.documents.test_life import firm_issue
from tests.support.plain import credits_of


@pytest.fixture
def late(firm):
    """An invoice of 1,130.00 of customer A, two days late."""
    invoice = firm.issued(price="1000")
    with at(now() + dt.timedelta(days=32)):
        yield invoice


def hold_credit(firm, amount, currency="CNY", customer=None):
    return Payment.receive(firm.fang, customer or firm.a, currency, money(amount))


def plan():
    return next(p for p in dunning.preview() if p.currency == "CNY")


def test_an_invoice_wholly_covered_is_not_reminded(firm, late):
    hold_credit(firm, "1130")
    assert plan().skipped == "covered" and plan().credit == late.total
    assert dunning.run_due() == [] and not Reminded.select().exists()


def test_a_letter_asks_for_the_rest_and_names_the_credit(firm, late):
    hold_credit(firm, "500")
    (letter,) = dunning.run_due()
    assert letter.total == money("630") and letter.snapshot["to_pay"] == money("630")
    assert letter.snapshot["credit"] == money("500")
    assert letter.snapshot["credit_parts"] == [{"number": late.number, "amount": money("500")}]
    assert letter.pdf_bytes().startswith(b"%PDF")
    mail = letter.mails()[0]
    assert mail.context["credit"] == money("500")
    mail.language = "en"
    assert "Unapplied credit held for you: CNY 500.00" in write_mail(mail)[1]
    assert checks.faults() == []


def test_credit_covers_the_oldest_first_and_only_what_is_not_on_hold(firm, late):
    newer = firm.issued(price="100", terms_days=0)
    dunning.Hold.place(firm.li, firm.a, invoice=late, reason="other", until=today())
    hold_credit(firm, "20")
    assert [(i.invoice, i.credit) for i in plan().items] == [(late, 0), (newer, money("20"))]


def test_credit_in_another_currency_or_of_another_customer_is_none(firm, late):
    hold_credit(firm, "500", "USD")
    hold_credit(firm, "500", customer=firm.b)
    hold_credit(firm, "500").reverse(firm.fang, "bounced")
    Refund.pay(firm.fang, hold_credit(firm, "70"), money("70"))
    assert plan().credit == 0 and plan().total == late.total


def test_one_press_allocates_what_the_preview_shows(firm, late):
    source = firm.issued(price="300")
    Payment.receive(firm.fang, firm.a, "CNY", source.total, allocations=[(source, source.total)])
    note = firm_issue(firm, source.convert(firm.li, "credit_note"))
    payment = hold_credit(firm, "100")
    assert plan().credit == note.total + payment.amount
    before = Event.select().where(Event.action == "allocated").count()
    dunning.set_off_credit(firm.fang, firm.a.id, "CNY")
    assert open_balance(late) == late.total - note.total - payment.amount
    assert Event.select().where(Event.action == "allocated").count() == before + 2
    assert unused_credit(firm.a.id, "CNY") == [] and plan().credit == 0
    with pytest.raises(Refused) as no:
        dunning.set_off_credit(firm.fang, firm.a.id, "CNY")
    assert no.value.code == "no_credit_to_use" and checks.faults() == []


def test_credit_beyond_the_invoices_stays(firm, late):
    payment = hold_credit(firm, "2000")
    dunning.set_off_credit(firm.fang, firm.a.id, "CNY")
    assert open_balance(late) == 0
    assert unused_credit(firm.a.id, "CNY") == [(payment, payment.amount - late.total)]
    assert unused_credit(firm.a.id, "CNY") == credits_of(firm.a, "CNY")


def test_who_may_allocate(firm, late):
    hold_credit(firm, "500")
    for person in (firm.li, firm.wang, firm.zhao):
        with pytest.raises(Forbidden):
            dunning.set_off_credit(person, firm.a.id, "CNY")
    assert open_balance(late) == late.total


def test_without_an_address_no_number_and_no_level_is_used(firm, late):
    firm.anna.revise(firm.li, email="")
    number = NumberSeries.select().where(NumberSeries.kind == "reminder").count()
    assert plan().skipped == "no_address" and dunning.run_due() == []
    assert dunning.remind(firm.a.id, "CNY") is None
    assert not Reminder.select().exists() and not Reminded.select().exists()
    assert NumberSeries.select().where(NumberSeries.kind == "reminder").count() == number
    firm.anna.revise(firm.li, email="anna@a.test")
    (letter,) = dunning.run_due()
    assert letter.level.days == 1 and [m.recipient for m in letter.mails()] == ["anna@a.test"]
