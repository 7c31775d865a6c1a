"""What an undone import had made is gone with its id: no other row is ever given it, as findings,
mails and bookmarks name rows by it."""

import pytest

from models.core.model import tables
from models.customers import Customer
from models.imports import Import
from models.operations import checks
from models.payments import Payment
from models.products import Product
from tests.models.test_import_portions import CUSTOMERS, OPTIONS, SETTLED
from tests.models.test_imports import put, run

NAMED = [cls for cls in tables() if cls._meta.hidden_by == "id"]


def ids():
    return {cls: {ident for (ident,) in cls.select(cls.id).tuples()} for cls in NAMED}


def undone(firm, row):
    row.undo(firm.fang)
    Import.run_waiting()
    assert Import.get_by_id(row.id).state == "undone"


def worked(firm):
    """Somebody enters something of each kind."""
    customer = Customer.enter(firm.fang, name="Later")
    customer.add_contact(firm.fang, name="Lea")
    customer.add_address(firm.fang, "billing", "Road 9")
    Product.enter(firm.ada, code="LATER", name="Later", tax=firm.tax)
    invoice = firm.issued(price="10")
    whole = [(invoice, invoice.total)]
    Payment.receive(firm.fang, firm.a, "CNY", invoice.total, allocations=whole)


@pytest.fixture
def gone(firm):
    """The ids of two imports that were undone."""
    before, found = ids(), {}
    for target, text, options in (("customers", CUSTOMERS, {}), ("documents", SETTLED, OPTIONS)):
        row = run(firm, put(firm, target, text, **options))
        found = {cls: found.get(cls, set()) | (some - before[cls]) for cls, some in ids().items()}
        undone(firm, row)
    assert all(found.values()) and ids() == before
    return found


def test_no_row_that_is_entered_later_gets_such_an_id(firm, gone):
    before = ids()
    worked(firm)
    made = {cls: (some - before[cls]) for cls, some in ids().items()}
    assert all(min(made[cls]) > max(gone[cls]) for cls in NAMED if made[cls])
    assert sum(map(bool, made.values())) == 8 and checks.faults() == []


def test_no_later_import_gets_such_an_id(firm, gone):
    run(firm, put(firm, "documents", SETTLED, **OPTIONS))
    assert all(not (gone[cls] & some) for cls, some in ids().items()) and checks.faults() == []


def test_no_row_gets_the_id_of_one_that_was_removed(firm):
    gone = firm.a.add_contact(firm.li, name="Gone")
    gone.remove(firm.li, "taken_back")
    assert firm.a.add_contact(firm.li, name="New").id > gone.id
