"""A verb asks no more statements for a long document than for a short one: each is a journey to the
database, during which on SQLite and PostgreSQL alike nobody else writes."""

import pytest

from models.documents import Document
from models.documents.draft import Autosave
from models.payments import Payment
from models.products import Product
from tests.support.queries import counted

FEW, MANY = 5, 50
MOST = {
    "draft": 14,
    "revise": 24,
    "autosave": 4,
    "copy": 20,
    "submit": 62,
    "approve": 80,  # in two steps
    "issue": 23,
    "pay": 40,
    "note": 8,
}


def lines(firm, count):
    return [firm.line(price="5000", product=firm.pen.id) for _n in range(count)]


def draft(firm, count):
    return Document.draft(firm.li, "invoice", firm.a, lines(firm, count))


def pay(firm, invoice):
    Payment.receive(
        firm.fang, invoice.customer, "CNY", invoice.total, allocations=[(invoice, invoice.total)]
    )


def statements(verb, firm, count):
    """What the verb asks about an invoice of so many lines."""
    document = draft(firm, count)
    if verb in ("approve", "issue", "pay"):
        document.submit(by=firm.li)
    if verb in ("issue", "pay"):
        firm.approve_all(document)
    if verb == "pay":
        Document.get_by_id(document.id).issue(by=firm.li)
    deed = {
        "draft": lambda: draft(firm, count),
        "revise": lambda: document.revise(firm.li, document.version, lines(firm, count)[1:]),
        "copy": lambda: document.copy(by=firm.li),
        "autosave": lambda: Autosave.store(document, firm.li, 1, {"note": "x"}),
        "approve": lambda: firm.approve_all(document),
        "pay": lambda: pay(firm, Document.get_by_id(document.id)),
        "submit": lambda: document.submit(by=firm.li),
        "issue": lambda: document.issue(by=firm.li),
        "note": lambda: firm.a.write_note(firm.li, "问了"),
    }[verb]
    with counted() as found:
        deed()
    return found


@pytest.mark.parametrize("verb", MOST)
def test_a_long_document_asks_no_more_statements(firm, verb):
    few, many = statements(verb, firm, FEW), statements(verb, firm, MANY)
    assert len(many) <= len(few) <= MOST[verb], f"{len(few)}, then {many}"


def test_issue_reads_the_lines_once_and_hashes_what_is_stored(firm):
    """The costs that the database copies into the lines are among it."""
    document = draft(firm, FEW)
    document.submit(by=firm.li)
    firm.approve_all(document)
    Product.update(cost=120_000).where(Product.id == firm.pen.id).execute()
    with counted() as found:
        Document.get_by_id(document.id).issue(by=firm.li)
    assert sum('FROM "line"' in sql for sql, _place in found) == 1, found
    stored = Document.get_by_id(document.id)
    assert [line.cost for line in stored.lines] == [120_000] * FEW
    assert stored.events[-1].content == stored.content_as_read()
