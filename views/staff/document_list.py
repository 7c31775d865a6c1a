"""The list of documents: what it may be narrowed and sorted by, and what its rows need."""

from peewee import fn

from models.adapters import search
from models.core.model import without_index
from models.customers import Customer
from models.documents import ISSUED, KINDS, Document
from models.numbering import as_counted
from models.receivables import document_tabs
from models.receivables.balance import by_money
from models.receivables.document_states import document_states
from models.receivables.due_item import DueItem
from views.list_words import holds
from views.lists import Listing, between
from views.web.fields import query_id, query_text
from views.web.scope import sees

MONEY = ("open", "partly_paid", "paid", "overdue")
SORTS = {
    "id": (Document.id, "int"),
    "number": (as_counted(Document.number), "text"),
    "kind": (Document.kind, "text"),
    "customer": (Customer.name, "text", Customer.id),
    "date": (ISSUED, "day"),
    "due": (Document.due_on, "day"),
    "state": (Document.state, "text"),
    "total": (Document.total, "int"),
}
# What a row of the list and of its export needs: reading all columns takes as long as the rest.
LISTED = [
    getattr(Document, name)
    for name in (
        *("id", "kind", "state", "number", "customer", "imported", "date", "issued_on", "due_on"),
        *("currency", "net", "tax", "total"),
    )
] + [
    Customer.name.alias("customer_name"),
    DueItem.select(fn.SUM(DueItem.open).cast("BIGINT"))
    .where(DueItem.document == Document.id)
    .alias("owed"),
]
STATES = ("draft", "submitted", "approved", "returned", "issued", "archived", "voided", "destroyed")


def listing():
    """The person's documents narrowed and sorted by the query string."""
    q, kind, state = query_text("q"), query_text("kind"), query_text("state")
    rows = sees().documents().select(*LISTED)
    # Sorted by customer the database goes through the customers first, of which it knows the order.
    by_customer = query_text("sort").lstrip("-") == "customer"
    ident = without_index(Customer.id) if by_customer else Customer.id
    rows = rows.join(Customer, on=Document.customer == ident).namedtuples()
    for word in search.words(q):
        rows = rows.where(holds(Document, word))
    if kind in KINDS:
        rows = rows.where(Document.kind == kind)
    if state == "standing":  # archived or not, as the badges tell it
        rows = rows.where(Document.state.in_(("issued", "archived")))
    elif state in STATES:
        rows = rows.where(Document.state == state)
    elif state in MONEY:
        rows = by_money(rows, state)
    if query_text("tab") in document_tabs.TABS:
        rows = document_tabs.of_tab(rows, query_text("tab"))
    if query_id("customer"):
        rows = rows.where(Document.customer.in_(Customer.group_of(query_id("customer"))))
    if query_id("owner"):
        rows = rows.where(Document.owner == query_id("owner"))
    if query_text("currency"):
        rows = rows.where(Document.currency == query_text("currency"))
    if query_text("imported") in ("0", "1"):
        rows = rows.where(Document.imported == (query_text("imported") == "1"))
    return Listing("documents", between(rows, ISSUED), SORTS, "-id")


def states(rows):
    """{id: what the badge tells}"""
    return document_states(rows, {d.id: d.owed for d in rows if d.owed is not None})
