"""Today: what waits, counted in full, and what else is due."""

import datetime as dt
import re

from models.adapters.outbox import RESTORED, UNSURE, Mail
from models.care import FollowUp
from models.core.clock import at, now, today
from models.core.lease import Lease
from models.governance import Finding, check
from models.operations.backup import restore
from models.payments import Payment


def figures(browser):
    """{label: value} of the figures on the home page."""
    page = browser.get("/").get_data(as_text=True)
    return dict(
        re.findall(r'figure-label">([^<]+)</span><span class="figure-value">([^<]+)<', page)
    )


def test_more_drafts_than_the_list_shows_are_all_counted(firm, sign_in):
    for _n in range(17):
        firm.draft()
    for _n in range(16):
        firm.approved()
    seen = figures(sign_in(firm.li))
    assert seen["My drafts"] == "17" and seen["Ready to issue"] == "16"


def test_what_customers_confirmed_this_week_is_shown_to_the_salesperson(firm, sign_in):
    order = firm.issued("order")
    title = "Confirmed by customers"
    assert title not in sign_in(firm.li).get("/").text
    order.confirm(firm.anna, "Anna")
    panel = sign_in(firm.li).get("/").text.partition(title)[2].partition("</section>")[0]
    assert order.number in panel
    assert title not in sign_in(firm.wang).get("/").text
    with at(now() + dt.timedelta(days=8)):
        assert title not in sign_in(firm.li).get("/").text


def test_reminders_that_reach_nobody_are_named_to_those_concerned(firm, sign_in):
    with at(now() - dt.timedelta(days=90)):
        firm.issued()
    for contact in (firm.anna, firm.amin):
        contact.revise(firm.li, gets_reminders=False)
    line = "can't be reminded"
    assert line not in sign_in(firm.li).get("/").text
    check.run()
    for person in (firm.li, firm.fang):
        page = sign_in(person).get("/").text
        assert line in page and firm.a.name in page.partition(line)[2]
    assert line not in sign_in(firm.chen).get("/").text
    firm.anna.revise(firm.li, gets_reminders=True)
    check.run()
    assert line not in sign_in(firm.fang).get("/").text


def test_follow_ups_of_today_and_found_faults_wait_too(firm, sign_in):
    FollowUp.plan(firm.li, firm.a, "call", today())
    FollowUp.plan(firm.li, firm.a, "late", today() - dt.timedelta(days=30))
    FollowUp.plan(firm.li, firm.a, "later", today() + dt.timedelta(days=1))
    FollowUp.plan(firm.chen, firm.b, "another's", today())
    check.run()
    seen = figures(sign_in(firm.li))
    mine = Finding.open().where(Finding.owner == firm.li).count()
    assert seen["Follow-ups due"] == "2" and seen.get("Findings to fix", "0") == str(mine) and mine
    assert "Follow-ups due" not in figures(sign_in(firm.fang))


def test_what_a_restore_did_to_a_waiting_mail_is_said_in_the_readers_language(firm, sign_in):
    Mail.enqueue(
        "a",
        to="anna@a.test",
        template="faults",
        language="zh",
        context={"name": "", "count": 0, "faults": []},
    )
    Mail.enqueue(
        "b",
        to="bob@b.test",
        template="faults",
        language="zh",
        context={"name": "", "count": 0, "faults": []},
    )
    restore.reset_after_restore({})
    Mail.update(error=f"{UNSURE}: timed out").where(Mail.key == "b").execute()
    browser = sign_in(firm.ada)
    browser.post("/language", data={"language": "zh"})
    page = browser.get("/").get_data(as_text=True)
    assert (
        RESTORED not in page and "从备份恢复" in page and UNSURE not in page and "timed out" in page
    )


def test_an_administrator_sees_that_the_clockwork_has_stopped(app, firm, sign_in):
    sentence = "emails and backups don"
    assert sentence in sign_in(firm.ada).get("/").text
    assert sentence not in sign_in(firm.li).get("/").text
    Lease.hold("scheduler", "one")
    assert sentence not in sign_in(firm.ada).get("/").text


def test_every_overdue_invoice_is_counted_and_the_oldest_is_shown_first(firm, sign_in):
    days = (5, 9, 2, *range(10, 24))
    late = {n: firm.issued(price="10", terms_days=n) for n in days}
    Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(late[9], 1130)])
    Payment.receive(firm.fang, firm.a, "CNY", 130, allocations=[(late[5], 130)])
    firm.issued(price="10", terms_days=90)
    with at(now() + dt.timedelta(days=40)):
        browser = sign_in(firm.li)
        page = browser.get("/").text
        numbers = re.findall(
            r'<a href="/documents/\d+">([^<]+)</a>', page.partition("Days overdue")[2]
        )
        assert figures(browser)["Overdue invoices"] == "16"
    assert numbers[:3] == [late[n].number for n in (2, 5, 10)] and "10.00" in page
