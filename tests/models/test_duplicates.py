"""Customers that may be one are found by name, tax id, mail and phone, until somebody says that
they are different."""

from itertools import combinations

import pytest

from models.core import journal
from models.core.errors import Forbidden
from models.customers import Customer, CustomerKey, KeptApart, duplicates, keys
from models.insights import portrait
from models.operations import upkeep


def found(person, but=None, **data):
    return [(c.name, kinds) for c, kinds in duplicates.alike(person, but, **data)]


@pytest.mark.parametrize(
    "data, kinds",
    [
        ({"name": "北京甲公司\u200b"}, ["name"]),
        ({"name": "北京甲有限公司"}, ["near"]),
        ({"name": "Other", "tax_id": "9111 0000 ma00 0000 0x"}, ["tax_id"]),
        ({"name": "Other", "email": "ANNA@a.test "}, ["mail"]),
        ({"name": "Other", "phone": "+86 10 1234-5678"}, ["phone"]),
        ({"name": "北京甲公司", "phone": "(010)12345678"}, ["name", "phone"]),
        ({"name": "Other", "email": "", "phone": "", "tax_id": ""}, None),
    ],
)
def test_what_another_customer_has_is_found(firm, data, kinds):
    firm.a.revise(firm.li, phone="010-12345678")
    assert found(firm.li, **data) == ([("北京甲公司", kinds)] if kinds else [])
    assert found(firm.li, firm.a, **data) == []
    assert found(firm.chen, **data) == []  # not his customer: nothing is told of it


def test_the_keys_follow_every_verb(firm):
    firm.a.revise(firm.li, name="Renamed", phone="13800138000")
    firm.anna.revise(firm.li, email="new@a.test")
    assert found(firm.li, name="北京甲公司") == [] and found(firm.li, email="anna@a.test") == []
    assert found(firm.li, name="renamed", email="new@a.test") == [("Renamed", ["name", "mail"])]
    assert keys.differences() == []
    CustomerKey.update(value="x").where(CustomerKey.kind == "name").execute()
    assert len(keys.differences()) == 4
    upkeep.rebuild()
    assert keys.differences() == []
    CustomerKey.delete().execute()
    upkeep.fill_new()
    assert keys.differences() == []


def test_a_new_one_is_not_saved_until_it_is_said_to_be_different(firm):
    saved, others = duplicates.save(firm.li, None, name="北京甲公司")
    assert saved is None and [c.id for c, _kinds in others] == [firm.a.id]
    assert Customer.select().count() == 2
    saved, _others = duplicates.save(firm.li, None, different=True, name="北京甲公司")
    assert KeptApart.of(saved.id) == {firm.a.id}
    assert duplicates.groups(firm.li) == []
    assert duplicates.save(firm.li, saved, name="北京甲公司", tags=["x"])[0] == saved
    assert [e.action for e in firm.a.events][-1] == "kept_apart"
    assert journal.verify() == []


def test_only_what_was_changed_is_compared(firm):
    twin = Customer.enter(firm.li, name="北京甲公司", code="A2")
    assert duplicates.save(firm.li, twin, tags=["x"])[0] == twin
    assert duplicates.save(firm.li, twin, email="anna@a.test")[0] is None


def test_groups_say_why_and_forget_what_is_different(firm):
    near = Customer.enter(firm.li, name="北京甲有限公司", email="anna@a.test")
    same = Customer.enter(firm.li, name="北京甲公司")
    Customer.enter(firm.chen, name="北京甲公司")  # another team's: Li is told nothing of it
    told = [({c.id for c in group.customers}, group.kinds) for group in duplicates.groups(firm.li)]
    assert told == [({firm.a.id, near.id, same.id}, ["name", "mail"])]
    duplicates.keep_apart(firm.li, [(firm.a, same)])
    assert [group.kinds for group in duplicates.groups(firm.li)] == [["mail", "near"]]
    duplicates.keep_apart(firm.li, list(combinations((firm.a, near, same), 2)))
    assert duplicates.groups(firm.li) == [] and len(duplicates.groups(firm.fang)) == 1


def test_one_that_was_merged_is_recognised_as_its_main_one(firm):
    twin = Customer.enter(firm.li, name="Twin", phone="13800138000")
    twin.merge_into(firm.li, firm.a)
    assert duplicates.groups(firm.li) == []
    assert found(firm.li, name="twin", phone="13800138000") == [("北京甲公司", ["name", "phone"])]


def test_who_may_not_edit_both_keeps_nothing_apart(firm):
    for person in (firm.li, firm.zhao):
        with pytest.raises(Forbidden):
            duplicates.keep_apart(person, [(firm.a, firm.b)])
    assert not KeptApart.select().exists()


def test_the_timeline_names_no_customer_that_the_reader_does_not_see(firm):
    duplicates.keep_apart(firm.fang, [(firm.a, firm.b)])
    firm.b.merge_into(firm.fang, firm.a)
    Customer.get_by_id(firm.b.id).separate(firm.fang)

    def named(person):
        happened = portrait.timeline(person, Customer.get_by_id(firm.a.id), [], [], [], [])
        return sum("Beta Ltd" in str(h.event.facts) for h in happened if h.event)

    assert (named(firm.fang), named(firm.li)) == (3, 0)
    assert "Beta Ltd" in str(firm.a.events[-1].facts), "the journal keeps it"
