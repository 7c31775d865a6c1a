"""Today: what waits for whom with its act, the money of the month, and what is new."""

import datetime as dt
import re

from models import dunning
from models.adapters.outbox import RESTORED, UNSURE, Mail
from models.approvals import Task
from models.care import FollowUp
from models.core.clock import at, now, today
from models.core.lease import Lease
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Hold, Promise
from models.governance import Finding, check
from models.operations.backup import restore
from models.operations.news import news
from models.payments import Payment
from tests.support.queries import counted

MOST_QUERIES = 44


def rows(page, group):
    """The rows of a group on Today, each as its plain words."""
    piece = page.partition(f'id="work-{group}"')[2].partition("</section>")[0]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in re.findall(r"<li[^>]*>(.*?)</li>", piece, re.S)
    ]


def test_who_decides_approves_on_the_row_what_is_shown(firm, sign_in):
    firm.pen.revise(firm.li, price=60_000_0000)
    draft = Document.draft(firm.li, "invoice", firm.a, [firm.line("5000", product=firm.pen.id)])
    draft.submit(by=firm.li)
    browser = sign_in(firm.wang)
    page = browser.get("/").text
    (row,) = rows(page, "approve")
    assert "李销售 · today" in row and "Below list price" in row and "5,650.00 CNY" in row
    act, key = re.search(
        r'action="(/tasks/\d+/approval)".*?idempotency_key" value="([^"]+)"', page, re.S
    ).groups()
    answer = browser.post(act, data={"idempotency_key": key, "next": "/"})
    assert answer.status_code == 303 and Document.get_by_id(draft.id).state == "approved"
    assert not rows(browser.get("/").text, "approve")
    assert not rows(sign_in(firm.li).get("/").text, "approve")


def test_what_is_approved_waits_for_who_may_issue(firm, sign_in):
    paper = firm.draft(price="5000")
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    (row,) = rows(sign_in(firm.li).get("/").text, "send")
    assert firm.a.name in row and "Issue and send" in row and "王经理" in row
    assert f"/documents/{paper.id}/issue" in sign_in(firm.li).get("/").text
    for person in (firm.chen, firm.zhao):
        assert not rows(sign_in(person).get("/").text, "send")


def test_what_came_back_stands_before_other_drafts_with_its_reason(firm, sign_in):
    back = firm.draft(price="5000")
    back.submit(by=firm.li)
    Task.get().return_to(by=firm.wang, step=0, note="too dear")
    firm.draft()
    seen = rows(sign_in(firm.li).get("/").text, "continue")
    assert len(seen) == 2 and "Returned by 王经理: too dear" in seen[0]
    assert not rows(sign_in(firm.fang).get("/").text, "continue")


def test_who_is_late_is_called_with_what_was_tried(firm, sign_in):
    firm.anna.revise(firm.li, phone="+86 10 5555")
    with at(now() - dt.timedelta(days=60)):
        late = firm.issued(price="100", terms_days=10)
        firm.issued(price="200", terms_days=20)
        Promise.give(firm.li, late, 5000, today() + dt.timedelta(days=15))
        firm.issued(price="70", terms_days=10, customer=firm.b, by=firm.chen)
    (row,) = rows(sign_in(firm.li).get("/").text, "collect")
    assert "2 invoices overdue by up to 50 days" in row and "339.00 CNY" in row
    assert "did not" in row and "Call" in row and "Remind" not in row
    assert 'href="tel:+86 10 5555"' in sign_in(firm.li).get("/").text
    both = rows(sign_in(firm.fang).get("/").text, "collect")
    assert len(both) == 2 and all("Remind" in row for row in both)
    assert not rows(sign_in(firm.zhao).get("/").text, "collect")


def test_who_was_reminded_today_is_not_reminded_again(firm, sign_in):
    with at(now() - dt.timedelta(days=60)):
        firm.issued(price="100", terms_days=10)
    assert "Remind" in rows(sign_in(firm.fang).get("/").text, "collect")[0]
    assert dunning.run_due()
    (row,) = rows(sign_in(firm.fang).get("/").text, "collect")
    assert "reminded on" in row and "Remind" not in row
    with at(now() + dt.timedelta(days=1)):
        assert "Remind" in rows(sign_in(firm.fang).get("/").text, "collect")[0]


