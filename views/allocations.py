"""The invoices that a payment or credit note may settle, and the parts typed for them."""

from flask import request

from models.core.errors import refuse
from models.core.queries import narrow
from models.customers import Customer
from models.documents import Document
from models.receivables.balance import open_of
from models.receivables.due_item import DueItem
from views.web.fields import form_amount, parse_id

# What a list of open invoices shows; their snapshots are long.
LISTED = [
    getattr(Document, name)
    for name in ("id", "kind", "state", "number", "currency", "due_on", "total")
]


def open_invoices(scopes, group, currency=None):
    """The invoices with something open of a customer's `group` that the scopes show, oldest first,
    each with `.left`."""
    rows = _open(scopes, group, Document)
    return list(rows.where(DueItem.currency == currency) if currency else rows)


def listed_invoices(scopes, group):
    """The same as named tuples of what a list shows."""
    return narrow(_open(scopes, group, *LISTED))


def _open(scopes, group, *columns):
    return open_of(scopes.documents().select(*columns)).where(DueItem.customer.in_(group))


def parts_of(person, customer_id, currency):
    """[(invoice, amount)] of the fields part-<id>. Refused for an invoice of a stranger."""
    own = {
        f"part-{d.id}": d
        for d in person.sees.documents().where(
            Document.id.in_([parse_id(name[5:]) for name in request.form if name[:5] == "part-"]),
            Document.customer.in_(Customer.group_of(customer_id)),
            Document.kind == "invoice",
        )
    }
    parts = [
        (own.get(name) or refuse("not_yours"), form_amount(name, currency))
        for name, text in request.form.items()
        if name.startswith("part-") and text.strip()
    ]
    return [(invoice, part) for invoice, part in parts if part]
