"""The list of documents: what it may be narrowed and sorted by, and what its rows need."""

import functools
import operator

from peewee import SQL, fn

from models.adapters import search
from models.core.model import without_index
from models.customers import Customer
from models.documents import ISSUED, KINDS, Document
from models.insights.lens import id_list_sql
from models.numbering import as_counted
from models.receivables import document_tabs
from models.receivables.balance import by_money
from models.receivables.document_states import document_states
from models.receivables.due_item import DueItem
from views.lists import Listing, between
from views.web.fields import query_id, query_text
from views.web.scope import sees

MOST_DOCUMENTS, MOST_CUSTOMERS = 20_000, 1000  # that are looked at one by one
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
        rows = rows.where(_holds(word))
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


def _holds(word):
    """The condition that the number, the reference or the customer's name holds the word. The index
    says which few documents to look at; where they are many, the page is soon full without it."""
    own = Document.number.contains(word) | Document.reference.contains(word)
    theirs = Customer.name.contains(word)
    short = len(word) < 2 or len(word) == 2 and not search.CHINESE.fullmatch(word)
    customers = _named(theirs) if short else search.few(word, "customers", MOST_CUSTOMERS)
    if customers is None:
        return own | theirs
    few_documents = search.few_with_short if short else search.few
    documents = few_documents(word, "documents", MOST_DOCUMENTS)
    if documents is None:
        return own | theirs
    # Without an empty part, of which the database would think that it must look at all.
    found = [Document.id.in_(id_list_sql(documents)) & own] if documents else []
    found += [Document.customer.in_(customers) & theirs] if customers else []
    return functools.reduce(operator.or_, found) if found else SQL("1 = 0")


def _named(theirs):
    """The ids of the customers whose name holds it; None where they are many."""
    rows = sees().customers_and_merged().where(theirs).limit(MOST_CUSTOMERS + 1)
    found = [ident for (ident,) in rows.select(Customer.id).tuples()]
    return found if len(found) <= MOST_CUSTOMERS else None
