"""The ageing page: each figure opens exactly the documents behind it; salespeople see their own
customers'."""

import datetime as dt
import io
import re

from openpyxl import load_workbook

from models.core.clock import today
from models.customers import Customer
from models.payments import Payment
from tests.models.test_receivables import take_in


def figures(page):
    return [
        (href.replace("&amp;", "&"), text)
        for href, text in re.findall(
            r'<a href="(/receivables/items\?[^"]*bucket[^"]*)"><span class="money">([^<]*)', page
        )
    ]


def test_each_figure_opens_its_documents(firm, sign_in):
    browser = sign_in(firm.fang)
    for i, days in enumerate((0, 10, 20, 45, 100, 400)):
        take_in(firm, f"X{i}", 1000 + i, days)
    take_in(firm, "U1", 5000, 45, currency="USD")
    page = browser.get("/receivables/").get_data(as_text=True)
    found = figures(page)
    assert len(found) == 2 * (5 + 1)  # each customer's row, and the foot below it
    for href, text in found:
        items = browser.get(href).get_data(as_text=True)
        assert f'figure-value">{text}<' in items, href
    assert ">X1<" in browser.get(found[1][0]).get_data(as_text=True) and ">X3<" not in browser.get(
        found[1][0]
    ).get_data(as_text=True)


def test_a_salesperson_sees_only_the_own_customers(firm, sign_in):
    take_in(firm, "X1", 1000, 10)
    take_in(firm, "Y1", 2000, 10, customer=firm.b)
    page = sign_in(firm.chen).get("/receivables/").get_data(as_text=True)
    assert "Beta Ltd" in page and "北京甲公司" not in page
    assert ">X1<" not in sign_in(firm.chen).get("/receivables/items").get_data(as_text=True)
    assert ">X1<" not in sign_in(firm.chen).get(
        f"/receivables/items?customer={firm.a.id}"
    ).get_data(as_text=True)


def test_files_hold_the_same_figures(firm, sign_in):
    take_in(firm, "X1", 123456, 10)
    Payment.receive(firm.fang, firm.a, "CNY", 100)
    browser = sign_in(firm.fang)
    rows = list(
        load_workbook(io.BytesIO(browser.get("/receivables/export.xlsx").data)).active.values
    )
    assert rows[1][:4] == ("北京甲公司", "CNY", 0, 1234.56) and rows[1][-1] == 1
    assert (
        b"X1" in browser.get("/receivables/items.csv?bucket=1").data
        and b"X1" not in browser.get("/receivables/items.csv?bucket=2").data
    )


def test_the_page_of_a_past_day_and_rubbish_in_the_address(firm, sign_in):
    take_in(firm, "X1", 1000, 10)
    browser = sign_in(firm.fang)
    before = today() - dt.timedelta(days=11)
    assert "No receivables" in browser.get(f"/receivables/?day={before}").get_data(as_text=True)
    for query in ("day=abc", "bucket=x", "bucket=99", "by=x", "customer=²", "currency=XXX"):
        assert browser.get(f"/receivables/items?{query}").status_code == 200


def test_a_page_beyond_the_last_one_is_the_last(firm, sign_in):
    for n in range(52):
        take_in(firm, f"X{n}", 1000 + n, customer=Customer.create(name=f"Debtor {n:02}"))
    browser = sign_in(firm.fang)
    first, last, beyond = (
        re.findall(r"Debtor \d\d", browser.get(f"/receivables/?page={n}").get_data(as_text=True))
        for n in (1, 2, 99)
    )
    assert first[0] == "Debtor 51" and {*last} == {"Debtor 01", "Debtor 00"} and beyond == last


def test_the_limits_page_shows_how_much_is_used(firm, sign_in):
    firm.a.revise(firm.fang, credit_limit=2000)
    take_in(firm, "X1", 1000, 10)
    page = sign_in(firm.fang).get("/receivables/limits").get_data(as_text=True)
    assert "北京甲公司" in page and "50%" in page
    order = firm.draft("order", price="100")
    shown = sign_in(firm.li).get(f"/documents/{order.id}").get_data(as_text=True)
    assert "Over limit by" in shown and "103.00" in shown
