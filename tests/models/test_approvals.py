"""The approval engine, act by act; the faults of others are named in the tests."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Comment, Delegation, SpecialDay, Task
from models.approvals.adding import hand_over_all
from models.approvals.conditions import facts_of
from models.approvals.deadline import due_after
from models.approvals.delegation import start_due
from models.approvals.flow import import_flows
from models.approvals.late import run_late
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.core.money import parse_scaled
from models.documents import Document
from models.documents.difference import difference
from models.documents.draft import Autosave
from models.operations import checks
from models.people import User
from tests.support.office import people
from tests.together import at_once

MONDAY = dt.datetime(2026, 11, 23, 1)


def steps(firm, *plan, **more):
    firm.flow.revise(firm.ada, steps=list(plan), **more)


def submitted(firm, **more):
    paper = firm.draft(price="100", **more)
    paper.submit(by=firm.li)
    return Document.get_by_id(paper.id)


def request_of(paper):
    return ApprovalRequest.current(paper)


def open_tasks(paper):
    return sorted(
        t.user.name
        for t in Task.select()
        .join(ApprovalRequest)
        .where(ApprovalRequest.document == paper.id, Task.state == "open")
    )


def task(paper, user):
    return (
        Task.select()
        .join(ApprovalRequest)
        .where(
            ApprovalRequest.document == paper.id,
            Task.user == user.id,
            Task.state.in_(("open", "waiting")),
        )
        .order_by(Task.id.desc())
        .first()
    )


def state(paper):
    return Document.get_by_id(paper.id).state


def refused(code, verb, *args, **kwargs):
    with pytest.raises(Refused) as error:
        verb(*args, **kwargs)
    assert error.value.code == code


# Flows


@pytest.mark.parametrize(
    "conditions, holds",
    [
        ({"discount": 2000}, True),
        ({"discount": 2001}, False),
        ({"tag": "VIP"}, True),
        ({"tag": "new"}, False),
        ({"first_order": True}, True),
        ({"credit_exceeded": True}, True),
    ],
)
def test_conditions_decide_which_flow(office, conditions, holds):
    office.a.revise(office.ada, tags=["VIP"], credit_limit=5000)
    ApprovalFlow.define(
        office.ada,
        "invoice",
        steps=[people(office.gao)],
        name="special",
        priority=5,
        conditions=conditions,
    )
    paper = Document.draft(office.li, "invoice", office.a, [office.line("100", discount=2000)])
    assert (ApprovalRequest.foresee(paper, office.li)[0].name == "special") is holds
    tried = {flow.name: (judged, fits) for flow, judged, fits, _ in ApprovalRequest.try_it(paper)}
    assert tried["special"][1] is holds and tried["special"][0][0][3] is holds


@pytest.mark.parametrize(
    "cost, price, discount, conditions, holds",
    [
        ("80", "100", 0, {"margin": 2000}, False),
        ("80", "100", 1, {"margin": 2000}, True),
        ("80.01", "100", 0, {"margin": 2000}, True),
        (None, "1", 0, {"margin": 9999}, False),
        ("1", "0", 0, {"margin": 1}, True),
        (None, "125", 0, {"below_list": 0}, False),
        (None, "124.99", 0, {"below_list": 0}, True),
        (None, "125", 500, {"below_list": 500}, False),
        (None, "118.75", 1, {"below_list": 500}, True),
        (None, "130", 0, {"below_list": 0}, False),
    ],
)
@pytest.mark.parametrize("how", ["by the product", "by its code typed"])
def test_margin_and_price_below_the_list_decide_which_flow(
    office, cost, price, discount, conditions, holds, how
):
    """The pen's list price is 12.50 ×10; a line that only carries its code is looked at too."""
    office.pen.revise(office.ada, price=1250000, cost=cost and parse_scaled(cost, 4))
    ApprovalFlow.define(
        office.ada,
        "invoice",
        steps=[people(office.gao)],
        name="special",
        priority=5,
        conditions=conditions,
    )
    said = {"product": office.pen.id} if how == "by the product" else {"code": "P1"}
    paper = Document.draft(
        office.li,
        "invoice",
        office.a,
        [office.line(price, discount=discount, **said), office.line("9999", name="free text")],
    )
    assert (ApprovalFlow.choose(paper).name == "special") is holds


