"""A loop over a list may write, whatever others write meanwhile."""

import threading
from unittest import mock

import peewee as pw
import pytest

from models.core.database import db, waiting
from models.core.lease import Lease
from models.core.model import Select, tables
from models.core.queries import narrow
from models.customers import Customer
from models.documents import Document
from models.people import User
from tests.together import at_once

LISTS = {
    "rows": lambda: User.select(),
    "tuples": lambda: User.select(User.id).tuples(),
    "narrow": lambda: User.select(User.id, User.name).namedtuples(),
    "of somebody": lambda: Customer.get(Customer.code == "A").documents,
    "some": lambda: User.select().where(User.active).order_by(User.id).limit(5),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_read_before_its_first_row_is_used(app, firm, kind):
    firm.draft(), firm.draft()
    rows = 0
    for _row in LISTS[kind]():
        rows += 1
        assert at_once(app, lambda _i: Lease.note("elsewhere", ""), 1) == [None]
        with db.atomic():
            Lease.note("here", "")
        Lease.note("here, alone", "")
    assert rows >= 2 and Lease.select().where(Lease.name.startswith("job here")).count() == 2


def test_without_an_order_the_first_is_the_oldest(firm):
    """A row that was changed stands last in PostgreSQL, and "the first" was another one then."""
    Customer.update(phone="1").where(Customer.id == firm.a.id).execute()
    assert Customer.select().first() == firm.a
    assert Customer.select().order_by(Customer.id.desc()).first() != firm.a


def test_a_query_has_the_text_that_peewee_gives_it(app):
    other = Customer.alias()
    inner = Document.select(Document.customer, pw.fn.COUNT(Document.id).alias("n")).alias("inner")
    queries = [
        *(cls.select() for cls in tables()),
        Customer.select().where(Customer.id.in_(Document.select())),
        Document.select(Document, Customer, pw.fn.LOWER(Customer.name).alias("low")).join(Customer),
        Document.select(Document.id, other, other.name).join(other),
        Customer.select(Customer, inner.c.n).join(inner, on=inner.c.customer_id == Customer.id),
        Customer.select() | Customer.select().order_by(Customer.id),
    ]
    ours = [query.sql() for query in queries]
    with mock.patch.object(Select, "__sql_selection__", pw.ModelSelect.__sql_selection__):
        assert ours == [query.sql() for query in queries]


def test_who_did_not_get_to_write_goes_on_reading(app):
    """Where another writes for longer than one waits, the connection is as before."""
    begun, done = threading.Event(), threading.Event()

    def write_for_long():
        with db.connection_context(), db.atomic():
            begun.set()
            done.wait(30)

    other = threading.Thread(target=write_for_long)
    other.start()
    try:
        assert begun.wait(30)
        with pytest.raises(pw.OperationalError), waiting(1), db.atomic():
            pass
        assert User.select().count() >= 0 and not db.in_transaction()
    finally:
        done.set()
        other.join()


def test_narrow_rows_hold_what_the_instances_hold(firm):
    for price in ("1", "2"):
        firm.issued(price=price)
    firm.draft()
    names = "id kind state number imported date issued_on due_on snapshot total".split()
    query = Document.select(*(getattr(Document, name) for name in names)).order_by(Document.id)
    for row, instance in zip(narrow(query), query, strict=True):
        for value, kept in zip(row, (instance.__data__[name] for name in names), strict=True):
            assert (value, type(value)) == (kept, type(kept))
