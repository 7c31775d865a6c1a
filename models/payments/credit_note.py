"""A credit note settles the invoice that it corrects, or another one of the same customer."""

from peewee import fn

from models.core.database import db
from models.core.errors import refuse
from models.customers.merge import TIES
from models.documents import Document
from models.payments.allocation import Allocation, open_balance
from models.payments.refund import credit_left


@db.atomic()
def set_off(by, note, invoice, amount):
    """Settle part of an open invoice of the same customer with this credit note."""
    by.must("pay")
    note.kind == "credit_note" and note.state in ("issued", "archived") or refuse(
        "not_a_credit_note"
    )
    invoice.customer.is_one_with(note.customer_id) or refuse("other_customer")
    invoice.currency == note.currency or refuse("other_currency")
    amount <= credit_left(note) or refuse("more_than_payment")
    Allocation.make(by, invoice, amount, credit_note=note)


def settle_source(document, by):
    """When a credit note is issued, settle its invoice with it, up to the open balance."""
    if document.kind == "credit_note" and document.source and document.source.kind == "invoice":
        amount = min(document.total, open_balance(document.source))
        if amount > 0:
            Allocation.make(by, document.source, amount, credit_note=document)


def tie(customers, others):
    """The number of a payment or credit note of the ones that settles an invoice of the others, or
    the other way round."""
    Payment, credit, invoice = Allocation.payment.rel_model, Document.alias(), Document.alias()
    payer = fn.COALESCE(Payment.customer, credit.customer)
    across = (payer.in_(customers) & invoice.customer.in_(others)) | (
        payer.in_(others) & invoice.customer.in_(customers)
    )
    rows = Allocation.standing(credit=credit).join(invoice, on=(Allocation.invoice == invoice.id))
    rows = rows.where(across).order_by(Allocation.id)
    return rows.select(fn.COALESCE(Payment.number, credit.number)).scalar()


Document.after_issue.append(settle_source)
TIES.append(tie)
