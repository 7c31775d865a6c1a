"""A statement is two presses away: the month that has something in it, and send."""

import datetime as dt

from models.adapters.outbox import Mail
from models.core.clock import at, now, today
from models.receivables.statement import Statement
from tests.firm import KEY
from tests.support.forms import Forms


def month_before():
    last = today().replace(day=1) - dt.timedelta(days=1)
    return last.replace(day=1), last


def form_of(browser, firm):
    path = f"/statements/new?customer={firm.a.id}"
    page = browser.get(path)
    found = dict(Forms(path, page.text).found)["/statements/"]
    return page.text, {c.name: c.sent()[0] for c in found if c.sent()}


def test_it_opens_this_month_where_last_month_is_empty(firm, sign_in):
    firm.issued(price="100")
    _, form = form_of(sign_in(firm.fang), firm)
    assert form["since"] == today().replace(day=1).isoformat()
    assert form["until"] == today().isoformat()


def test_it_opens_last_month_where_something_happened_then(firm, sign_in):
    with at(now() - dt.timedelta(days=today().day)):
        firm.issued(price="100")
    page, form = form_of(sign_in(firm.fang), firm)
    assert (form["since"], form["until"]) == tuple(day.isoformat() for day in month_before())
    assert "This month" in page and "Last month" in page


def test_one_press_creates_and_sends_it(firm, sign_in):
    firm.issued(price="100")
    fang = sign_in(firm.fang)
    page, form = form_of(fang, firm)
    assert "anna@a.test" in page and "Create and send" in page
    answer = fang.post("/statements/", data=form | {"and_send": "1", "idempotency_key": KEY})
    assert answer.status_code == 303 and Statement.get().sent_at
    assert [m.recipient for m in Mail.select().where(Mail.template == "statement")] == [
        "anna@a.test"
    ]


def test_without_a_receiver_it_is_created_only(firm, sign_in):
    firm.issued(price="100")
    firm.anna.revise(firm.li, gets_statements=False)
    fang = sign_in(firm.fang)
    page, form = form_of(fang, firm)
    assert "Create and send" not in page
    fang.post("/statements/", data=form | {"idempotency_key": KEY})
    assert Statement.get().sent_at is None
    refused = fang.post("/statements/", data=form | {"and_send": "1", "idempotency_key": KEY + "2"})
    assert refused.status_code == 409 and Statement.select().count() == 1
