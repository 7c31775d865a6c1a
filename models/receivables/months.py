"""What was billed and received in each of the last months, and what is overdue now, for each
currency apart; in minor units with tax."""

from collections import defaultdict

from peewee import fn

from models.core.clock import today
from models.documents import Document
from models.documents.sales import STANDING
from models.payments import Payment
from models.receivables.due_item import DueItem

SIGNS = {"invoice": 1, "credit_note": -1}


def billed_and_received(first, customers=None):
    """{currency: {"2026-11": [billed less credited, received]}} of the months from the day on; of
    all customers, or of those in a query of ids."""
    found = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for kind, sign in SIGNS.items():
        rows = Document.select(Document.total).where(
            Document.kind == kind, Document.state.in_(STANDING), Document.issued_on >= first
        )
        _add(found, rows, Document, Document.issued_on, Document.total, 0, sign, customers)
    rows = Payment.select().where(Payment.counts(), Payment.received_on >= first)
    _add(found, rows, Payment, Payment.received_on, Payment.amount, 1, 1, customers)
    return found


def _add(found, rows, model, day, amount, place, sign, customers):
    """Add the rows' sums; grouped by day, which is an index, and by month only here."""
    rows = rows if customers is None else rows.where(model.customer.in_(customers))
    rows = rows.select(model.currency, day.coerce(False), fn.SUM(amount)).group_by(
        model.currency, day
    )
    for currency, on, total in rows.tuples():
        found[currency][str(on)[:7]][place] += sign * int(total)


def overdue_sums(customers=None):
    """{currency: open minor units past their due day}"""
    rows = DueItem.select(DueItem.currency, fn.SUM(DueItem.open)).where(DueItem.is_overdue(today()))
    rows = rows if customers is None else rows.where(DueItem.customer.in_(customers))
    return {currency: int(total) for currency, total in rows.group_by(DueItem.currency).tuples()}
