"""Settle what a reminder would ask for with the credit that we hold for the customer."""

from models.core.database import db
from models.core.errors import refuse
from models.customers import Customer
from models.dunning.plan import preview
from models.payments.credit import unused_credit, use_credit


@db.atomic()
def set_off_credit(by, customer_id, currency):
    """Allocate the customer's unapplied credit to the invoices for which the preview shows it,
    oldest first. Refused when nothing is left to allocate."""
    by.must("pay")
    by.sees.customers().where(Customer.id == customer_id).exists() or refuse("not_yours")
    plans = preview(customer_id, currency, afresh=True)
    parts = [(i.invoice, i.credit) for plan in plans for i in plan.items if i.credit]
    credit = unused_credit(customer_id, currency)
    parts and credit or refuse("no_credit_to_use")
    for invoice, wanted in parts:
        while wanted and credit:
            source, left = credit.pop(0)
            part = min(wanted, left)
            use_credit(by, source, invoice, part)
            wanted -= part
            if part < left:
                credit.insert(0, (source, left - part))
