"""The run looked at and sent, holds, promises, levels, bounces and calendars as pages."""

import datetime as dt
import re
import secrets

import pytest

from models import dunning
from models.adapters.outbox import Mail
from models.adapters.printing import pictures
from models.company import Company
from models.core.clock import at, now, today
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Hold, Promise, Reminder, ReminderLevel
from models.insights import digest
from models.payments import Payment, open_balance


def post(browser, path, **data):
    return browser.post(path, data={"idempotency_key": secrets.token_urlsafe(18), **data})


@pytest.fixture
def late(firm):
    """An invoice of each customer, 40 days past its due date."""
    with at(now() - dt.timedelta(days=70)):
        papers = [firm.issued(price="1000"), firm.issued(price="10", customer=firm.b, by=firm.chen)]
    Mail.delete().execute()
    return papers


def test_the_run_is_looked_at_and_only_the_ticked_are_sent(firm, late, sign_in):
    fang = sign_in(firm.fang)
    page = fang.get("/reminders/run").text
    assert (
        "anna@a.test" in page
        and "bob@b.test" in page
        and "1,130.00" in page
        and "Payment reminder" in page
    )
    assert post(fang, "/reminders/run", ids=[f"{firm.b.id}-CNY"]).status_code == 303
    assert [r.customer for r in Reminder.select()] == [firm.b]
    assert "already reminded today" in fang.get("/reminders/run").text
    assert (
        post(fang, "/reminders/run").status_code == 409
        and post(fang, "/reminders/run", ids=["x", "1-"]).status_code == 409
    )
    post(fang, "/reminders/run", ids=[f"{firm.a.id}-CNY", f"{firm.b.id}-CNY"])
    post(fang, "/reminders/run", ids=[f"{firm.a.id}-CNY", f"{firm.b.id}-CNY"])
    assert Reminder.select().count() == 2


def test_the_preview_says_why_someone_gets_none_and_shows_no_strangers(firm, late, sign_in):
    Hold.place(firm.li, firm.a, reason="agreement", until=today() + dt.timedelta(days=5))
    Dispute.raise_(firm.bob, customer=firm.b, document=late[1], reason="price", text="x")
    page = sign_in(firm.fang).get("/reminders/run").text
    assert (
        "paused until" in page
        and "Instalment plan" in page
        and "fully excluded" in page
        and "disputed 11.30" in page
    )
    assert (
        "Beta Ltd" not in sign_in(firm.li).get("/reminders/run").text
        and "北京甲公司" in sign_in(firm.li).get("/reminders/run").text
    )
    assert post(sign_in(firm.li), "/reminders/run", ids=[f"{firm.a.id}-CNY"]).status_code == 403


def test_who_has_no_address_is_named_and_gets_no_letter(firm, late, sign_in):
    firm.anna.revise(firm.li, email="")
    fang = sign_in(firm.fang)
    assert "no contact with an email address receives" in fang.get("/reminders/run").text
    post(fang, "/reminders/run", ids=[f"{firm.a.id}-CNY", f"{firm.b.id}-CNY"])
    assert [r.customer for r in Reminder.select()] == [firm.b]
    assert "1 customer was not reminded" in fang.get("/reminders/").text


def test_unapplied_credit_is_offered_first_and_allocated_by_one_button(firm, late, sign_in):
    Payment.receive(firm.fang, firm.a, "CNY", 50000)
    fang, plan = sign_in(firm.fang), f"{firm.a.id}-CNY"
    assert f'name="plan" value="{plan}"' in fang.get("/reminders/run").text
    assert 'name="plan"' not in sign_in(firm.li).get("/reminders/run").text
    assert post(sign_in(firm.li), "/reminders/credit", plan=plan).status_code == 403
    assert post(fang, "/reminders/credit", plan=plan).status_code == 303
    assert open_balance(late[0]) == late[0].total - 50000
    assert 'name="plan"' not in fang.get("/reminders/run").text
    assert post(fang, "/reminders/credit", plan=plan).status_code == 409


