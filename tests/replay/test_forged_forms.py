"""Requests that another page makes in one's name, and fields that no form of ours has."""

import re

import pytest

from models.core.database import db
from models.core.model import tables
from models.people import User
from tests import arguments, things
from tests.replay.good_forms import ENDPOINTS, good_form
from tests.spoiling import dump, fields_read
from tests.support.sets import FULL, fully, one_in
from tests.support.undo import undone
from tests.test_audience import NOTED, ROLES, expected, path_of
from tests.valid_forms.fields import filled

MARK = "42424242"


@pytest.mark.asvs("3.5.1")
def test_crater_779_no_post_is_taken_without_the_form_s_token(app, firm, sign_in):
    """A page elsewhere could post to it in the name of whoever was signed in."""
    app.config["WTF_CSRF_ENABLED"] = True
    browsers = {who: sign_in(who) for who in (firm.ada, firm.fang, firm.anna)}
    one_click = {
        "opt_outs.create"
    }  # RFC 8058: the secret in its address is the token, and mail programs send no other
    headers = {}, {"HX-Request": "true"}
    ways = [(browser, header) for browser in browsers.values() for header in headers]
    for number, rule in enumerate(app.url_map.iter_rules()):
        if "POST" in rule.methods and rule.endpoint not in one_click:
            values = {
                name: {
                    "form": "csv",
                    "page": "mail",
                    "purpose": "password",
                    "target": "customers",
                }.get(name, 1)
                for name in rule.arguments
            }
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, values)
            for browser, header in fully([ways[number % len(ways)]], ways):
                answer = browser.post(path, data={"idempotency_key": "k" * 20}, headers=header)
                assert answer.status_code == 400, path


def test_crater_779_nor_with_the_token_of_another_session(app, firm, sign_in):
    """A token of one's own, planted into a page for somebody else, counts for nobody else."""
    app.config["WTF_CSRF_ENABLED"] = True

    def token_of(browser):
        return re.search(r'CSRFToken": "([^"]+)', browser.get("/").text)[1]

    li, fang = sign_in(firm.li), sign_in(firm.fang)
    foreign, before = token_of(fang), None
    own = token_of(li)
    for endpoint in (endpoint for endpoint in ENDPOINTS if one_in(4, endpoint)):
        with undone():
            who, path, fields, _strangers, _enter = good_form(app, firm, sign_in, endpoint)
            if who == "li":
                before = dump()
                form = {**filled(fields), "csrf_token": foreign}
                assert li.post(path, data=form).status_code == 400, endpoint
                assert li.post(path, data=filled(fields), headers={"X-CSRFToken": foreign})
                assert dump() == before
    assert before and li.post("/language", data={"language": "en", "csrf_token": own}).location


@pytest.mark.on_sqlite  # which counts the rows that change
def test_crater_779_reading_changes_nothing(app, firm, sign_in):
    """Whatever a GET does, a picture in a strange page can do: all are asked twice, and HEAD."""
    made, changed = things.make(firm), []
    browsers = {who: sign_in(getattr(firm, who)) for who in ROLES if hasattr(firm, who)}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        kind = "id" in rule.arguments and arguments.kind_of(rule)
        thing = made[kind][0] if kind else None
        reader = next((who for who in browsers if expected(who, view, thing) == ()), None)
        if not reader or not one_in(6, rule):
            continue
        path = path_of(rule, thing and thing.id)
        browsers[reader].get(path)
        before = changes()
        browsers[reader].get(path)
        if changes() != before:  # what is stored of it is compared only then, which takes longer
            state = dump()
            for method in ("HEAD", "GET"):
                browsers[reader].open(path, method=method)
            if dump() != state and not NOTED.search(rule.endpoint):
                changed.append(rule.endpoint)
    assert changed == []


def changes():
    return db.connection().total_changes


def columns():
    """Every name that a column has, and the ids of what it names."""
    return {
        name
        for table in tables()
        for field in table._meta.sorted_fields
        for name in (field.name, field.column_name, f"{field.name}_id")
    }


@pytest.mark.on_sqlite  # forms are read the same there
def test_faveo_4157_no_column_is_written_that_the_form_does_not_name(app, firm, sign_in):
    """`role=admin` beside one's own name and address made an administrator of a customer.

    Every form with every column of every table beside its own fields: none of it is stored."""
    wrong, tried = [], 0
    for endpoint in ENDPOINTS:
        if endpoint == "autosaves.create" or not one_in(8, endpoint):
            continue
        with undone():
            _who, path, fields, _strangers, signed_in = good_form(app, firm, sign_in, endpoint)
            browser = signed_in()
            named = {*fields, *fields_read(app.view_functions[endpoint])}
            more = {name: MARK for name in columns() - named if not name.startswith("line-")}
            with undone():
                plain = browser.post(path, data=filled(fields)).status_code
            status = signed_in().post(path, data={**more, **filled(fields)}).status_code
            tried += status in (200, 303)
            if status != plain or stored(MARK):
                wrong.append((endpoint, plain, status, stored(MARK)))
    assert not wrong and tried > (90 if FULL else 8)


def stored(word):
    """Where the database has the word."""
    skipped = {"IdempotencyKey", "Autosave", "Attempt"}
    return [
        table.__name__
        for table in tables()
        if table.__name__ not in skipped
        and word in repr(db.execute_sql(f'SELECT * FROM "{table._meta.table_name}"').fetchall())
    ]


def test_faveo_4157_nobody_gives_a_role_to_oneself(app, firm, sign_in):
    """The same, by the very fields that make an administrator, in each form of who is none."""
    rights = {
        "roles": ["admin", "sales"],
        "role": "admin",
        "is_admin": "1",
        "admin": "on",
        "team": str(firm.chen.team_id),
        "superior": "",
        "sees_company": "y",
        "customer": str(firm.b.id),
        "owner": str(firm.chen.id),
    }
    before = {user.id: user.roles for user in User.select()}
    for endpoint in ENDPOINTS:
        with undone():
            who, path, fields, _strangers, signed_in = good_form(app, firm, sign_in, endpoint)
            if who in ("li", "anna", "link") and one_in(10, endpoint):
                browser = signed_in()
                more = {k: v for k, v in rights.items() if k not in fields}
                browser.post(path, data={**filled(fields), **more})
                assert {u.id: u.roles for u in User.select()} == before, endpoint
                assert type(firm.amin).get_by_id(firm.amin.id).sees_company is False, endpoint
                assert type(firm.anna).get_by_id(firm.anna.id).customer_id == firm.a.id, endpoint
                assert type(firm.a).get_by_id(firm.a.id).owner_id == firm.li.id, endpoint
