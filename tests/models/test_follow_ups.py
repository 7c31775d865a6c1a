"""What colleagues owe customers: planned, put off, done, reminded of, read by a calendar
program."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.care import CalendarFeed, ContactPlan, FollowUp
from models.care.contact_plan import ics, plan_contacts
from models.care.follow_up import remind_due
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.operations import checks


def call(firm, days=3, **more):
    return FollowUp.plan(
        firm.li, firm.a, "问一下试用情况", today() + dt.timedelta(days=days), **more
    )


def test_a_follow_up_goes_to_the_customers_salesperson_and_is_told_in_the_journal(firm):
    row = FollowUp.plan(firm.fang, firm.a, "对一下账", today())
    assert row.owner == firm.li and row.state == "open" and not row.late
    assert [e.action for e in row.events] == ["planned"]
    row.postpone(firm.li, today() + dt.timedelta(days=2))
    row.done(firm.li, "已对清")
    fresh = FollowUp.get_by_id(row.id)
    assert (fresh.state, fresh.outcome, fresh.closed_on) == ("done", "已对清", today())
    assert [e.action for e in row.events] == [
        "planned",
        "postponed",
        "done",
    ] and checks.faults() == []


def test_what_cannot_be_planned_is_refused_and_leaves_nothing(firm):
    for who, customer, what, error in (
        (firm.zhao, firm.a, "x", Forbidden),
        (firm.chen, firm.a, "x", Forbidden),
        (firm.li, firm.a, "  ", Refused),
    ):
        with pytest.raises(error):
            FollowUp.plan(who, customer, what, today())
    with pytest.raises(Refused):
        FollowUp.plan(firm.li, firm.a, "x", today(), kind="party")
    assert not FollowUp.select().exists()


def test_only_an_open_one_is_closed_and_none_is_put_off_into_the_past(firm):
    row = call(firm)
    with pytest.raises(Refused, match="day_in_past"):
        row.postpone(firm.li, today() - dt.timedelta(days=1))
    row.drop(firm.li, "客户已停业")
    for verb in (
        lambda: row.done(firm.li),
        lambda: row.drop(firm.li),
        lambda: row.postpone(firm.li, today()),
    ):
        with pytest.raises(Refused, match="state_changed"):
            verb()


def test_each_sees_those_of_own_customers(firm):
    mine, other = call(firm), FollowUp.plan(firm.chen, firm.b, "visit", today(), kind="visit")
    given = FollowUp.plan(firm.chen, firm.b, "help", today(), owner=firm.li)
    seen = {
        who: set(getattr(firm, who).sees.follow_ups()) for who in ("li", "wang", "chen", "fang")
    }
    assert seen == {
        "li": {mine, given},
        "wang": {mine},
        "chen": {other, given},
        "fang": {mine, other, given},
    }


def test_the_morning_mail_comes_once_and_names_what_is_due(firm):
    call(firm, days=0), call(firm, days=9)
    with at(now() + dt.timedelta(days=1)):
        remind_due(), remind_due()
        assert [m.recipient for m in Mail.select()] == ["li@firm.test"]
        assert [r["what"] for r in Mail.get().context["rows"]] == ["问一下试用情况"]


def test_customers_of_a_class_are_spoken_to_in_turn(firm):
    firm.a.give_tag(firm.li, "VIP")
    ContactPlan.define(
        firm.ada,
        None,
        name="VIP 月访",
        tag="VIP",
        every_days=30,
        kind="visit",
        what="上门拜访",
        active=True,
    )
    made = plan_contacts()
    assert [(r.customer, r.kind, r.owner) for r in made] == [
        (firm.a, "visit", firm.li)
    ] and plan_contacts() == []
    made[0].done(firm.li, "谈得好")
    with at(now() + dt.timedelta(days=29)):
        assert plan_contacts() == []
    with at(now() + dt.timedelta(days=31)):
        assert [r.customer for r in plan_contacts()] == [firm.a]
    with pytest.raises(Forbidden):
        ContactPlan.define(
            firm.li, None, name="x", tag="", every_days=30, kind="call", what="x", active=True
        )


def test_a_calendar_program_reads_the_feed_until_a_new_address_is_made(firm):
    call(firm, hour="14:30", kind="visit", note="带样品; 三盒, 及\n报价" * 9)
    secret = CalendarFeed.make(firm.li)
    assert CalendarFeed.person(secret) == firm.li and secret not in str(CalendarFeed.get().__data__)
    text = ics(firm.li, "http://x")
    assert (
        "DTSTART:" in text
        and "T063000Z" in text
        and r"带样品\; 三盒\, 及\n" in text.replace("\r\n ", "")
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    again = CalendarFeed.make(firm.li)
    assert CalendarFeed.person(secret) is None and CalendarFeed.person(again) == firm.li
    CalendarFeed.end(firm.li)
    assert CalendarFeed.person(again) is None


def test_a_strict_parser_reads_the_feed_as_it_was_planned(firm):
    from icalendar import Calendar

    what = '拜访；带样品, "三"盒\\一包' + "很长" * 60
    call(firm, hour="14:30", kind="visit", note=what)
    call(firm, days=5)
    feed = Calendar.from_ical(ics(firm.li, "http://x"))
    events = list(feed.walk("VEVENT"))
    assert (
        feed["version"] == "2.0"
        and len(events) == 2
        and len({e["uid"] for e in events}) == 2
        and not any(e.errors for e in [feed, *events])
    )
    timed = next(e for e in events if isinstance(e["dtstart"].dt, dt.datetime))
    assert (
        timed["dtstart"].dt
        == dt.datetime.combine(today() + dt.timedelta(days=3), dt.time(6, 30), dt.UTC)
        and what in timed["description"]
    )
    assert next(e for e in events if e is not timed)["dtstart"].dt == today() + dt.timedelta(days=5)