def test_a_letter_shows_each_recipient_and_is_marked_as_bounced_by_hand(firm, late, sign_in):
    dunning.run_due()
    Mail.update(state="sent").execute()
    letter, fang = Reminder.get(Reminder.customer == firm.a), sign_in(firm.fang)
    mail = letter.mails()[0]
    page = fang.get(f"/reminders/{letter.id}").text
    assert "anna@a.test" in page and "Sent" in page and f'value="{mail.id}"' in page
    assert (
        post(
            fang, f"/reminders/{letter.id}/bounces", mail=mail.id, reason="电话里说没收到"
        ).status_code
        == 303
    )
    assert "Bounced" in fang.get(f"/reminders/{letter.id}").text and "没收到" in fang.get("/").text
    assert (
        post(fang, f"/reminders/{letter.id}/bounces", mail=mail.id, reason="x").status_code == 409
    )
    other = Reminder.get(Reminder.customer == firm.b).mails()[0]
    assert (
        post(fang, f"/reminders/{letter.id}/bounces", mail=other.id, reason="x").status_code == 409
    )
    assert Mail.get_by_id(other.id).state == "sent"


def test_the_customer_promises_and_sees_it(firm, late, sign_in):
    anna, day = sign_in(firm.anna), (today() + dt.timedelta(days=7)).isoformat()
    assert (
        post(
            anna, f"/portal/documents/{late[0].id}/promises", amount="500", day=day, note="下周"
        ).status_code
        == 303
    )
    assert Promise.get().amount == 50000 and dunning.amount_on_hold(late[0]) == 50000
    assert "Promised" in anna.get(f"/portal/documents/{late[0].id}").text
    assert "promised 500.00" in sign_in(firm.fang).get("/reminders/run").text
    answer = post(
        anna,
        f"/portal/documents/{late[0].id}/promises",
        amount="5",
        day="2999-01-01",
        note="很久以后",
    )
    assert answer.status_code == 422 and "很久以后" in answer.text and Promise.select().count() == 1
    assert (
        post(
            sign_in(firm.bob), f"/portal/documents/{late[0].id}/promises", amount="5", day=day
        ).status_code
        == 404
    )


def test_a_hold_is_placed_and_ended_on_its_page(firm, late, sign_in):
    li = sign_in(firm.li)
    assert "Note a promise" in li.get(f"/holds/?invoice={late[0].id}").text
    post(
        li,
        "/holds/",
        customer=firm.a.id,
        invoice=late[0].id,
        reason="clarifying",
        until=today().isoformat(),
        note="查账",
    )
    assert "查账" in li.get("/holds/").text and dunning.amount_on_hold(late[0]) == late[0].total
    post(li, f"/holds/{Hold.get().id}/end")
    assert (
        dunning.amount_on_hold(late[0]) == 0
        and "查账" not in sign_in(firm.chen).get("/holds/").text
    )


def test_a_level_is_changed_and_a_taken_day_keeps_what_was_typed(firm, sign_in):
    fang = sign_in(firm.fang)
    level = ReminderLevel.get(ReminderLevel.days == 7)
    data = {
        "days": "10",
        "interest": "4.35",
        "title_zh": "二",
        "title_en": "Second",
        "text_zh": "请付款",
        "text_en": "Pay {total}",
        "active": "y",
    }
    assert fang.post(f"/reminders/levels/{level.id}/edit", data=data).status_code == 303
    assert (
        ReminderLevel.get_by_id(level.id).interest == 435
        and "Second" in fang.get("/reminders/levels/").text
    )
    answer = fang.post("/reminders/levels/new", data={**data, "days": "14", "title_en": "Third"})
    assert (
        answer.status_code == 422 and "Third" in answer.text and ReminderLevel.select().count() == 5
    )
    assert sign_in(firm.li).get("/reminders/levels/").status_code == 403


def test_the_administrator_says_when_letters_go_out(firm, sign_in):
    assert post(sign_in(firm.ada), "/reminders/levels/clock", hour="9").status_code == 303
    assert (
        Company.current().setting("reminders_automatic"),
        Company.current().setting("reminder_hour"),
    ) == (False, 9)
    assert "sent manually only" in sign_in(firm.fang).get("/reminders/run").text