def test_a_cost_in_another_currency_is_not_compared(office):
    office.pen.revise(office.ada, price=1250000, cost=1200000, currency="USD")
    facts = facts_of(
        Document.draft(office.li, "invoice", office.a, [office.line("1", product=office.pen.id)])
    )
    assert (facts["margin"], facts["below_list"]) == (None, 0)


def test_salesperson_and_team_are_conditions(office):
    ApprovalFlow.define(
        office.ada,
        "invoice",
        steps=[people(office.gao)],
        name="li",
        priority=5,
        conditions={"owner": [office.li.id]},
    )
    ApprovalFlow.define(
        office.ada,
        "invoice",
        steps=[people(office.ma)],
        name="south",
        priority=4,
        conditions={"team": [office.chen.team_id]},
    )
    assert ApprovalFlow.choose(office.draft()).name == "li"
    assert ApprovalFlow.choose(office.draft(by=office.chen, customer=office.b)).name == "south"


def test_a_currency_no_flow_speaks_of_takes_the_strictest(office):
    assert ApprovalFlow.choose(office.draft(currency="USD")).name == "three"


def test_what_is_under_way_keeps_its_version(office):
    paper = submitted(office)
    steps(office, people(office.ma))
    assert [r.id for r in office.flow.under_way()] == [request_of(paper).id]
    task(paper, office.wang).approve(by=office.wang)
    assert open_tasks(paper) == ["方财务"] and office.flow.versions.count() == 2


def test_two_editors_of_a_flow_meet(office):
    version = office.flow.version
    office.flow.revise(office.ada, version=version, name="one")
    refused(
        "flow_changed",
        ApprovalFlow.get_by_id(office.flow.id).revise,
        office.ada,
        version=version,
        name="two",
    )


def test_flows_leave_and_come_back_as_a_file(office):
    office.flow.revise(
        office.ada,
        conditions={"owner": [office.li.id], "team": [office.li.team_id]},
        steps=[people(office.wang, copy_to=[office.chen.id], fallback=office.xu.id), "finance"],
    )
    before, files = office.flow.as_file(), [f.as_portable() for f in ApprovalFlow.select()]
    assert files[-1]["steps"][0]["people"] == ["wang@firm.test"] and files[-1]["conditions"] == {
        "owner": ["li@firm.test"],
        "team": ["North"],
    }
    office.flow.revise(office.ada, steps=[people(office.ma)], conditions={})
    assert (
        import_flows(office.ada, files) == len(files)
        and ApprovalFlow.get_by_id(office.flow.id).as_file() == before
    )
    refused(
        "flow_person",
        import_flows,
        office.ada,
        [{**files[-1], "steps": [{"who": "people", "people": ["nobody@else.test"]}]}],
    )
    refused(
        "flow_team", import_flows, office.ada, [{**files[-1], "conditions": {"team": ["Moon"]}}]
    )
    before = ApprovalFlow.select().count()
    for bad in (
        [{"name": "x"}],
        ["x"],
        [{**files[0], "steps": [{"who": "people", "people": [9999]}]}],
        [{**files[0], "conditions": {"evil": 1}}],
    ):
        with pytest.raises(Refused):
            import_flows(office.ada, files + bad)
    assert ApprovalFlow.select().count() == before


# Steps


def test_all_must_agree(office):
    steps(office, people(office.wang, office.xu, rule="all"))
    paper = submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    assert state(paper) == "submitted"
    task(paper, office.xu).approve(by=office.xu)
    assert state(paper) == "approved"


def test_two_of_three_must_agree(office):
    steps(office, people(office.wang, office.xu, office.ma, rule="n", needed=2))
    paper = submitted(office)
    task(paper, office.ma).approve(by=office.ma)
    assert state(paper) == "submitted"
    task(paper, office.wang).approve(by=office.wang)
    assert state(paper) == "approved" and open_tasks(paper) == []


@pytest.mark.parametrize("who, names", [("superior", ["王经理"]), ("superior2", ["高总"])])
def test_superiors_are_asked(office, who, names):
    steps(office, {"who": who})
    assert open_tasks(submitted(office)) == names


def test_the_customers_owner_is_asked(office):
    steps(office, {"who": "customer_owner"})
    paper = Document.draft(office.wang, "invoice", office.a, [office.line()])
    paper.submit(by=office.wang)
    assert open_tasks(paper) == ["李销售"]


