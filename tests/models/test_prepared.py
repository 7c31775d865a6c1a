"""Queries whose text is made once give what the same query gives when it is made anew."""

import pytest

from models.core.imported_range import ImportedRange
from models.core.prepared import prepared
from models.core.published import with_unpublished
from models.customers import Customer
from models.people import User


@prepared
def owned(owner, least):
    customers = Customer.select(Customer, User).join(User, on=Customer.owner)
    return customers.where(Customer.owner == owner, Customer.id >= least).order_by(Customer.id)


def names(owner, least=0):
    return [(row.name, row.owner.name) for row in owned(owner.id, least)]


def test_each_call_has_its_own_values_and_rows(firm):
    before = names(firm.li)
    assert before and names(firm.wang) == [] and names(firm.li) == before
    more = Customer.enter(firm.li, name="新客户")
    assert names(firm.li) == [*before, ("新客户", "李销售")]
    assert names(firm.li, more.id) == [("新客户", "李销售")]
    owned(firm.li.id, 0)[0].name = "changed and not saved"
    assert names(firm.li)[:-1] == before


def test_rows_of_an_unpublished_import_stay_hidden(firm):
    row = Customer.enter(firm.li, name="versteckt")
    ImportedRange.create(import_id=1, name="customer", first=row.id, last=row.id)
    assert "versteckt" not in dict(names(firm.li))
    with with_unpublished():
        assert "versteckt" in dict(names(firm.li))
    assert "versteckt" not in dict(names(firm.li))


def test_a_query_that_looks_at_its_values_is_refused(firm):
    @prepared
    def wrong(owner):
        return Customer.select().where(Customer.owner == owner.id)

    with pytest.raises(AttributeError):
        wrong(firm.li)
