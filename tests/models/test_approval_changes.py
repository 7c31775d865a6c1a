"""What was approved is what is issued: changes, races, differences."""

import datetime as dt

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.documents.difference import difference
from models.documents.draft import Autosave
from models.operations import checks
from models.people import User
from tests.support.approvals import open_tasks, refused, request_of, state, steps, submitted, task
from tests.support.office import people
from tests.together import at_once

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
    Autosave.store(paper, office.li, paper.version, {"discount": ["50"]})
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
        Document.enter_imported,
        office.fang,
        "invoice",
        "INV-2026-00001",
        office.a,
        [],
        currency="CNY",
        date=dt.date(2026, 1, 1),
    )
    with pytest.raises(Forbidden):
        Document.enter_imported(
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
    fields, lines = difference(before, Document.get_by_id(paper.id).approvable_content())
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