def test_a_submitter_named_as_approver_gives_way_to_the_superior(office):
    steps(office, people(office.li))
    assert open_tasks(submitted(office)) == ["王经理"]


def test_nobody_found_asks_the_fallback_and_never_approves_silently(office):
    steps(office, {"who": "superior2", "fallback": office.ma.id})
    office.wang.revise(office.ada, superior=None)
    assert open_tasks(submitted(office)) == ["马经理"]
    steps(office, {"who": "superior2"})
    paper = office.draft()
    refused("no_approver", paper.submit, by=office.li)
    assert state(paper) == "draft" and request_of(paper) is None


def test_the_same_person_is_not_asked_twice_in_a_row(office):
    steps(office, people(office.wang, office.xu), people(office.wang), people(office.fang))
    paper = submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    assert open_tasks(paper) == ["方财务"]
    assert "step_passed" in [e.action for e in request_of(paper).events]


def test_copies_see_but_do_not_decide(office):
    steps(office, people(office.wang, copy_to=[office.chen.id]))
    paper = submitted(office)
    assert office.chen.sees.documents().where(Document.id == paper.id).exists() and open_tasks(
        paper
    ) == ["王经理"]
    copied = Task.get(Task.user == office.chen.id)
    refused("task_gone", copied.approve, by=office.chen)
    assert (
        Mail.select()
        .where(Mail.template == "task_copied", Mail.recipient == "chen@firm.test")
        .count()
        == 1
    )


# Acts


def test_return_to_an_earlier_step_asks_its_people_anew(office):
    """Fault of others: the second step cannot return to the first."""
    paper = submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    task(paper, office.fang).return_to(by=office.fang, step=1, note="check the price")
    assert open_tasks(paper) == ["王经理"] and state(paper) == "submitted"
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    assert state(paper) == "approved" and checks.faults() == []


def test_returned_to_the_submitter_goes_straight_back_only_unchanged(office):
    paper = submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    task(paper, office.fang).return_to(by=office.fang, step=0, note="attach the contract")
    paper = Document.get_by_id(paper.id)
    assert (paper.state, request_of(paper).state, request_of(paper).back_to) == (
        "returned",
        "returned",
        2,
    )
    paper.revise(office.li, paper.version, internal_note="contract is in the folder")
    Document.get_by_id(paper.id).submit(by=office.li, straight_back=True)
    assert open_tasks(paper) == ["方财务"]
    task(paper, office.fang).return_to(by=office.fang, step=0, note="price")
    paper = Document.get_by_id(paper.id)
    paper.revise(office.li, paper.version, [office.line("90")])
    paper = Document.get_by_id(paper.id)
    refused("not_straight_back", paper.submit, by=office.li, straight_back=True)
    Document.get_by_id(paper.id).submit(by=office.li)
    assert open_tasks(paper) == ["王经理"]


def test_hand_over(office):
    paper = submitted(office)
    mine = task(paper, office.wang)
    refused("own_document", mine.hand_over, by=office.wang, to=office.li)
    mine.hand_over(by=office.wang, to=office.ma)
    assert open_tasks(paper) == ["马经理"]
    refused("task_closed", mine.approve, by=office.wang)
    task(paper, office.ma).approve(by=office.ma)
    assert open_tasks(paper) == ["方财务"]


def test_ask_before_comes_back(office):
    paper = submitted(office)
    mine = task(paper, office.wang)
    mine.ask_before(by=office.wang, person=office.ma)
    assert open_tasks(paper) == ["马经理"]
    refused("task_gone", mine.approve, by=office.wang)
    task(paper, office.ma).approve(by=office.ma)
    assert open_tasks(paper) == ["王经理"]
    task(paper, office.wang).approve(by=office.wang)
    assert open_tasks(paper) == ["方财务"]


def test_ask_after_holds_the_step(office):
    paper = submitted(office)
    task(paper, office.wang).ask_after(by=office.wang, person=office.ma)
    assert open_tasks(paper) == ["马经理"] and request_of(paper).step == 1
    task(paper, office.ma).approve(by=office.ma)
    assert open_tasks(paper) == ["方财务"]


