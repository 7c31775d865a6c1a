"""A person who is a contact in both rows of a merged customer is greeted, asked and written to
once, and not at all where one of the two said no."""

import datetime as dt

import pytest

from models.care import Greeting, GreetingBatch, Occasion, Survey, greeting, opt_out
from models.core.clock import at
from models.customers import Customer
from models.insights.customer_mails import customer_mails


def fresh(row):
    return type(row).get_by_id(row.id)


@pytest.fixture
def twin(firm):
    """Anna stands in a second row of 北京甲公司 as well."""
    row = Customer.enter(firm.li, name="北京甲有限公司")
    row.add_contact(firm.li, name="Anna W.", email=" ANNA@a.test")
    for person in (firm.anna, row.contacts.get()):
        person.revise(firm.li, birthday=dt.date(1990, 3, 10))
    for occasion in ("birthday", "new_year"):
        Occasion.configure(firm.ada, occasion, True, 7)
    return row


def merge(firm, twin):
    fresh(twin).merge_into(firm.li, firm.a)


def on(text):
    return at(dt.datetime.fromisoformat(text) + dt.timedelta(hours=3))


def not_held():
    return [row.contact.name for row in Greeting.select().order_by(Greeting.id) if not row.why_held]


@pytest.mark.parametrize("day", ["2027-03-05", "2027-12-28"])  # before a birthday, and a feast
def test_one_greeting_is_laid_out(firm, twin, day):
    merge(firm, twin)
    with on(day):
        greeting.prepare()
        assert "Anna" in not_held()
    assert not Greeting.select().where(Greeting.contact == twin.contacts.get()).exists()


def test_of_two_that_were_laid_out_before_the_merging_one_is_sent(firm, twin):
    with on("2027-03-05"):
        greeting.prepare()
        assert not_held() == ["Anna", "Anna W."]
        merge(firm, twin)
        assert not_held() == ["Anna"]
        GreetingBatch.get().approve(firm.wang)
    with on("2027-03-10"):
        assert greeting.send_due() == 1 and greeting.send_due() == 0
    held = {row.contact.name: row.held for row in Greeting.select()}
    assert held == {"Anna": "", "Anna W.": "same_person"}


def test_where_the_first_is_left_out_the_other_is_greeted(firm, twin):
    with on("2027-03-05"):
        greeting.prepare()
        merge(firm, twin)
        GreetingBatch.get().leave_out(firm.wang, [Greeting.get(contact=firm.anna).id])
        assert not_held() == ["Anna W."]


def test_who_opted_out_as_the_one_gets_nothing_as_the_other(firm, twin):
    other = twin.contacts.get()
    opt_out.stop(firm.anna, firm.anna)
    merge(firm, twin)
    with on("2027-03-05"):
        greeting.prepare()
        assert not_held() == []
    assert Survey.ask(fresh(other), "delivery", "one") is None


def test_nobody_is_asked_twice_in_three_months_as_the_other_contact(firm, twin):
    merge(firm, twin)
    assert Survey.ask(fresh(firm.anna), "delivery", "one")
    assert Survey.ask(fresh(twin.contacts.get()), "delivery", "two") is None


def test_two_who_share_a_mailbox_in_one_row_stay_two(firm, twin):
    firm.amin.revise(firm.li, email="anna@a.test", birthday=dt.date(1980, 3, 11))
    merge(firm, twin)
    with on("2027-03-05"):
        greeting.prepare()
        assert sorted(not_held()) == ["Anna", "阿敏"]


def test_an_offer_goes_to_one_person_once_and_not_to_who_opted_out(firm, twin):
    other, letter = twin.contacts.get(), {"subject": "x", "text": "y"}

    def receivers():
        return [contact.name for contact, _ in customer_mails("campaign", [firm.a.id], letter)]

    merge(firm, twin)
    assert "Anna" in receivers() and "Anna W." not in receivers()
    opt_out.stop(fresh(other), fresh(other))
    assert "Anna" not in receivers() and "Anna W." not in receivers()
