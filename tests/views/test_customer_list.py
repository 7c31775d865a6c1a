"""What the list of customers says of each: owes, overdue, last invoice."""

import datetime as dt
import re

from models.core.clock import at, now, today
from models.customers import Customer
from models.payments import Payment
from tests.support.queries import counted


def rows_of(browser, query=""):
    page = browser.get(f"/customers/{query}").text
    rows = re.findall(r"<tr>(?:(?!</tr>).)*?/customers/(\d+)\"(.*?)</tr>", page, re.S)
    return {int(ident): re.sub(r"<[^>]*>|\s+", " ", text) for ident, text in rows}


def test_each_row_tells_what_is_owed_overdue_and_the_last_invoice(firm, sign_in):
    with at(now() - dt.timedelta(days=90)):
        firm.issued(price="100")
    paid = firm.issued(price="70")
    Payment.receive(firm.fang, firm.a, "CNY", 7910, allocations=[(paid, 7910)])
    row = rows_of(sign_in(firm.fang))[firm.a.id]
    assert row.count("113.00") == 2 and str(today()) in row


def test_what_was_merged_counts_for_its_main_one(firm, sign_in):
    firm.issued(price="100", customer=firm.b, by=firm.chen)
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    assert "113.00" in rows_of(sign_in(firm.fang))[firm.a.id]


def test_the_newest_invoice_of_what_was_merged_counts_too(firm, sign_in):
    with at(now() - dt.timedelta(days=90)):
        firm.issued(price="100")
    with at(now() - dt.timedelta(days=30)):
        firm.issued(price="100", customer=Customer.enter(firm.li, name="C", owner=firm.li))
    firm.issued(price="100", customer=firm.b, by=firm.chen)
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    browser = sign_in(firm.fang)
    assert next(iter(rows_of(browser, "?sort=-last"))) == firm.a.id
    assert str(today()) in rows_of(browser)[firm.a.id]


def test_the_list_is_sorted_by_each_of_them(firm, sign_in):
    with at(now() - dt.timedelta(days=90)):
        firm.issued(price="100")
    firm.issued(price="500", customer=firm.b, by=firm.chen)
    browser = sign_in(firm.fang)
    for sort, first in (
        ("-owes", firm.b),
        ("owes", firm.a),
        ("-overdue", firm.a),
        ("-last", firm.b),
    ):
        assert next(iter(rows_of(browser, f"?sort={sort}"))) == first.id, sort


def test_more_customers_ask_no_more(firm, sign_in):
    browser, found = sign_in(firm.fang), []
    for _ in range(2):
        firm.issued(price="100")
        browser.get("/customers/")
        with counted() as queries:
            browser.get("/customers/")
        found.append(len(queries))
        for n in range(5):
            Customer.enter(firm.li, name=f"C{n}-{len(found)}")
    assert found[0] == found[1]