def test_recall_until_the_first_decision_or_later_where_allowed(office):
    """Fault of others: the history still says "in progress" after a recall; the next approver shown
    twice."""
    paper = submitted(office)
    paper.recall(by=office.li)
    assert (state(paper), request_of(paper).state, open_tasks(paper)) == ("draft", "recalled", [])
    Document.get_by_id(paper.id).submit(by=office.li)
    assert open_tasks(paper) == ["王经理"]
    task(paper, office.wang).approve(by=office.wang)
    office.flow.revise(office.ada, recall_late=True)
    refused("already_decided", Document.get_by_id(paper.id).recall, by=office.li)
    late = submitted(office)
    office.flow.revise(office.ada, recall_late=False)
    task(late, office.wang).approve(by=office.wang)
    Document.get_by_id(late.id).recall(by=office.li)
    assert state(late) == "draft" and open_tasks(late) == []


def test_urge_once_an_hour(office):
    paper = submitted(office)
    with at(MONDAY):
        request_of(paper).urge(by=office.li)
        refused("urged_already", request_of(paper).urge, by=office.li)
    refused("not_your_request", request_of(paper).urge, by=office.chen)
    with at(MONDAY + dt.timedelta(minutes=61)):
        request_of(paper).urge(by=office.li)
    assert Mail.select().where(Mail.template == "task_urged").count() == 2


def test_comments_come_from_those_concerned(office):
    paper = submitted(office)
    Comment.write(
        office.wang,
        request_of(paper),
        "where is the contract?",
        b"%PDF-1.4 x",
        "../../contract.pdf",
    )
    assert Comment.get().filename == "contract.pdf"
    with pytest.raises(Forbidden):
        Comment.write(office.chen, request_of(paper), "me too")
    refused(
        "attachment_kind",
        Comment.write,
        office.li,
        request_of(paper),
        "",
        b"MZ executable",
        "x.pdf",
    )
    refused("text_needed", Comment.write, office.li, request_of(paper), "  ")


def test_voiding_may_need_approval(office):
    ApprovalFlow.define(office.ada, "void", steps=[people(office.gao)], name="voids")
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    paper = Document.get_by_id(paper.id)
    paper.issue(by=office.li)
    paper = Document.get_by_id(paper.id)
    paper.void(office.fang, "wrong customer")
    assert state(paper) == "issued" and open_tasks(paper) == ["高总"]
    refused("request_open", Document.get_by_id(paper.id).void, office.fang, "again")
    task(paper, office.gao).reject(by=office.gao, note="keep it")
    assert state(paper) == "issued"
    Document.get_by_id(paper.id).void(office.fang, "wrong customer")
    task(paper, office.gao).approve(by=office.gao)
    paper = Document.get_by_id(paper.id)
    assert (paper.state, paper.void_reason) == (
        "voided",
        "wrong customer",
    ) and checks.faults() == []


def test_a_waiting_task_that_is_handed_over_goes_on_when_the_one_asked_first_agrees(office):
    paper = submitted(office)
    task(paper, office.wang).ask_before(by=office.wang, person=office.ma)
    hand_over_all(office.ada, office.wang, office.xu)
    assert open_tasks(paper) == ["马经理"]
    task(paper, office.ma).approve(by=office.ma)
    assert open_tasks(paper) == ["许经理"]
    task(paper, office.xu).approve(by=office.xu)
    assert open_tasks(paper) == ["方财务"]


def test_any_one_is_enough_though_another_asked_someone_first(office):
    steps(office, people(office.wang, office.xu), people(office.fang))
    paper = submitted(office)
    task(paper, office.wang).ask_before(by=office.wang, person=office.ma)
    task(paper, office.xu).approve(by=office.xu)
    assert open_tasks(paper) == ["方财务"]


def test_nobody_counts_for_two(office):
    steps(office, people(office.wang, office.xu, office.ma, rule="n", needed=2))
    with at(MONDAY):
        for absent in (office.wang, office.xu):
            Delegation.arrange(absent, absent, office.gao, now().date(), now().date())
        paper = submitted(office)
        assert open_tasks(paper) == ["许经理", "马经理", "高总"]
        task(paper, office.gao).approve(by=office.gao)
        refused("asked_already", task(paper, office.ma).hand_over, by=office.ma, to=office.gao)
        refused("asked_already", task(paper, office.ma).hand_over, by=office.ma, to=office.xu)


