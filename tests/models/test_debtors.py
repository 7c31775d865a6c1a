"""The debtors say what the items of each customer say, after every verb that changes it."""

import pytest

from models.customers import Customer
from models.imports import Import
from models.operations import checks, upkeep
from models.payments import Payment
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables import debtor
from models.receivables.debtor import Debtor
from tests.models.test_due_items import imported
from tests.models.test_imports import put, run

OPEN = "number,date,customer,amount,status\nF1,2025-01-02,Old,20,Awaiting payment\n"


def kept():
    """{(customer, currency): (owner, open, credit)}; the same as the items say."""
    assert debtor.differences() == []
    return {(row[0], row[1]): row[2:] for row in Debtor.select(*debtor.FIELDS).tuples()}


def test_they_follow_invoices_payments_and_refunds(firm):
    invoice, key, li = firm.issued(price="10"), (firm.a.id, "CNY"), firm.a.owner_id
    assert kept() == {key: (li, 1130, 0)}
    payment = Payment.receive(firm.fang, firm.a, "CNY", 1500, allocations=[(invoice, 130)])
    assert kept() == {key: (li, 1000, 1370)}
    refund = Refund.pay(firm.fang, payment, 300)
    assert kept() == {key: (li, 1000, 1070)}
    payment.allocate(firm.fang, invoice, 900)
    assert kept() == {key: (li, 100, 170)}
    WriteOff.ask(firm.fang, invoice, 100, "rounding").approve(firm.wang)
    assert kept() == {key: (li, 0, 170)}
    Refund.get_by_id(refund.id).reverse(firm.fang, "came back")
    Payment.get_by_id(payment.id).reverse(firm.fang, "bounced")
    assert kept() == {key: (li, 1030, 0)}


def test_they_follow_credit_notes_and_voiding(firm):
    invoice, note = imported(firm), imported(firm, "credit_note", 400, "OLD-2")
    key, li = (firm.a.id, "EUR"), firm.a.owner_id
    assert kept() == {key: (li, 1000, 400)}
    set_off(firm.fang, note, invoice, 150)
    assert kept() == {key: (li, 850, 250)}
    note.carry_out_void(firm.fang, "typed wrongly")
    assert kept() == {key: (li, 1000, 0)}
    invoice.carry_out_void(firm.fang, "typed wrongly")
    assert kept() == {}


def test_they_follow_who_sees_the_customer_and_what_is_merged(firm):
    firm.issued(price="10")
    firm.issued(price="20", customer=firm.b, by=firm.chen)
    both, b = {(firm.a.id, "CNY"): (firm.li.id, 1130, 0)}, (firm.b.id, "CNY")
    Customer.get_by_id(firm.b.id).revise(by=firm.fang, owner=firm.li)
    assert kept() == both | {b: (firm.li.id, 2260, 0)}
    Customer.get_by_id(firm.b.id).revise(by=firm.fang, owner=None)
    assert kept() == both | {b: (0, 2260, 0)}
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    assert kept() == {(firm.a.id, "CNY"): (firm.li.id, 3390, 0)}
    Payment.receive(firm.fang, firm.a, "USD", 70)
    Customer.get_by_id(firm.b.id).separate(firm.fang)
    assert kept() == both | {b: (0, 2260, 0), (firm.a.id, "USD"): (firm.li.id, 0, 70)}


def test_they_follow_an_import_and_its_undoing(firm):
    firm.issued(price="10")
    before = kept()
    row = run(firm, put(firm, "documents", OPEN, create_customers=True))
    owner = Customer.get(name="Old").owner_id or 0
    assert kept() == before | {(Customer.get(name="Old").id, "CNY"): (owner, 2000, 0)}
    row.undo(firm.fang)
    Import.run_waiting()
    assert kept() == before


@pytest.mark.parametrize("change", [{"open": 1}, {"credit": 1}, {"owner": 0}])
def test_what_differs_is_found_and_computed_again(firm, change):
    firm.issued(price="10")
    Debtor.update(**change).execute()
    assert checks.verified() == debtor.differences() != []
    upkeep.rebuild()
    assert kept() == {(firm.a.id, "CNY"): (firm.li.id, 1130, 0)}
    Debtor.delete().execute()
    upkeep.fill_new()
    assert kept() == {(firm.a.id, "CNY"): (firm.li.id, 1130, 0)}
