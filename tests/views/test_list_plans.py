"""How the database goes about a list: in the order that is asked for, until a page is full. The
plans are those of a database without statistics, so an empty firm shows them."""

import re

import pytest
from flask import request

from models.adapters import search
from models.core.database import db
from models.customers import Customer
from models.documents import Document
from tests.views.test_lists import ids_of, many  # noqa: F401
from views import list_words
from views.lists import Listing
from views.staff import document_list

ROLES = {"sales": "li", "manager": "wang", "finance": "fang", "admin": "ada"}
LARGE = "document|customer|due_item|allocation|search_entry"
SORTS = [sort for name in document_list.SORTS for sort in (name, f"-{name}")]


@pytest.mark.on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_no_list_of_documents_is_gathered_and_sorted(firm, sign_in, asked, role):
    browser = sign_in(getattr(firm, ROLES[role]))
    for sort in SORTS:
        asked.clear()
        assert browser.get(f"/documents/?sort={sort}").status_code == 200
        [(sql, params)] = [s for s in asked if "sort_key" in s[0]]
        plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
        assert not [step for step in plan if "TEMP B-TREE" in step], sort
        scans = [step for step in plan if re.match(f"SCAN ({LARGE})", step)]
        assert all("USING" in step for step in scans) or sort.endswith("id"), (sort, scans)


def plan_of(asked, *words):
    """How the one statement with these words is answered."""
    [(sql, params)] = [s for s in asked if all(word in s[0] for word in words)]
    return [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]


@pytest.mark.on_sqlite
def test_events_of_a_document_are_not_looked_for_among_all_that_was_never_written_off(
    firm, sign_in, asked
):
    invoice = firm.issued()
    browser = sign_in(firm.li)
    asked.clear()
    assert browser.get(f"/documents/{invoice.id}").status_code == 200
    plan = plan_of(asked, "UNION ALL", '"allocation"', 'FROM "event"')
    assert not [step for step in plan if "allocation_write_off_id" in step], plan


@pytest.mark.on_sqlite
def test_a_customers_account_is_read_by_its_days(firm, sign_in, asked):
    browser = sign_in(firm.fang)
    asked.clear()
    assert browser.get(f"/statements/new?customer={firm.a.id}").status_code == 200
    plan = plan_of(asked, "'voiding'", "'write_off'", '"due_on"')
    assert [step for step in plan if "issued_on>?" in step], plan
    assert [step for step in plan if "voided_on>?" in step], plan
    assert [step for step in plan if "received_on>?" in step], plan
    plan = plan_of(asked, '"paid_part"', '"write_off"', '"due_item"')
    assert not [step for step in plan if step.startswith("SCAN allocation")], plan


@pytest.mark.on_sqlite
@pytest.mark.parametrize("who", ["li", "wang", "fang"])
def test_who_owes_for_longest_is_read_by_due_date_and_not_sorted(firm, sign_in, asked, who):
    browser = sign_in(getattr(firm, who))
    asked.clear()
    assert browser.get("/").status_code == 200
    plan = plan_of(asked, 'SELECT "t1"."customer", "t1"."currency" FROM', '"due_item"')
    assert not [step for step in plan if "TEMP B-TREE FOR ORDER BY" in step], plan


@pytest.mark.on_sqlite
@pytest.mark.parametrize("sort", ["-date", "net"])
def test_the_documents_of_a_figure_are_counted_and_sorted_without_reading_them(
    firm, sign_in, asked, sort
):
    browser = sign_in(firm.ada)
    asked.clear()
    assert browser.get(f"/insights/papers?sort={sort}").status_code == 200
    of_figure = [s for s in asked if 'FROM "document"' in s[0] and "issued_on" in s[0]]
    assert len(of_figure) == 4
    for sql, params in of_figure:
        plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
        assert [step for step in plan if "COVERING INDEX document_of_a_figure" in step], plan


# Sorted after they are gathered: lists that never have many rows by all, others by these.
FEW = {
    *("/people/", "/archive/einvoices/", "/insights/papers", "/findings/", "/follow-ups/"),
    *("/disputes/", "/feedback/", "/refunds/", "/reminders/", "/statements/", "/portal/disputes/"),
}
GATHERED = {
    *(("/archive/", "customer"), ("/products/", "price")),
    ("/payments/", "customer"),
    *(("/portal/documents/", name) for name in ("number", "date", "total")),
}
OF_A_TEAM = {("/customers/", name) for name in ("name", "code", "currency", "terms", "limit")}


