"""Money in, out and given up: every verb works, and refuses in each wrong state and to each wrong
person."""

import pytest

from models.core.clock import today
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.payments import Payment, open_balance
from models.payments.credit_note import set_off
from models.payments.refund import Refund, credit_left
from models.payments.write_off import WriteOff
from models.receivables.balance import balance_of
from tests.support.plain import credits_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def refused(code, verb, *args, **kwargs):
    with pytest.raises(Refused) as error:
        verb(*args, **kwargs)
    assert error.value.code == code


def fresh(row):
    return type(row).get_by_id(row.id)


def test_one_payment_over_many_invoices_keeps_the_rest_as_credit(firm):
    one, two = firm.issued(price="100"), firm.issued(price="200")
    payment = Payment.receive(
        firm.fang, firm.a, "CNY", 50000, allocations=[(one, 11300), (two, 22600)]
    )
    assert (open_balance(one), open_balance(two), payment.unallocated()) == (0, 0, 16100)
    assert balance_of(firm.a, "CNY") == {"open": 0, "credit": 16100, "balance": -16100}
    third = firm.issued(price="100")
    payment.allocate(firm.fang, third, 11300)
    assert credits_of(firm.a) == [(payment, 4800)]


def test_an_allocation_never_passes_the_open_balance_nor_the_money(firm):
    invoice, payment = firm.issued(price="100"), Payment.receive(firm.fang, firm.a, "CNY", 20000)
    refused("more_than_open", payment.allocate, firm.fang, invoice, 11301)
    refused("more_than_payment", payment.allocate, firm.fang, firm.issued(price="500"), 20001)
    refused(
        "other_currency",
        Payment.receive(firm.fang, firm.a, "EUR", 20000).allocate,
        firm.fang,
        invoice,
        100,
    )
    refused(
        "other_customer",
        Payment.receive(firm.fang, firm.b, "CNY", 20000).allocate,
        firm.fang,
        invoice,
        100,
    )
    assert open_balance(invoice) == 11300 and payment.unallocated() == 20000


def test_a_customer_reports_a_payment_and_finance_confirms_it(firm):
    invoice = firm.issued(price="100")
    report = Payment.report(
        firm.anna, "CNY", 11300, today(), "转账", [(invoice, 11300)], PDF, "slip.pdf"
    )
    assert (report.state, report.name, Payment.reported_for(invoice), open_balance(invoice)) == (
        "reported",
        "",
        11300,
        11300,
    )
    report.confirm(firm.fang)
    report = fresh(report)
    assert (
        report.state == "confirmed"
        and report.number.startswith("RC-")
        and open_balance(invoice) == 0
    )
    assert Payment.reported_for(invoice) == 0
    assert [e.action for e in report.events] == ["reported", "confirmed"]
    refused("state_changed", report.confirm, firm.fang)
    refused("state_changed", report.decline, firm.fang, "x")


def test_a_report_naming_no_invoice_means_the_oldest(firm):
    one, two = firm.issued(price="100"), firm.issued(price="100")
    Payment.report(firm.anna, "CNY", 15000, today())
    assert (Payment.reported_for(one), Payment.reported_for(two)) == (11300, 3700)


def test_a_declined_report_holds_nothing(firm):
    invoice = firm.issued(price="100")
    report = Payment.report(firm.anna, "CNY", 11300, today(), wanted=[(invoice, 11300)])
    refused("reason_needed", report.decline, firm.fang, " ")
    report.decline(firm.fang, "没有到账")
    assert (
        fresh(report).state == "declined"
        and Payment.reported_for(invoice) == 0
        and open_balance(invoice) == 11300
    )
    with pytest.raises(Forbidden):
        Payment.report(firm.anna, "CNY", 100, today()).confirm(firm.li)


