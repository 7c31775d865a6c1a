"""Each contact gets the mails they are marked for, and none about what they may not see."""

import datetime as dt
import re

import pytest

from models import dunning
from models.adapters.outbox import Mail
from models.care import occasion
from models.core.clock import at, now
from models.core.errors import Refused
from models.customers import Contact, Customer
from models.dunning import Reminder

MARKS = ("gets_invoices", "gets_reminders", "gets_statements", "gets_greetings")


def marks_of(contact):
    return [getattr(Contact.get_by_id(contact.id), name) for name in MARKS]


def test_a_lunar_birthday_is_entered_without_a_year_and_shown(firm, sign_in):
    browser = sign_in(firm.li)
    data = {"name": "Lu", "email": "lu@a.test", "language": "zh", "gets_greetings": "y"}
    page = f"/customers/{firm.a.id}/contacts/new"
    answer = browser.post(page, data={**data, "lunar_month": "6", "lunar_day": "0"})
    assert answer.status_code == 422 and "Choose month and day" in answer.text
    browser.post(page, data={**data, "lunar_month": "6", "lunar_day": "12", "lunar_leap": "y"})
    made = Contact.get(Contact.name == "Lu")
    assert (made.lunar_month, made.lunar_day, made.lunar_leap) == (6, 12, True)
    firm.anna.revise(firm.li, birthday=dt.date(1990, 3, 10), birthday_lunar=True)
    shown = browser.get(f"/customers/{firm.a.id}?tab=contacts").text
    assert "Chinese calendar: leap month 6, day 12" in shown
    assert "Chinese calendar: month 2, day 14" in shown


def test_the_first_contact_gets_all_and_others_greetings(firm, sign_in):
    assert marks_of(firm.anna) == [True] * 4
    second = firm.a.add_contact(firm.li, name="Only a birthday", email="second@a.test")
    assert marks_of(second) == [False, False, False, True]
    assert 'name="gets_reminders" type="checkbox"' in (
        sign_in(firm.li).get(f"/customers/{firm.a.id}/contacts/new").text
    )


def test_a_first_contact_made_while_issuing_leads_back(firm, sign_in):
    """With the address that was typed for the company."""
    paper = firm.approved(customer=Customer.enter(firm.li, name="Nordic", email="hi@nordic.test"))
    li, issue = sign_in(firm.li), f"/documents/{paper.id}/issue"
    path = re.search(r'href="([^"]+/contacts/new[^"]*)"', li.get(issue).text)[1]
    assert 'value="hi@nordic.test"' in li.get(path).text
    sent = {"name": "Anna", "email": "hi@nordic.test", "language": "en", "sees_company": "y"}
    answer = li.post(path, data=sent)
    assert answer.location.startswith(issue) and "hi@nordic.test" in li.get(issue).text
    assert 'value="hi@nordic.test"' not in li.get(path).text


def test_mails_go_to_those_who_are_marked(firm):
    second = firm.a.add_contact(firm.li, name="Second", email="second@a.test")
    firm.issued(price="10")
    with at(now() + dt.timedelta(days=32)):
        assert [c.name for c in dunning.preview()[0].contacts] == ["Anna"]
        second.revise(firm.li, gets_reminders=True, gets_greetings=False)
        firm.anna.revise(firm.li, gets_reminders=False)
        dunning.run_due()
    assert [m.recipient for m in Reminder.get().mails()] == ["second@a.test"]
    assert second not in list(occasion.reachable()) and firm.anna in list(occasion.reachable())


def test_marked_for_invoices_is_ticked_for_invoices_only(firm):
    second = firm.a.add_contact(
        firm.li, name="Books", email="books@a.test", gets_invoices=True, gets_reminders=False
    )
    for kind, expected in (("invoice", [firm.anna, second]), ("order", [])):
        paper = firm.issued(kind, price="10")
        possible = paper.possible_receivers()
        assert possible == [firm.anna, second]
        assert paper.marked_receivers(possible) == expected


def test_contacts_of_before_are_proposed_as_before(firm):
    Contact.update(gets_invoices=False).execute()
    paper = firm.issued(price="10")
    assert paper.marked_receivers(paper.possible_receivers()) == []


def test_who_may_not_see_a_document_is_not_offered_it(firm, sign_in):
    paper = firm.issued(price="10")
    page = sign_in(firm.li).get(f"/documents/{paper.id}/sending").text
    assert "anna@a.test" in page and "amin@a.test" not in page
    with pytest.raises(Refused) as no:
        paper.send(firm.li, [firm.amin])
    assert no.value.code == "contact_sees_not" and not Mail.about(paper).exists()
    own = firm.issued(price="10", contact=firm.amin)
    assert own.possible_receivers() == [firm.amin, firm.anna]


def test_the_customer_page_tells_who_was_invited(firm, sign_in):
    browser, path = sign_in(firm.li), f"/customers/{firm.a.id}?tab=contacts"
    assert "never invited to the portal" in browser.get(path).text
    firm.anna.invite(firm.li, link=lambda code: code)
    assert "not accepted yet" in browser.get(path).text
    firm.anna.set_password("correct horse battery", firm.anna)
    page = browser.get(path).text
    assert "portal user" in page and "not accepted yet" not in page
