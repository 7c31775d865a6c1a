"""Imported documents, payments and credit notes agree with everything else on what is owed."""

import datetime as dt

import pytest

from models.core.clock import today
from models.documents import Document
from models.imports import Import
from models.operations import checks
from models.payments import Payment, open_balance
from models.payments.refund import Refund, credit_left
from tests.models.test_imports import faults, put, run


@pytest.mark.parametrize(
    "text, column",
    [
        ("Invoice No,Date,Customer,Item,Unit price\nA-1,{},Old Ltd,Pen,10\n", "Date"),
        (
            "Invoice No,Date,Customer,Item,Unit price,Paid on\nA-1,2025-03-01,Old Ltd,Pen,10,{}\n",
            "Paid on",
        ),
    ],
)
def test_no_document_or_payment_comes_from_the_future(firm, text, column):
    day = today() + dt.timedelta(days=1)
    row = put(firm, "documents", text.format(day), kind="invoice", create_customers=True)
    assert (2, column, "day_in_future") in faults(row)


def test_what_is_settled_but_due_later_was_paid_by_today(firm):
    text = "Invoice No,Date,Customer,Item,Unit price,Due date\nA-1,2025-03-01,Old Ltd,Pen,10,"
    day = today() + dt.timedelta(days=30)
    row = put(firm, "documents", f"{text}{day}\n", kind="invoice", create_customers=True)
    run(firm, row)
    assert Payment.get().received_on == today()


CREDITED = (
    "Invoice No,Date,Customer,Item,Unit price,Corrects\n"
    "C-1,2025-03-09,Old Ltd,Pen,-4,A-1\nA-1,2025-03-01,Old Ltd,Pen,10,\n"
)


@pytest.mark.parametrize("settled", [False, True])
def test_a_credit_note_names_its_invoice_or_is_settled(firm, settled):
    options = dict(kind="invoice", create_customers=True, credit_prefix="C-", settled=settled)
    row = put(firm, "documents", CREDITED, **options)
    assert not faults(row)
    row = run(firm, row)
    note, invoice = Document.get(number="C-1"), Document.get(number="A-1")
    assert note.source == invoice
    assert (credit_left(note), open_balance(invoice)) == (0, 0 if settled else 600)
    assert checks.faults() == []
    row.undo(firm.fang)
    Import.run_waiting()
    assert not Document.select().exists() and not Refund.select().exists()


def test_a_credit_note_of_no_invoice_of_its_customer_is_named(firm):
    text = CREDITED.replace("A-1\n", "A-9\n", 1)
    row = put(firm, "documents", text, kind="invoice", create_customers=True, credit_prefix="C-")
    assert (2, "Corrects", "cell_unknown") in faults(row)
