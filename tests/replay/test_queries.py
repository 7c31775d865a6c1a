"""What stands in an address or a form reached the text of a query: as a column, alias, order."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.replay.canaries import paths
from tests.replay.good_forms import ENDPOINTS, good_form
from tests.support.queries import counted
from tests.support.sets import one_in, some
from tests.support.undo import undone

MARK = "zq9"  # stands in no query of ours
SQL = [
    f"{MARK}' OR '1'='1",
    f'{MARK}" OR "1"="1',
    f"{MARK}); DROP TABLE customer; --",
    f"1 UNION SELECT {MARK}, password FROM user --",
    f"-{MARK}",
    f"name,(SELECT 1 FROM {MARK})",
    f"{MARK}.id",
    f"id; SELECT pg_sleep(9) -- {MARK}",
    f"customer__{MARK}",
    f"{MARK}`",
    f"%{MARK}%_\\",
    f"{MARK}\\'",
]
NAMES = sorted(
    {
        name
        for path in Path("views").rglob("*.py")
        for name in re.findall(
            r"""(?:query_\w+|args\.get|args\.getlist|values\.get)\(\s*"(\w+)\"""", path.read_text()
        )
    }
    | {"sort", "after", "page", "order_by"}
)


@pytest.fixture
def browsers(firm, sign_in):
    firm.issued()
    return [sign_in(who) for who in (firm.ada, firm.fang, firm.anna)]


def asked(app):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments - {"form", "name", "id"}:
            yield paths(rule, 1)[0]


@pytest.mark.parametrize("text", some(2, SQL))
def test_django_cve_2026_1287_no_value_of_an_address_stands_in_a_query(app, browsers, text):
    """Names of columns and aliases were taken from what the request filtered by.

    Every parameter that a page reads, at every page: it is a parameter of a query, or nowhere."""
    query = "&".join(f"{name}={quote(text)}" for name in NAMES)
    assert len(NAMES) > 20
    for path in asked(app):
        for number, browser in enumerate(browsers):
            if one_in(8, path, text, number):
                with counted() as sent:
                    assert browser.get(f"{path}?{query}").status_code < 500, path
                assert not [sql for sql, _place in sent if MARK in sql.lower()], path


@pytest.mark.parametrize("text", some(2, SQL))
def test_django_cve_2026_1312_no_name_of_a_parameter_does_either(app, browsers, text):
    """`order_by` took dots and more from the names of a dictionary that the request had filled."""
    query = "&".join(f"{quote(name)}=1" for name in (text, f"sort[{text}]", f"sort.{text}"))
    for path in asked(app):
        if one_in(8, path, text):
            with counted() as sent:
                assert browsers[1].get(f"{path}?{query}&sort={quote(text)}").status_code < 500
            assert not [sql for sql, _place in sent if MARK in sql.lower()], path


def test_django_cve_2026_1312_a_list_is_sorted_by_its_own_columns_alone(app, firm, browsers):
    """An unknown column sorts as if none was asked: the same rows, in the same order."""
    for n in range(3):
        firm.issued(price=str(n + 1))
    for path in ("/documents/", "/customers/", "/payments/", "/products/", "/receivables/items"):
        plain = rows_of(browsers[1].get(path).text)
        for text in some(5, ["password", SQL[5], "--number", "1", "customer_id", *SQL]):
            answer = browsers[1].get(f"{path}?sort={quote(text)}")
            assert answer.status_code == 200 and rows_of(answer.text) == plain, (path, text)


def rows_of(text):
    return re.findall(r'<tr[^>]* id="([^"]+)"', text)


def test_erpnext_2026_44446_no_field_of_a_form_stands_in_a_query(app, firm, sign_in):
    """Filters sent in a body were put into SQL by name and by value.

    Each form, each of its texts: what the database is sent as text has nothing of them."""
    tried = 0
    for endpoint in (endpoint for endpoint in ENDPOINTS if one_in(8, endpoint)):
        with undone():
            _who, path, fields, _strangers, signed_in = good_form(app, firm, sign_in, endpoint)
            browser = signed_in()
            for number, text in enumerate(some(2, SQL)):
                form = {
                    name: text if isinstance(value, str) else value
                    for name, value in fields.items()
                }
                form |= {f"{text}": "1", "idempotency_key": f"{'k' * 20}-{number}"}
                with counted() as sent:
                    answer = browser.post(path, data=form)
                assert answer.status_code < 500, (endpoint, text)
                assert not [sql for sql, _place in sent if MARK in sql.lower()], endpoint
                tried += 1
    assert tried > 10
