"""A loop over a list may write, whatever others write meanwhile."""

import pytest

from models.core.database import db
from models.core.lease import Lease
from models.customers import Customer
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
