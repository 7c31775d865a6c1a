"""What forms about money share: reading amounts, days and parts, and the invoices they may
settle."""

import datetime as dt

from flask import request

from models.core.clock import today
from models.core.errors import refuse
from models.core.money import SYMBOLS, parse_money
from models.documents import Document
from models.receivables.balance import open_items


def currency_of(text):
    """A currency we keep books in."""
    text in SYMBOLS or refuse("currency_unknown")
    return text


def money_of(text, currency):
    """The amount as typed, in minor units."""
    try:
        return parse_money(text, currency)
    except ValueError:
        refuse("amount_unreadable")


def day_of(text):
    """The day as typed; nothing typed is today."""
    try:
        day = dt.date.fromisoformat(text or today().isoformat())
    except ValueError:
        refuse("day_unreadable")
    1900 <= day.year < 3000 or refuse("day_unreadable")
    return day


def open_invoices(person, customer_id, currency=None):
    """The customer's invoices with something open that this person sees, oldest first, each with
    `.left`."""
    mine = Document.id.in_(person.sees.documents().select(Document.id)) & (
        Document.customer == customer_id
    )
    rows = open_items(only=mine & (Document.currency == currency) if currency else mine)
    return list(rows.order_by(Document.due_on, Document.id))


def parts_of(person, customer_id, currency):
    """[(invoice, amount)] of the fields part-<id>. Refused for an invoice of a stranger."""
    own = {
        f"part-{d.id}": d
        for d in person.sees.documents().where(
            Document.customer == customer_id, Document.kind == "invoice"
        )
    }
    parts = [
        (own.get(name) or refuse("not_yours"), money_of(text, currency))
        for name, text in request.form.items()
        if name.startswith("part-") and text.strip()
    ]
    return [(invoice, part) for invoice, part in parts if part]


def oldest_first(invoices, amount):
    """The amount spread over the invoices in their order."""
    found = []
    for invoice in invoices:
        part = min(amount, invoice.left)
        if part > 0:
            found.append((invoice, part))
            amount -= part
    return found
