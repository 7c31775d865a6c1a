"""Every list: sorting, paging, filters, files and acts on many, from the query string alone."""

import csv
import datetime as dt
import io
import re
import secrets
import zipfile

import pytest
from openpyxl import load_workbook

from models.core.clock import at, now
from models.customers import Customer
from models.documents import Document
from models.payments import Payment
from models.people.saved_filter import SavedFilter
from models.products import Product
from models.receivables import due_item
from models.receivables.balance import money_state
from views import lists

LISTS = {
    "documents": ("id", "number", "kind", "customer", "date", "due", "state", "total"),
    "customers": ("name", "code", "currency", "terms", "limit"),
    "products": ("code", "name", "category", "price"),
    "payments": ("id", "number", "customer", "date", "amount"),
    "people": ("name", "email"),
    "reminders": ("id", "number", "customer", "date", "total"),
}


@pytest.fixture
def many(firm):
    """Sixty drafts, customers and products with ties and empty values."""
    for i in range(60):
        Customer.create(
            name=f"客户 {i % 7}",
            code=f"K{i}" if i % 3 else None,
            owner=firm.li,
            credit_limit=i % 4 * 100 or None,
            tags=["VIP"] if i % 2 else [],
        )
        Product.create(code=f"c{i}", name=f"n{i % 5}", price=i % 3)
        Document.create(
            kind="invoice",
            customer=firm.a,
            owner=firm.li,
            currency="CNY",
            language="zh",
            date=dt.date(2026, 1, 1 + i % 9),
            due_on=dt.date(2026, 2, 1 + i % 5) if i % 2 else None,
            total=i % 6,
        )
    return firm


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": secrets.token_urlsafe(18), **data})


def ids_of(page, name):
    kind = {
        "documents": r'/documents/(\d+)"',
        "customers": r'/customers/(\d+)"',
        "products": r'/products/(\d+)/edit"',
    }[name]
    return [int(i) for i in re.findall(kind, page.split("<tbody>")[1])]


@pytest.mark.parametrize("name, count", [("documents", 60), ("customers", 62), ("products", 61)])
def test_each_row_comes_once_under_every_sort(many, sign_in, name, count):
    browser = sign_in(many.fang)
    for sort in [s for key in LISTS[name] for s in (key, "-" + key)]:
        seen, path = [], f"/{name}/?sort={sort}"
        while path:
            page = browser.get(path).text
            seen += ids_of(page, name)
            found = re.search(r'href="([^"]*after=[^"]*)" rel="next"', page)
            path = f"/{name}/" + found[1].replace("&amp;", "&") if found else None
        assert len(seen) == len(set(seen)) == count, sort


@pytest.mark.parametrize("name", LISTS)
def test_strange_sorts_and_marks_begin_at_the_start(many, sign_in, name):
    browser = sign_in(many.ada if name == "people" else many.fang)
    good = browser.get(f"/{name}/").status_code
    for query in (
        "sort=password",
        "sort=--id",
        "sort=-",
        "after=x",
        "after=WzEsMl0=",
        "after=WyJcdTAwMDAiLDFd",
        "after=" + "A" * 4000,
        "since=x&until=0001-01-01",
        "owner=²&customer=999999999999",
        "state=bribe&kind=bribe",
        "q=%25'--",
    ):
        assert browser.get(f"/{name}/?{query}").status_code == good == 200, query


@pytest.mark.parametrize("name", LISTS)
def test_a_file_holds_what_the_filter_shows(many, sign_in, name):
    browser = sign_in(many.ada if name == "people" else many.fang)
    rows = list(
        csv.reader(io.StringIO(browser.get(f"/{name}/export.csv").data.decode("utf-8-sig")))
    )
    book = load_workbook(io.BytesIO(browser.get(f"/{name}/export.xlsx").data)).active
    assert book.max_row == len(rows) and [c.value for c in book[1]] == rows[0]
    none = list(
        csv.reader(
            io.StringIO(
                browser.get(f"/{name}/export.csv?q=nothing-like-this").data.decode("utf-8-sig")
            )
        )
    )
    assert len(none) == 1


