"""The credit items say what the payments and credit notes say, after every verb that uses them."""

from models.core.clock import today
from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.operations import checks, upkeep
from models.payments import Payment
from models.payments.credit_note import set_off
from models.payments.refund import Refund
from models.receivables import credit_item, debtor
from models.receivables.balance import balances
from models.receivables.credit_item import CreditItem
from tests.models.test_due_items import imported
from tests.models.test_imports import put, run

NOTES = "number,date,customer,name,price,quantity\nC9,2025-01-02,Old,Pen,10,-2\n"


def kept():
    """{(kind, id): minor units}; the same as the rows say, and so are all balances."""
    assert credit_item.differences() == []
    plain = {key: row for key, row in balances(afresh=True).items() if any(row.values())}
    assert balances() == plain
    for customer in Customer.select():
        group = customer.group
        assert balances(customers=group) == {k: r for k, r in plain.items() if k[0] in group}
    rows = CreditItem.select(CreditItem.kind, CreditItem.source, CreditItem.amount)
    return {(kind, source): amount for kind, source, amount in rows.tuples()}


def test_what_is_left_of_a_payment_follows_each_verb(firm):
    invoice = firm.issued(price="10")
    payment = Payment.receive(firm.fang, firm.a, "CNY", 2000, allocations=[(invoice, 130)])
    key = "payment", payment.id
    assert kept() == {key: 1870}
    refund = Refund.pay(firm.fang, payment, 70)
    assert kept() == {key: 1800}
    payment.allocate(firm.fang, invoice, 1000)
    assert kept() == {key: 800}
    Refund.get_by_id(refund.id).reverse(firm.fang, "came back")
    assert kept() == {key: 870}
    Refund.pay(firm.fang, payment, 870)
    assert kept() == {}
    Refund.get(Refund.amount == 870).reverse(firm.fang, "came back")
    Payment.get_by_id(payment.id).reverse(firm.fang, "bounced")
    assert kept() == {}


def test_what_a_customer_reports_is_no_credit_before_it_is_confirmed(firm):
    payment = Payment.report(firm.anna, "CNY", 500, today())
    assert kept() == {}
    payment.confirm(firm.fang)
    assert kept() == {("payment", payment.id): 500}


def test_what_is_left_of_a_credit_note_follows_each_verb(firm):
    invoice, note = imported(firm), imported(firm, "credit_note", 400, "OLD-2")
    assert kept() == {("credit_note", note.id): 400}
    set_off(firm.fang, note, invoice, 150)
    assert kept() == {("credit_note", note.id): 250}
    note.carry_out_void(firm.fang, "typed wrongly")
    assert kept() == {}


def test_a_row_spoiled_by_hand_is_named_and_mended_by_a_rebuild(firm):
    Payment.receive(firm.fang, firm.a, "CNY", 2000)
    CreditItem.update(amount=1).execute()
    assert checks.verified() == credit_item.differences() + debtor.differences() != []
    upkeep.rebuild()
    assert kept() == {("payment", Payment.get().id): 2000}


def test_the_credit_of_merged_customers_is_that_of_the_main_one(firm):
    Payment.receive(firm.fang, firm.b, "CNY", 300)
    invoice = firm.issued(price="10")
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    Payment.receive(firm.fang, firm.a, "CNY", 200, allocations=[(invoice, 130)])
    assert sum(kept().values()) == 370
    assert balances()[firm.a.id, "CNY"]["credit"] == 370


def test_an_import_brings_what_its_credit_notes_leave_and_takes_it_along(firm):
    row = run(firm, put(firm, "documents", NOTES, credit_prefix="C", create_customers=True))
    notes = [note.id for note in Document.select().where(Document.kind == "credit_note")]
    assert {key[1] for key in kept()} <= set(notes) and notes
    row.undo(firm.fang)
    Import.run_waiting()
    assert kept() == {}