# Absence


def test_delegation_by_days_kinds_and_amount(office):
    with at(MONDAY):
        today = now().date()
        office.wang.speak("en")
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
    SpecialDay.put(firm.ada, dt.date(2026, 11, 24), False, "stocktaking")
    assert due_after(dt.datetime(2026, 11, 23, 9), 2) == dt.datetime(2026, 11, 25, 2)
    SpecialDay.put_all(firm.ada, dt.date(2026, 12, 7), dt.date(2026, 12, 9), False, "move")
    assert due_after(dt.datetime(2026, 12, 4, 9), 2) == dt.datetime(2026, 12, 10, 2)
    refused(
        "days_backward",
        SpecialDay.put_all,
        firm.ada,
        dt.date(2026, 12, 9),
        dt.date(2026, 12, 7),
        False,
    )
    SpecialDay.forget(firm.ada, SpecialDay.get())
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


# No way round


@pytest.mark.parametrize("stale", ["draft", "submitted"])
def test_an_edit_that_loaded_the_paper_before_it_was_submitted_drops_the_approval_too(
    office, stale
):
    paper = office.draft()
    if stale == "submitted":
        paper.submit(by=office.li)
    before = Document.get_by_id(paper.id)
    if stale == "draft":
        Document.get_by_id(paper.id).submit(by=office.li)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    before.revise(office.li, before.version, discount=500)
    assert state(paper) == "draft" and request_of(paper).state == "dropped"


def test_a_paper_is_submitted_as_it_stands_not_as_it_was_loaded(office):
    ApprovalFlow.define(
        office.ada, "invoice", steps=[], name="nobody", priority=9, conditions={"discount": 1}
    )
    old = office.draft()
    fresh = Document.get_by_id(old.id)
    fresh.revise(office.li, fresh.version, discount=500)
    old.submit(by=office.li)
    assert request_of(old).flow.name == "nobody" and ApprovalRequest.covers(old)


@pytest.mark.parametrize(
    "change, drops",
    [
        ({"discount": 500}, True),
        ({"terms_days": 60}, True),
        ({"note": "x"}, True),
        ({"currency": "USD"}, True),
        ({"internal_note": "x"}, False),
    ],
)
def test_a_change_of_what_was_approved_drops_it(office, change, drops):
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    paper = Document.get_by_id(paper.id)
    paper.revise(office.li, paper.version, **change)
    paper = Document.get_by_id(paper.id)
    assert paper.state == ("draft" if drops else "approved")
    assert ApprovalRequest.covers(paper) is not drops
    if drops:
        refused("state_changed", paper.issue, by=office.li)


def test_a_change_during_the_last_approval_is_refused_to_the_approver(office):
    paper = submitted(office)
    for who in (office.wang, office.fang):
        task(paper, who).approve(by=who)
    last = task(paper, office.zhao)
    paper = Document.get_by_id(paper.id)
    paper.revise(office.li, paper.version, [office.line("999")])
    with pytest.raises(Refused):
        last.approve(by=office.zhao)
    assert state(paper) == "draft" and open_tasks(paper) == []


def test_copies_and_conversions_start_unapproved(office):
    """Fault of others: a duplicate that skips approval."""
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    copy = Document.get_by_id(paper.id).copy(by=office.li)
    assert copy.state == "draft" and not ApprovalRequest.covers(copy)
    refused("state_changed", copy.issue, by=office.li)


def test_an_administrator_does_not_pass_all_by(office):
    office.ada.revise(office.ada, roles=["admin", "manager", "finance", "sales"])
    paper = submitted(office)
    with pytest.raises(Forbidden):
        task(paper, office.wang).approve(by=User.get_by_id(office.ada.id))
    refused("state_changed", paper.issue, by=User.get_by_id(office.ada.id))


def test_a_refused_edit_leaves_the_state_where_it_was(office):
    """Fault of others: a record falls to a state before submission when an edit is refused."""
    paper = submitted(office)
    refused(
        "version_conflict",
        Document.get_by_id(paper.id).revise,
        office.li,
        paper.version - 1,
        discount=100,
    )
    assert state(paper) == "submitted" and open_tasks(paper) == ["王经理"]