def test_who_need_not_pay_now_is_not_reminded(firm, sign_in):
    """Each thing that holds an invoice back: it may be called for, but no reminder claims it."""
    with at(now() - dt.timedelta(days=60)):
        invoice = firm.issued(price="100", terms_days=10)
    held = Hold.place(firm.fang, firm.a, reason="agreement", until=today() + dt.timedelta(days=9))
    (row,) = rows(sign_in(firm.fang).get("/").text, "collect")
    assert "on hold" in row and "Remind" not in row
    held.lift(firm.fang)
    assert "Remind" in rows(sign_in(firm.fang).get("/").text, "collect")[0]
    Payment.report(firm.anna, "CNY", 5000, today(), [(invoice.id, 5000)])
    assert "Remind" in rows(sign_in(firm.fang).get("/").text, "collect")[1]
    Payment.report(firm.anna, "CNY", 6300, today(), [(invoice.id, 6300)])
    assert "Remind" not in rows(sign_in(firm.fang).get("/").text, "collect")[2]


def test_money_that_customers_reported_waits_for_who_books_it(firm, sign_in):
    paper = firm.issued(price="100")
    Payment.report(firm.anna, "CNY", 11300, today(), [(paper.id, 11300)])
    (row,) = rows(sign_in(firm.fang).get("/").text, "collect")
    assert f"{firm.a.name} reported a payment" in row and "113.00 CNY" in row
    assert not rows(sign_in(firm.li).get("/").text, "collect")


def test_the_month_is_told_for_each_currency_apart_and_for_ones_own_customers(firm, sign_in):
    paper = firm.issued(price="100")
    firm.issued(price="70", currency="EUR")
    firm.issued(price="30", customer=firm.b, by=firm.chen)
    Payment.receive(firm.fang, firm.a, "CNY", 1300, allocations=[(paper, 1300)])

    def told(person):
        page = sign_in(person).get("/month").text
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]

    assert told(firm.fang) == ["CNY 146.90 13.00 –", "EUR 79.10 – –"]
    assert told(firm.li) == ["CNY 113.00 13.00 –", "EUR 79.10 – –"]
    assert sign_in(firm.zhao).get("/month").status_code == 403
    chart = sign_in(firm.fang).get("/?month=1").text
    assert chart.count('role="listitem" tabindex="0"') == 12 and "Received 13.00 CNY" in chart


def test_what_happened_since_yesterday_is_told_to_who_may_see_it(firm, sign_in):
    with at(now() - dt.timedelta(days=3)):
        old = firm.issued("order")
    order = firm.issued("order")
    order.confirm(firm.anna, "Anna")
    piece = sign_in(firm.li).get("/").text.partition('id="news"')[2]
    assert f"{order.number} confirmed by Anna" in piece and old.number not in piece
    assert f"{order.number} issued" not in piece
    assert order.number not in sign_in(firm.chen).get("/").text
    assert "Confirmed by the customer" in rows(sign_in(firm.li).get("/").text, "continue")[0]
    with at(now() + dt.timedelta(days=8)):
        assert order.number not in sign_in(firm.li).get("/").text


def test_a_complaint_waits_for_its_owner_with_the_day_of_the_answer(firm, sign_in):
    paper = firm.issued()
    with at(now() - dt.timedelta(days=30)):
        Dispute.raise_(
            firm.anna, customer=firm.a, document=paper, reason="quality", text="one carton short"
        )
    (row,) = rows(sign_in(firm.li).get("/").text, "reply")
    assert "Anna: one carton short" in row and paper.number in row and "reply was due on" in row
    assert not rows(sign_in(firm.fang).get("/").text, "reply")


def test_today_asks_no_more_for_many_rows_than_for_few(firm, sign_in):
    browser, found = sign_in(firm.wang), []
    for _n in range(2):
        for _m in range(3):
            firm.draft(price="5000").submit(by=firm.li)
            firm.approved()
            with at(now() - dt.timedelta(days=60)):
                firm.issued(terms_days=10)
        browser.get("/")
        with counted() as queries:
            browser.get("/")
        found.append(len(queries))
    assert found[0] == found[1] <= MOST_QUERIES, queries


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
    seen = rows(sign_in(firm.li).get("/").text, "do")
    mine = Finding.open().where(Finding.owner == firm.li).count()
    assert [row.split(" ")[0] for row in seen] == ["late", "call", str(mine)] and mine
    assert not rows(sign_in(firm.fang).get("/").text, "do")


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


def test_a_failed_job_is_told_in_words_and_its_cause_to_the_administrator(firm, sign_in):
    Lease.note("deliver mail", "NotSent: timed out")
    assert "NotSent" in sign_in(firm.ada).get("/").text
    told = sign_in(firm.li).get("/").text
    assert "Emails are not going out" in told and "NotSent" not in told


def test_news_goes_on_past_what_the_person_does_not_see(firm):
    papers = [firm.issued() for _ in range(7)]
    Document.update(state="discarded").where(Document.id.in_([p.id for p in papers[2:]])).execute()
    told = news(firm.fang.sees, 2)
    assert [paper.id for _event, paper in told] == [papers[1].id, papers[0].id]
    assert told[0][1].customer == firm.a
