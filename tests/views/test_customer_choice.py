"""A form offers the customers of a small firm all, of a large one those that are typed."""

import re

import pytest

from models.customers import Customer
from views.staff import customer_choice


@pytest.fixture
def few_offered(monkeypatch, app):
    monkeypatch.setattr(customer_choice, "MOST", 1)
    return app


def offered(page):
    return re.findall(r'<option[^>]* value="(\d+)"', page)


PAGES = ("/documents/new", "/statements/new", "/disputes/new", "/follow-ups/new", "/payments/new")


@pytest.mark.parametrize("path", PAGES)
def test_a_form_offers_no_more_customers_than_a_page_takes(firm, sign_in, few_offered, path):
    page = sign_in(firm.fang if path in ("/payments/new", "/statements/new") else firm.li).get(path)
    select = page.text.partition('name="customer"')[2].partition("</select>")[0]
    assert len([i for i in offered(select) if i != "0"]) == 1


def test_who_is_chosen_is_offered_too(firm, sign_in, monkeypatch):
    monkeypatch.setattr(customer_choice, "MOST", 0)
    page = sign_in(firm.li).get(f"/documents/new?customer={firm.a.id}").text
    assert f'<option value="{firm.a.id}"' in page


def test_what_is_typed_finds_ones_own_active_customers(firm, sign_in):
    ask = sign_in(firm.li).get
    assert offered(ask("/customers/choice/", query_string={"q": firm.a.name}).text) == [
        str(firm.a.id)
    ]
    assert not offered(ask("/customers/choice/", query_string={"q": firm.b.name}).text)
    assert str(firm.a.id) in offered(ask("/customers/choice/").text)
    Customer.get_by_id(firm.a.id).revise(firm.ada, active=False)
    assert not offered(ask(f"/customers/choice/?active=1&q={firm.a.code or firm.a.name}").text)


def test_a_follow_up_takes_a_customer_who_was_typed(firm, sign_in, monkeypatch):
    monkeypatch.setattr(customer_choice, "MOST", 0)
    data = {"customer": firm.a.id, "kind": "call", "what": "Call", "due_on": "+1", "owner": 0}
    data["idempotency_key"] = "k" * 24
    assert sign_in(firm.li).post("/follow-ups/new", data=data).status_code == 303