def test_history_after_a_recall_says_so_and_shows_nobody_twice(office):
    """Faults of others: the history still "in progress" after a recall; the next approver shown
    twice."""
    paper = submitted(office)
    first = request_of(paper)
    paper.recall(by=office.li)
    Document.get_by_id(paper.id).submit(by=office.li)
    first = ApprovalRequest.get_by_id(first.id)
    assert (
        first.state == "recalled"
        and first.closed_at
        and {t.state for t in first.tasks} == {"cancelled"}
        and first.path()[0][4] == "later"
    )
    assert [[t.user.name for t in row[2]] for row in request_of(paper).path()] == [
        ["王经理"],
        [],
        [],
    ]
    assert office.wang.sees.tasks().where(Task.state == "open").count() == 1


def test_what_is_typed_but_not_saved_is_neither_submitted_nor_lost(office):
    """Fault of others: confirmation without saving."""
    paper = office.draft(price="100")
    Autosave.keep(paper, office.li, paper.version, {"discount": ["50"]})
    paper.submit(by=office.li)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    paper = Document.get_by_id(paper.id)
    paper.issue(by=office.li)
    assert (
        paper.total == 11300
        and request_of(paper).said["total"] == 11300
        and Autosave.of(paper, office.li).form == {"discount": ["50"]}
    )


def test_an_import_makes_nothing_that_passes_for_our_own(office):
    refused(
        "number_is_ours",
        Document.take_in,
        office.fang,
        "invoice",
        "INV-2026-00001",
        office.a,
        [],
        currency="CNY",
        date=dt.date(2026, 1, 1),
    )
    with pytest.raises(Forbidden):
        Document.take_in(
            office.li, "invoice", "OLD-1", office.a, [], currency="CNY", date=dt.date(2026, 1, 1)
        )


def test_the_approver_of_the_last_step_and_an_editor_at_once(app, office):
    """Concurrent change of the amount during the last approval: either it is approved and then
    dropped, or the approval is refused."""
    for _ in range(5):
        paper = submitted(office)
        for who in (office.wang, office.fang):
            task(paper, who).approve(by=who)
        last, draft = task(paper, office.zhao), Document.get_by_id(paper.id)
        done = at_once(
            app,
            lambda i, draft=draft, last=last: (
                draft.revise(office.li, draft.version, [office.line("9")])
                if i
                else last.approve(by=office.zhao)
            ),
            2,
        )
        assert (
            done[1] is None
            and state(paper) == "draft"
            and not ApprovalRequest.covers(paper)
            and request_of(paper).state == "dropped"
        )


def test_a_second_approver_gets_a_plain_word(office):
    steps(office, people(office.wang, office.xu))
    paper = submitted(office)
    late = task(paper, office.xu)
    task(paper, office.wang).approve(by=office.wang)
    refused("task_closed", late.approve, by=office.xu)


# Seeing


def test_the_difference_to_the_last_approved_version(office):
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    before = request_of(paper).said
    paper = Document.get_by_id(paper.id)
    paper.revise(
        office.li, paper.version, [office.line("120"), office.line("5", name="墨水")], terms_days=60
    )
    fields, lines = difference(before, Document.get_by_id(paper.id).said())
    assert ("terms_days", 30, 60) in fields
    assert [(b and b["price"], a and a["price"], c) for b, a, c in lines] == [
        (1000000, 1200000, ["price"]),
        (None, 50000, []),
    ]


def test_the_path_shows_what_was_walked_and_what_remains(office):
    paper = submitted(office)
    task(paper, office.wang).approve(by=office.wang)
    assert [(n, where) for n, _, _, _, where in request_of(paper).path()] == [
        (1, "done"),
        (2, "now"),
        (3, "later"),
    ]
    assert [u.name for u in request_of(paper).path()[2][3]] == ["赵档案"]


@pytest.mark.parametrize("change", [{"state": "approved"}, {"state": "cancelled"}, {"user": "ma"}])
def test_a_task_changed_behind_the_journal_is_named(office, change):
    paper = submitted(office)
    first = task(paper, office.wang)
    first.approve(by=office.wang)
    assert checks.faults() == []
    spoiled = first if "user" in change else task(paper, office.fang)
    Task.update(
        **{name: office.ma if value == "ma" else value for name, value in change.items()}
    ).where(Task.id == spoiled.id).execute()
    assert any(f"Task #{spoiled.id} " in fault for fault in checks.faults())
