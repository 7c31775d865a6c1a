"""What the rows of a list refer to is read for all of them at once, while a page is read."""

import gc
import weakref

import pytest

from models.core import peers
from models.core.clock import today
from models.documents import Document
from models.payments import Payment
from tests.support.queries import counted


@pytest.fixture
def reading():
    peers.reading(True)
    yield
    peers.reading(False)


@pytest.fixture
def rows(firm):
    """Payments of two customers with their documents."""
    for customer, by in ((firm.a, firm.li), (firm.a, firm.li), (firm.b, firm.chen)):
        invoice = firm.issued(customer=customer, by=by)
        Payment.receive(firm.fang, customer, "CNY", 100, allocations=[(invoice, 100)])
    return Payment.select().order_by(Payment.id)


def names(rows):
    return [row.customer.owner.name for row in rows]


def test_what_rows_refer_to_is_read_at_once(rows, reading):
    with counted() as found:
        assert names(rows) == ["李销售", "李销售", "陈销售"]
    assert len(found) == 3, found  # the payments, their customers, the owners of these


def test_a_job_reads_what_a_row_refers_to_when_its_turn_comes(rows):
    with counted() as found:
        names(rows)
    assert len(found) == 7, found


def test_what_a_query_joined_is_not_read_again(rows, reading, firm):
    documents = Document.select(Document, firm.a.__class__).join(firm.a.__class__)
    with counted() as found:
        assert len(names(documents)) == 3
    assert len(found) == 2, found


def test_empty_references_and_set_ones_stay(firm, reading):
    first, second = firm.draft(), firm.draft()
    second.source = first
    second.save()
    rows = list(Document.select().order_by(Document.id))
    assert [row.source for row in rows] == [None, first]
    rows[0].customer = firm.b
    assert [row.customer for row in rows] == [firm.b, firm.a]
    assert rows[0].source is None and rows[0].date <= today()


def test_rows_do_not_keep_each_other(rows, reading):
    gc.disable()
    try:
        every = list(rows.clone())
        gone = weakref.ref(every[1])
        first = every[0]
        del every
        assert gone() is None and first.customer
    finally:
        gc.enable()