def test_files_hold_numbers_days_and_no_formulas(firm, sign_in):
    Customer.enter(firm.fang, name="=HYPERLINK(1)", code="+1")
    firm.issued(price="10", reference="@x")
    browser = sign_in(firm.fang)
    assert "'=HYPERLINK(1)" in browser.get("/customers/export.csv").data.decode("utf-8-sig")
    row = [
        c.value
        for c in load_workbook(io.BytesIO(browser.get("/documents/export.xlsx").data)).active[2]
    ]
    assert row[-1] == 11.3 and isinstance(row[4], dt.datetime) and row[1] == "Invoice"
    browser.set_cookie("language", "zh")
    assert "发票" in browser.get("/documents/export.csv").data.decode("utf-8-sig")


def test_money_states_agree_with_each_invoice(firm, sign_in):
    papers = [firm.issued(price="10", terms_days=days) for days in (0, 30, 30, 30)]
    Document.update(due_on=dt.date(2020, 1, 1)).where(Document.id == papers[0].id).execute()
    due_item.rebuild()
    Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(papers[1], 1130)])
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(papers[2], 100)])
    browser = sign_in(firm.fang)
    for state in ("overdue", "paid", "partly_paid", "open"):
        shown = ids_of(browser.get(f"/documents/?state={state}").text, "documents")
        assert (
            shown == [p.id for p in papers if money_state(Document.get_by_id(p.id)) == state]
            and len(shown) == 1
        )


def test_a_sellers_list_and_file_hold_no_strangers(firm, sign_in):
    firm.issued(price="10")
    firm.issued(price="10", customer=firm.b, by=firm.chen)
    browser = sign_in(firm.chen)
    for path in ("/documents/", "/documents/export.csv", "/customers/", "/customers/export.csv"):
        assert "北京甲公司" not in browser.get(path).data.decode("utf-8-sig")


def test_acts_on_many_tell_each_outcome(firm, sign_in):
    ready, draft = firm.approved(price="10"), firm.draft(price="10")
    stranger = firm.approved(price="10", customer=firm.b, by=firm.chen)
    browser = sign_in(firm.li)
    answer = post(
        browser,
        "/documents/bulk",
        act="issue",
        ids=[ready.id, draft.id, stranger.id],
        next="/documents/",
    )
    page = browser.get(answer.location).text
    assert (
        Document.get_by_id(ready.id).state == "issued"
        and "1 done." in page
        and "北京甲公司: This was changed in the meantime" in page
    )
    assert (
        Document.get_by_id(stranger.id).state == "approved"
        and Document.get_by_id(draft.id).state == "draft"
    )
    assert post(browser, "/documents/bulk", act="send", ids=[ready.id]).status_code == 303
    assert post(browser, "/documents/bulk", act="approve", ids=[ready.id]).status_code == 409
    assert post(browser, "/documents/bulk", act="issue").status_code == 409


def test_the_zip_holds_own_issued_papers(firm, sign_in):
    papers = [
        firm.issued(price="10"),
        firm.issued(price="10", customer=firm.b, by=firm.chen),
        firm.draft(),
    ]
    answer = sign_in(firm.li).post("/documents/zip", data={"ids": [p.id for p in papers]})
    assert zipfile.ZipFile(io.BytesIO(answer.data)).namelist() == [f"{papers[0].number}.pdf"]


