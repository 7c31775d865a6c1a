"""Who is let in no more is out everywhere: sessions, codes, links of documents, calendar feeds."""

import pytest

from models.care import CalendarFeed
from models.core.errors import Refused
from models.customers import Contact, Customer
from models.documents import DocumentLink, LinkVisit
from models.people import Code, Session, User
from models.sign_in import sign_in

PASSWORD = "correct horse battery"
ENDS = {
    "a new password": lambda f: f.li.set_password("another horse battery", by=f.li),
    "other roles": lambda f: f.li.revise(f.ada, roles=["finance"]),
    "another address": lambda f: f.li.revise(f.ada, email="other@firm.test"),
    "switched off and on": lambda f: (f.li.disable(f.ada), f.li.enable(f.ada)),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_calendar_address_ends_with_the_sessions_of_its_person(firm, how):
    secret, others = CalendarFeed.make(firm.li), CalendarFeed.make(firm.chen)
    ENDS[how](firm)
    assert CalendarFeed.person(secret) is None and CalendarFeed.of(firm.li) is None
    assert CalendarFeed.person(others) == firm.chen


def test_a_calendar_address_stays_where_only_the_name_changes(firm):
    secret = CalendarFeed.make(firm.li)
    firm.li.revise(firm.ada, name="李四")
    assert CalendarFeed.person(secret) == User.get_by_id(firm.li.id)


def entered(firm):
    """Anna with all that lets her in: (session, code, link, visit)."""
    firm.anna.set_password(PASSWORD, by=firm.anna)
    link, code = DocumentLink.make(firm.issued(price="10"), firm.anna)
    return Session.start(firm.anna), Code.make("password", firm.anna), code, (link.visit(), link.id)


def opened(session, code, link, visit):
    """What of it still opens anything."""
    return [
        bool(found)
        for found in (
            Session.resume(session),
            Code.holder("password", code),
            DocumentLink.of_code(link),
            LinkVisit.resume(*visit),
        )
    ]


def test_contacts_of_a_customer_that_is_switched_off_are_out(firm):
    keys = entered(firm)
    assert opened(*keys) == [True] * 4
    firm.a.revise(firm.li, active=False)
    assert opened(*keys) == [False] * 4
    with pytest.raises(Refused, match="wrong_password"):
        sign_in(firm.anna.email, PASSWORD)
    assert Contact.by_email(firm.anna.email) == []
    anna = Contact.get_by_id(firm.anna.id)
    with pytest.raises(Refused, match="customer_off"):
        anna.invite(firm.li, lambda code: code)
    assert DocumentLink.make(firm.issued(price="10"), anna) == (None, "")
    assert Session.resume(Session.start(firm.bob)) == firm.bob


def test_what_was_open_stays_shut_when_the_customer_is_switched_on_again(firm):
    keys = entered(firm)
    firm.a.revise(firm.li, active=False)
    Customer.get_by_id(firm.a.id).revise(firm.li, active=True)
    assert opened(*keys) == [False] * 4
    assert sign_in(firm.anna.email, PASSWORD)[1] == firm.anna


def test_a_customer_switched_off_by_other_ways_lets_nobody_in(firm):
    """As by an older version, or under the one that it was merged into."""
    keys = entered(firm)
    Customer.update(active=False).where(Customer.id == firm.a.id).execute()
    assert opened(*keys) == [False] * 4
