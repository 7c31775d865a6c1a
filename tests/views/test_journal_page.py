"""The page of the whole journal, for administrators."""

import datetime as dt

import pytest

from models.core.clock import at
from models.core.journal import Event


def test_it_shows_who_changed_what_with_old_and_new_value(app, firm, sign_in):
    firm.a.revise(firm.fang, credit_limit=500000, bank_account="6222 0001")
    page = sign_in(firm.ada).get("/journal/?kind=Customer").text
    for word in ("方财务", "Credit limit", "5,000.00 CNY", "6222 0001", f"#{firm.a.id}"):
        assert word in page


@pytest.mark.parametrize("who", ["li", "wang", "fang", "zhao"])
def test_it_is_for_administrators(app, firm, sign_in, who):
    browser = sign_in(getattr(firm, who))
    assert browser.get("/journal/").status_code == 403
    assert browser.get("/journal/export.csv").status_code == 403
    assert "/journal/" not in browser.get("/").text


def test_each_filter_leaves_what_it_names(app, firm, sign_in):
    with at(dt.datetime(2026, 3, 1, 20, 0)):  # the 2nd of March in Shanghai
        firm.a.revise(firm.fang, phone="010-1")
    with at(dt.datetime(2026, 3, 3, 2, 0)):
        firm.pen.revise(firm.li, unit="盒")
    browser = sign_in(firm.ada)
    rows = lambda query: browser.get(f"/journal/export.csv?{query}").text.splitlines()[1:]  # noqa: E731
    one = [row for row in rows("since=2026-03-02&until=2026-03-02")]
    assert len(one) == 1 and "010-1" in one[0]
    assert len(rows(f"who={firm.fang.id}&action=Customer.revised&thing={firm.a.id}")) == 1
    pen = rows(f"who={firm.li.id}&action=Product.revised")
    assert pen == rows("since=2026-03-03&until=2026-03-03") != []
    assert rows("who=Contact") == [] and len(rows("who=System")) >= 1


def test_an_act_of_an_earlier_version_is_shown_as_its_users(app, firm, sign_in):
    """ "LocalProxy" stays in the journal, byte for byte."""
    firm.a.revise(firm.fang, phone="1")
    Event.update(actor_type="LocalProxy").where(Event.id == Event.head().id).execute()
    page = sign_in(firm.ada).get(f"/journal/?who={firm.fang.id}&action=*.revised").text
    assert f"Colleague #{firm.fang.id}" in page
    assert "LocalProxy" not in page


def test_a_contact_who_signed_out_in_an_earlier_version_stays_a_contact(app, firm):
    event = firm.anna.record("signed_out", firm.anna)
    event.actor_type = "LocalProxy"
    assert event.actor_kind == "Contact"


def test_pages_follow_one_another_without_a_gap(app, firm, sign_in):
    for n in range(60):
        firm.a.revise(firm.li, phone=str(n))
    browser = sign_in(firm.ada)
    page = browser.get("/journal/?action=revised&kind=Customer").text
    following = page.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = browser.get("/journal/" + following.replace("&amp;", "&")).text
    assert page.count('class="lead nowrap"') + second.count('class="lead nowrap"') == 60
