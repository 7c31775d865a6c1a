"""Queries whose text is made once give what the same query gives when it is made anew."""

import peewee as pw
import pytest

from models.core.imported_range import ImportedRange
from models.core.model import tables
from models.core.prepared import prepared, prepared_part
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


@prepared
def renamed(ident, name):
    return Customer.update(name=name).where(Customer.id == ident)


def test_what_only_writes_is_prepared_too(firm):
    assert renamed(firm.a.id, "甲") == [] and Customer.get_by_id(firm.a.id).name == "甲"
    assert Customer.get_by_id(firm.b.id).name == "Beta Ltd"


@prepared_part
def ids_owned(owner):
    return Customer.select(Customer.id).where(Customer.owner == owner)


def test_a_part_stands_in_other_queries_with_the_values_of_each(firm):
    for person in (firm.li, firm.chen, firm.fang):
        plain = Customer.select().where(Customer.owner == person.id)
        kept = Customer.select().where(Customer.id.in_(ids_owned(person.id)), Customer.id > 0)
        assert list(kept) == list(plain)


def test_every_row_is_read_as_peewee_reads_it(firm, monkeypatch):
    """Also by its key."""
    firm.issued(price="10").copy(by=firm.li)
    filled = [cls for cls in tables() if cls.__name__ != "Model" and cls.select().exists()]
    assert len(filled) > 15
    for cls in filled:
        key = cls._meta.primary_key
        ours = [row.__data__ for row in cls.select().order_by(key)]
        with monkeypatch.context() as plain:
            plain.delattr(type(cls.select()), "_get_model_cursor_wrapper")
            plain.delattr(type(cls.select()), "__sql_selection__")
            theirs = [row.__data__ for row in cls.select().order_by(key)]
        assert ours == theirs, cls
        assert [cls.get(key == row[key.name]).__data__ for row in ours] == ours, cls


def test_one_row_that_is_not_there(firm):
    with pytest.raises(Customer.DoesNotExist):
        Customer.get_by_id(900)
    with pytest.raises(Customer.DoesNotExist):
        Customer.get_by_id(None)
    assert Customer.get(Customer.id == pw.Value(firm.a.id)) == firm.a