def test_a_report_of_strange_or_settled_invoices_is_refused(firm):
    own, other = firm.issued(price="100"), firm.issued(price="100", customer=firm.b, by=firm.chen)
    refused("not_yours", Payment.report, firm.anna, "CNY", 100, today(), wanted=[(other, 100)])
    refused(
        "more_than_open", Payment.report, firm.anna, "CNY", 20000, today(), wanted=[(own, 20000)]
    )
    refused(
        "more_than_payment", Payment.report, firm.anna, "CNY", 100, today(), wanted=[(own, 200)]
    )
    refused(
        "slip_kind",
        Payment.report,
        firm.anna,
        "CNY",
        100,
        today(),
        slip=b"MZ what is this",
        slip_name="x.pdf",
    )
    assert not Payment.select().exists()


def test_the_money_that_came_may_differ_from_what_was_reported(firm):
    invoice = firm.issued(price="100")
    report = Payment.report(firm.anna, "CNY", 11300, today(), wanted=[(invoice, 11300)])
    report.confirm(firm.fang, amount=10000)
    assert open_balance(invoice) == 1300 and fresh(report).amount == 10000


def test_bank_charges_are_ours(firm):
    invoice = firm.issued(price="100")
    payment = Payment.receive(
        firm.fang, firm.a, "CNY", 11300, charges=1500, allocations=[(invoice, 11300)]
    )
    assert open_balance(invoice) == 0 and payment.charges == 1500
    refused("charges_too_high", Payment.receive, firm.fang, firm.a, "CNY", 100, charges=100)


def test_a_refund_takes_from_the_credit_and_keeps_the_payment_from_being_reversed(firm):
    payment = Payment.receive(firm.fang, firm.a, "CNY", 10000)
    refund = Refund.pay(firm.fang, payment, 4000)
    assert payment.unallocated() == 6000 and balance_of(firm.a, "CNY")["credit"] == 6000
    refused("more_than_payment", Refund.pay, firm.fang, payment, 6001)
    refused("has_refunds", payment.reverse, firm.fang, "x")
    refund.reverse(firm.fang, "账号错误")
    payment.reverse(firm.fang, "x")
    refused("state_changed", fresh(refund).reverse, firm.fang, "again")
    assert balance_of(firm.a, "CNY") == {"open": 0, "credit": 0, "balance": 0}


def test_a_credit_note_is_set_off_and_refunded_in_parts(firm):
    paid = firm.issued(price="100")
    Payment.receive(firm.fang, firm.a, "CNY", 11300, allocations=[(paid, 11300)])
    draft = paid.convert(firm.li, "credit_note")
    draft.submit(by=firm.li)
    firm.approve_all(draft)
    note = Document.get_by_id(draft.id)
    note.issue(by=firm.li)
    note = Document.get_by_id(note.id)
    other = firm.issued(price="30")
    assert credit_left(note) == 11300
    set_off(firm.fang, note, other, 3390)
    refund = Refund.pay(firm.fang, note, 5000)
    assert (credit_left(note), open_balance(other)) == (2910, 0) and credits_of(firm.a) == [
        (note, 2910)
    ]
    refused("more_than_payment", Refund.pay, firm.fang, note, 2911)
    refused("has_refunds", note.void, firm.fang, "x")
    refund.reverse(firm.fang, "x")
    note.void(firm.fang, "x")
    assert open_balance(other) == 3390 and credit_left(fresh(note)) == 0


def test_a_write_off_needs_a_second_person(firm):
    invoice = firm.issued(price="100")
    asked = WriteOff.ask(firm.fang, invoice, 300, "尾差")
    assert open_balance(invoice) == 11300
    refused("own_write_off", asked.approve, firm.fang)
    refused("more_than_open", WriteOff.ask, firm.fang, invoice, 11001, "x")
    with pytest.raises(Forbidden):
        asked.approve(firm.li)
    asked.approve(firm.wang)
    assert open_balance(invoice) == 11000 and fresh(asked).decided_by == firm.wang
    refused("state_changed", fresh(asked).decline, firm.wang, "x")
    fresh(asked).reverse(firm.fang, "客户付款了")
    assert open_balance(invoice) == 11300


def test_a_write_off_that_meanwhile_is_too_much_stays_asked(firm):
    invoice = firm.issued(price="100")
    asked = WriteOff.ask(firm.fang, invoice, 11300, "x")
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(invoice, 100)])
    refused("more_than_open", asked.approve, firm.wang)
    assert fresh(asked).state == "asked" and not Refund.select().exists()