def test_due_dates_as_a_calendar(firm, late, sign_in):
    Payment.receive(firm.fang, firm.b, "CNY", late[1].total, allocations=[(late[1], late[1].total)])
    answer = sign_in(firm.anna).get("/portal/reminders/due.ics")
    text = answer.get_data().decode()
    assert (
        answer.content_type.startswith("text/calendar")
        and text.startswith("BEGIN:VCALENDAR\r\n")
        and text.endswith("END:VCALENDAR\r\n")
    )
    assert f"DTSTART;VALUE=DATE:{late[0].due_on:%Y%m%d}" in text and text.count("BEGIN:VEVENT") == 1
    assert (
        f"SUMMARY:{late[0].number} is due: 1\\,130.00 CNY" in text
        and f"/portal/documents/{late[0].id}" in text
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "VEVENT" not in sign_in(firm.bob).get("/portal/reminders/due.ics").text, (
        "what is paid is no date any more"
    )
    assert sign_in(firm.amin).get("/portal/reminders/due.ics").text.count("VEVENT") == 0
    assert sign_in(firm.li).get("/reminders/due.ics").text.count("BEGIN:VEVENT") == 1


def test_the_digest_comes_once_a_week_and_tells_each_their_own(firm, late):
    Dispute.raise_(
        firm.anna, customer=firm.a, document=late[0], amount=100, reason="price", text="x"
    )
    Mail.delete().execute()
    digest.mail_week("http://x"), digest.mail_week("http://x")
    mails = {m.recipient: m for m in Mail.select()}
    assert (
        set(mails) == {f"{n}@firm.test" for n in ("wang", "li", "chen", "fang")}
        and Mail.select().count() == 4
    )
    assert mails["li@firm.test"].context["overdue"] == [["CNY", 1, 113000]] and mails[
        "chen@firm.test"
    ].context["overdue"] == [["CNY", 1, 1130]]
    assert (
        mails["fang@firm.test"].context["overdue"] == [["CNY", 2, 114130]]
        and mails["chen@firm.test"].context["disputes"] == []
    )
    with at(now() + dt.timedelta(days=7)):
        digest.mail_week("http://x")
    assert Mail.select().count() == 8
    subject, text, _html = __import__("app").write_mail(mails["li@firm.test"])
    assert "1,130.00 CNY" in text and "D-1" in text and subject.startswith("华信商贸")


def test_nothing_to_tell_is_no_digest(firm):
    digest.mail_week()
    Company.current().revise(firm.ada, settings={"weekly_digest": False})
    assert (
        not Mail.select().where(Mail.template == "digest").exists()
        and Document.select().count() == 0
    )


def test_the_preview_warns_of_an_address_from_which_the_last_mail_came_back(firm, late, sign_in):
    dunning.run_due()
    Mail.update(state="sent").execute()
    Mail.get(Mail.recipient == "anna@a.test").mark_bounced("no such user")
    with at(now() + dt.timedelta(days=1)):
        assert Mail.bouncing(["anna@a.test", "amin@a.test", "x@x.test"]) == {"anna@a.test"}
    put = dict(to="anna@a.test", template="sign_in", language="en", context={})
    Mail.enqueue("later", **put)
    assert Mail.bouncing(["anna@a.test"]) == {"anna@a.test"}
    Mail.update(state="sent").where(Mail.key == "later").execute()
    assert Mail.bouncing(["anna@a.test"]) == set()


def test_a_promise_that_was_kept_says_so(firm, late, sign_in):
    Promise.give(firm.fang, late[0], 10000, today())
    Promise.update(open_then=open_balance(late[0]) + 10000).execute()
    assert 'badge-kept">Kept</span>' in sign_in(firm.fang).get(f"/holds/?customer={firm.a.id}").text
    assert (
        'badge-kept">Kept</span>' in sign_in(firm.anna).get(f"/portal/documents/{late[0].id}").text
    )


def test_a_letter_is_shown_as_the_customer_has_it(firm, late, sign_in):
    dunning.run_due()
    letter, fang = Reminder.get(Reminder.customer == firm.a), sign_in(firm.fang)
    assert f'hx-get="/reminders/{letter.id}/sheets"' in fang.get(f"/reminders/{letter.id}").text
    pictures.make_waiting()
    page = fang.get(f"/reminders/{letter.id}").text
    address = re.search(rf'src="(/reminders/{letter.id}/sheets/[^"]+)"', page)[1]
    assert fang.get(address).mimetype == "image/png" and letter.number in page
