"""Who stands in, and what happens when time passes."""

import datetime as dt

import pytest

from models.approvals import Delegation, SpecialDay
from models.approvals.adding import hand_over_all
from models.approvals.deadline import due_after
from models.approvals.delegation import start_due
from models.approvals.late import run_late
from models.core.clock import at, now
from models.core.errors import Forbidden
from models.operations import checks
from tests.support.approvals import (
    MONDAY,
    open_tasks,
    refused,
    request_of,
    state,
    steps,
    submitted,
    task,
)
from tests.support.office import people

# Absence


def test_delegation_by_days_kinds_and_amount(office):
    with at(MONDAY):
        today = now().date()
        office.wang.set_language("en")
        Delegation.arrange(
            office.wang, office.wang, office.ma, today, today, kinds=["invoice"], most=20000
        )
        paper = submitted(office)
        assert open_tasks(paper) == ["马经理"]
        big = office.draft(price="10000")
        big.submit(by=office.li)
        assert open_tasks(big) == ["王经理"]
        task(paper, office.ma).approve(by=office.ma)
        facts = [e.facts for e in request_of(paper).events if e.action == "step_approved"][0]
        assert facts["behalf"] == "王经理" and [
            e.actor_name for e in request_of(paper).events if e.action == "step_approved"
        ] == ["马经理"]
    with at(MONDAY + dt.timedelta(days=1)):
        assert open_tasks(submitted(office)) == ["王经理"]


def test_open_tasks_go_over_when_the_absence_begins_once(office):
    with at(MONDAY):
        paper, tomorrow = submitted(office), now().date() + dt.timedelta(days=1)
        Delegation.arrange(office.wang, office.wang, office.ma, tomorrow, tomorrow)
        start_due()
        assert open_tasks(paper) == ["王经理"]
    with at(MONDAY + dt.timedelta(days=1)):
        start_due()
        start_due()
        assert open_tasks(paper) == ["马经理"] and checks.faults() == []


def test_nobody_stands_in_for_an_approver_of_their_own_paper_nor_in_a_circle(office):
    with at(MONDAY):
        today = now().date()
        Delegation.arrange(office.wang, office.wang, office.li, today, today)
        assert open_tasks(submitted(office)) == ["王经理"]
        Delegation.arrange(office.fang, office.fang, office.ma, today, today)
        Delegation.arrange(office.ma, office.ma, office.fang, today, today)
        paper = submitted(office)
        task(paper, office.wang).approve(by=office.wang)
        assert open_tasks(paper) == ["马经理"]


def test_who_leaves_hands_everything_over(office):
    papers = [submitted(office) for _ in range(3)]
    with pytest.raises(Forbidden):
        hand_over_all(office.xu, office.wang, office.ma)
    given, kept = hand_over_all(office.ada, office.wang, office.ma)
    assert (len(given), kept) == (3, []) and {n for p in papers for n in open_tasks(p)} == {
        "马经理"
    }


# Time limits


@pytest.mark.parametrize(
    "begin, hours, end",
    [
        ("2026-11-23 01:00", 4, "2026-11-23 05:00"),
        ("2026-11-27 08:00", 4, "2026-11-30 03:00"),
        ("2026-11-28 05:00", 1, "2026-11-30 02:00"),
        ("2026-09-30 09:00", 3, "2026-10-08 03:00"),
        ("2026-10-09 09:00", 2, "2026-10-10 02:00"),
        ("2026-11-23 20:00", 9, "2026-11-24 10:00"),
    ],
)
def test_working_hours_know_weekends_holidays_and_make_up_days(firm, begin, hours, end):
    """Shanghai is UTC+8, so 09:00–18:00 is 01:00–10:00; 10 October 2026 is a Saturday worked, 1–7
    October is off."""
    assert due_after(dt.datetime.fromisoformat(begin), hours) == dt.datetime.fromisoformat(end)


def test_the_firm_says_what_a_day_is(firm):
    SpecialDay.define(firm.ada, dt.date(2026, 11, 24), False, "stocktaking")
    assert due_after(dt.datetime(2026, 11, 23, 9), 2) == dt.datetime(2026, 11, 25, 2)
    SpecialDay.define_range(firm.ada, dt.date(2026, 12, 7), dt.date(2026, 12, 9), False, "move")
    assert due_after(dt.datetime(2026, 12, 4, 9), 2) == dt.datetime(2026, 12, 10, 2)
    refused(
        "days_backward",
        SpecialDay.define_range,
        firm.ada,
        dt.date(2026, 12, 9),
        dt.date(2026, 12, 7),
        False,
    )
    SpecialDay.forget(firm.ada, SpecialDay.get(SpecialDay.day == dt.date(2026, 11, 24)))
    assert (
        due_after(dt.datetime(2026, 11, 23, 9), 2) == dt.datetime(2026, 11, 24, 2)
        and checks.faults() == []
    )


@pytest.mark.parametrize(
    "late, names",
    [
        ("remind", ["王经理"]),
        ("escalate", ["高总"]),
        ("hand_over", ["马经理"]),
        ("pass", ["方财务"]),
    ],
)
def test_what_happens_when_a_step_is_late(office, late, names):
    steps(
        office, people(office.wang, hours=4, late=late, late_to=office.ma.id), people(office.fang)
    )
    with at(MONDAY):
        paper = submitted(office)
    with at(MONDAY + dt.timedelta(hours=3)):
        assert run_late() == []
    with at(MONDAY + dt.timedelta(hours=5)):
        assert len(run_late()) == 1 and run_late() == []
    assert open_tasks(paper) == names and checks.faults() == []


def test_who_let_the_time_pass_has_not_agreed_and_is_asked_in_the_next_step(office):
    steps(office, people(office.wang, hours=4, late="pass"), people(office.wang))
    with at(MONDAY):
        paper = submitted(office)
    first = task(paper, office.wang)
    with at(MONDAY + dt.timedelta(hours=5)):
        run_late()
        refused("time_over", first.approve, by=office.wang)
    assert open_tasks(paper) == ["王经理"] and state(paper) == "submitted"