def test_customers_and_products_in_one_go(firm, sign_in):
    browser = sign_in(firm.fang)
    assert (
        post(
            browser, "/customers/bulk", act="tag", tag="VIP", ids=[firm.a.id, firm.b.id]
        ).status_code
        == 303
    )
    assert set(ids_of(browser.get("/customers/?tag=VIP").text, "customers")) == {
        firm.a.id,
        firm.b.id,
    }
    post(browser, "/customers/bulk", act="owner", owner=firm.chen.id, ids=[firm.a.id])
    assert Customer.get_by_id(firm.a.id).owner == firm.chen and Customer.get_by_id(
        firm.a.id
    ).tags == ["VIP"]
    assert post(browser, "/customers/bulk", act="tag", tag="", ids=[firm.a.id]).status_code == 422
    post(browser, "/products/bulk", act="off", ids=[firm.pen.id])
    assert not Product.get_by_id(firm.pen.id).active


def test_filters_are_kept_for_oneself(firm, sign_in):
    browser = sign_in(firm.fang)
    answer = post(
        browser, "/filters/", page="documents", name="Late", query="state=overdue&sort=due&after=x"
    )
    assert answer.location == "/documents/?state=overdue&sort=due"
    assert '<a href="?state=overdue&amp;sort=due">Late</a>' in browser.get("/documents/").text
    assert "Late" not in sign_in(firm.wang).get("/documents/").text
    kept = SavedFilter.get()
    assert post(sign_in(firm.wang), f"/filters/{kept.id}/forget").status_code == 404
    assert post(browser, "/filters/", page="settings", name="x", query="").status_code == 409
    assert (
        post(browser, f"/filters/{kept.id}/forget").status_code == 303
        and not SavedFilter.select().exists()
    )


def test_a_tab_ends_with_its_sums_and_each_row_with_its_act(firm, sign_in):
    firm.draft()
    with at(now() - dt.timedelta(days=60)):
        firm.issued(price="100", terms_days=10)
        firm.issued(price="70", currency="EUR", terms_days=10)
    browser = sign_in(firm.fang)
    page = browser.get("/documents/?tab=overdue").text
    assert 'id="document-sums"' in page and page.count(">Record<") == 2
    assert "Edit" in sign_in(firm.li).get("/documents/?tab=draft").text
    assert ">Record<" not in sign_in(firm.li).get("/documents/?tab=overdue").text
    sums = browser.get("/documents/tabs?tab=overdue").text.partition('id="document-sums"')[2]
    assert [*re.findall(r"<b>([\d.,]+)</b> (\w+)", sums)] == [("113.00", "CNY"), ("79.10", "EUR")]
    assert "document-sums" not in browser.get("/documents/?tab=overdue&q=x").text


def test_an_exported_list_names_each_column_once_and_what_stands_in_it(app, firm, sign_in):
    firm.issued(price="100")
    ada = sign_in(firm.ada)
    for rule in sorted(r.rule for r in app.url_map.iter_rules() if r.endpoint.endswith(".export")):
        if "<int" in rule or "(csv,xlsx)" not in rule:
            continue
        text = ada.get(rule.replace("<any(csv,xlsx):form>", "csv")).data.decode("utf-8-sig")
        heads = next(csv.reader(io.StringIO(text)))
        assert len(set(heads)) == len(heads), rule
    rows = csv.DictReader(io.StringIO(ada.get("/documents/export.csv").data.decode("utf-8-sig")))
    assert next(rows)["Tax"] == "13.00"
    assert "manager" not in ada.get("/people/export.csv").text


def test_a_file_holds_each_row_once_in_the_order_of_the_list(many, sign_in, monkeypatch):
    browser = sign_in(many.fang)
    for sort in ("-id", "due", "-customer", "total"):
        monkeypatch.setattr(lists, "PORTION", 500)
        whole = browser.get(f"/documents/export.csv?sort={sort}").get_data(as_text=True)
        monkeypatch.setattr(lists, "PORTION", 7)
        assert browser.get(f"/documents/export.csv?sort={sort}").get_data(as_text=True) == whole
        assert len(whole.splitlines()) == 61
    monkeypatch.setattr(lists, "MOST_EXPORTED", 20)
    assert len(browser.get("/documents/export.csv").get_data(as_text=True).splitlines()) == 21
