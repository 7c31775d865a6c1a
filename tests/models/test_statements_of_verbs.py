"""A verb asks no more statements for a long document than for a short one: each is a journey to the
database, during which on SQLite and PostgreSQL alike nobody else writes."""

import pytest

from models.documents import Document
from tests.support.queries import counted

FEW, MANY = 5, 50
MOST = {"draft": 14, "revise": 24, "submit": 62, "issue": 40, "note": 8, "copy": 20}


def lines(firm, count):
    return [firm.line(price=str(n + 1), product=firm.pen.id) for n in range(count)]


def draft(firm, count):
    return Document.draft(firm.li, "invoice", firm.a, lines(firm, count))


def statements(verb, firm, count):
    """What the verb asks about an invoice of so many lines. It is done twice: the first time texts
    are made that then are kept."""
    document = draft(firm, count)
    if verb == "issue":
        document.submit(by=firm.li)
        firm.approve_all(document)
    deed = {
        "draft": lambda: draft(firm, count),
        "revise": lambda: document.revise(firm.li, document.version, lines(firm, count)[1:]),
        "copy": lambda: document.copy(by=firm.li),
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
    assert len(many) <= len(few) <= MOST[verb], many