def lists(app, monkeypatch, browser):
    """{path: sorts} of each list that the person may open."""
    found, made = {}, Listing.__init__

    def noted(self, name, query, sorts, default):
        found[request.path] = set(sorts)
        made(self, name, query, sorts, default)

    monkeypatch.setattr(Listing, "__init__", noted)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and "." not in rule.rule:
            browser.get(rule.rule)
    return found


@pytest.mark.on_sqlite
@pytest.mark.parametrize("role", [*ROLES, "contact"])
def test_no_list_is_gathered_and_sorted_to_show_its_first_page(
    app, firm, sign_in, asked, monkeypatch, role
):
    browser = sign_in(getattr(firm, (ROLES | {"contact": "anna"})[role]))
    gathered = set()
    for path, sorts in lists(app, monkeypatch, browser).items():
        for sort in [s for name in sorts if path not in FEW for s in (name, f"-{name}")]:
            asked.clear()
            assert browser.get(f"{path}?sort={sort}").status_code == 200
            for sql, params in [s for s in asked if "sort_key" in s[0]]:
                plan = db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
                if any("TEMP B-TREE" in row[3] for row in plan):
                    gathered.add((path, sort.removeprefix("-")))
    assert gathered <= GATHERED | (OF_A_TEAM if role in ("sales", "manager") else set())


@pytest.mark.parametrize("role", ["sales", "admin"])
@pytest.mark.parametrize(
    "word",
    (
        *("R-1", "r-10", "客户", "客户 3", "户", "ef-2", "zzz", "%", "R_1", "7", "ＲＥＦ-2"),
        *("r-", "f", "F-", "-5", "客", "华", "zz", "r- 户"),
    ),
)
def test_a_word_finds_what_looking_through_all_finds(many, sign_in, monkeypatch, role, word):  # noqa: F811
    for n, document in enumerate(Document.select().order_by(Document.id)):
        customer = Customer.get(Customer.name == f"客户 {n % 7}")
        number, reference = f"R-{n}" if n % 3 else None, f"ref-{n}"
        rows = Document.update(number=number, reference=reference, customer=customer)
        rows.where(Document.id == document.id).execute()
    search.rebuild()
    browser = sign_in(getattr(many, ROLES[role]))
    for name in ("MOST_ROWS", "MOST_CUSTOMERS"):
        monkeypatch.setattr(list_words, name, 5 if role == "admin" else 1000)
    found = found_by(browser, word)
    for name in ("MOST_ROWS", "MOST_CUSTOMERS"):
        monkeypatch.setattr(list_words, name, -1)  # looks through all
    assert found == found_by(browser, word)
    assert bool(found) == (word not in ("zzz", "%", "R_1", "华", "zz"))


def found_by(browser, word):
    page = browser.get("/documents/", query_string={"q": word}).text
    return ids_of(page + "<tbody>", "documents")


@pytest.mark.on_sqlite
@pytest.mark.parametrize("column", ["owes", "overdue", "last"])
def test_what_customers_owe_is_joined_by_an_index_to_sort_by_it(firm, sign_in, asked, column):
    browser = sign_in(firm.ada)
    asked.clear()
    browser.get(f"/customers/?sort={column}")
    [(sql, params)] = [s for s in asked if "sort_key" in s[0]]
    plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
    assert [step for step in plan if re.match(r"SEARCH standing .*\(customer=\?", step)], plan


@pytest.mark.on_sqlite
@pytest.mark.parametrize("role", ROLES)
def test_who_owes_is_not_gathered_and_sorted_and_what_was_billed_not_looked_up(
    firm, sign_in, asked, role
):
    firm.issued(price="10")
    assert sign_in(getattr(firm, ROLES[role])).get("/receivables/").status_code == 200
    steps = plan_of(asked, 'ORDER BY "t1"."currency", "t1"."open" DESC')
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    steps = plan_of(asked, '"t1"."total" ELSE')
    assert any("COVERING INDEX document_billed" in step for step in steps), steps
