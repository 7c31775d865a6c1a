"""The approval engine, act by act; the faults of others are named in the tests."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, Comment, Delegation, Task
from models.approvals.adding import hand_over_all
from models.core.clock import at, now
from models.core.errors import Forbidden
from models.documents import Document
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


@pytest.mark.asvs("2.3.5")
def test_a_submitter_named_as_approver_gives_way_to_the_superior(office):
    steps(office, people(office.li))
    assert open_tasks(submitted(office)) == ["王经理"]


@pytest.mark.asvs("2.3.1")
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


@pytest.mark.parametrize("how", ["ask_before", "ask_after"])
def test_who_was_asked_besides_asks_nobody_further(office, how):
    paper = submitted(office)
    getattr(task(paper, office.wang), how)(by=office.wang, person=office.ma)
    task(paper, office.ma).hand_over(by=office.ma, to=office.xu)
    for verb in (task(paper, office.xu).ask_before, task(paper, office.xu).ask_after):
        refused("added_asks_nobody", verb, by=office.xu, person=office.gao)
    assert open_tasks(paper) == ["许经理"]


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
