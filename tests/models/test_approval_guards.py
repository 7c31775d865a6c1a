"""What stands guard around a decision: each falls when its guard is taken away
(tests/faults_of_approval.py)."""

import datetime as dt

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.approvals.adding import hand_over_all
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.documents.line import Line
from models.operations import checks
from tests.faults_of_approval import FAULTS, ROOT
from tests.support.approvals import MONDAY, open_tasks, refused, request_of, state, submitted, task
from tests.support.office import people


@pytest.mark.asvs("8.3.2")
def test_who_was_switched_off_decides_nothing(office):
    paper = submitted(office)
    asked, loaded = task(paper, office.wang), office.wang
    office.wang.disable(by=office.ada)
    for act in (
        lambda: asked.approve(by=loaded),
        lambda: asked.reject(by=loaded, note="no"),
        lambda: asked.hand_over(by=loaded, to=office.ma),
    ):
        with pytest.raises(Forbidden):
            act()
    assert open_tasks(paper) == ["高总"]  # the superior, at once
    given, kept = hand_over_all(office.ada, office.gao, office.ma)
    assert (len(given), kept, open_tasks(paper)) == (1, [], ["马经理"]) and checks.faults() == []


@pytest.mark.asvs("2.3.5", "8.3.2")
def test_who_becomes_the_owner_of_a_paper_no_longer_decides_on_it(office):
    paper = submitted(office)
    Document.update(owner=office.wang).where(Document.id == paper.id).execute()
    refused("own_document", task(paper, office.wang).approve, by=office.wang)
    assert state(paper) == "submitted"


def test_no_comes_with_a_reason(office):
    paper = submitted(office)
    refused("reason_needed", task(paper, office.wang).reject, by=office.wang, note="  ")
    refused("reason_needed", task(paper, office.wang).return_to, by=office.wang, step=0, note="")
    assert open_tasks(paper) == ["王经理"]


def test_content_changed_behind_the_engine_is_not_issued(office):
    paper = submitted(office)
    for who in (office.wang, office.fang, office.zhao):
        task(paper, who).approve(by=who)
    Line.update(price=Line.price + 1).where(Line.document == paper.id).execute()
    refused("not_approved", Document.get_by_id(paper.id).issue, by=office.li)
    assert (state(paper), Document.get_by_id(paper.id).number) == ("approved", None)


def test_the_database_lets_one_request_be_open(office):
    """Two hands that both saw none open: the unique key decides, and the other gets a plain
    word."""
    paper = submitted(office)
    facts = {
        "flow": office.flow,
        "plan": office.flow.plan(),
        "submitter": office.li,
        "opened_at": now(),
        "content_approved": "x",
    }
    refused("request_open", ApprovalRequest._create, paper, **facts)
    assert paper.requests.count() == 1
    paper.recall(by=office.li)
    assert ApprovalRequest._create(paper, **facts).state == "open"


@pytest.mark.parametrize("least, names", [(11300, ["高总"]), (11301, ["王经理"])])
def test_a_flow_begins_at_its_very_amount(office, least, names):
    ApprovalFlow.define(
        office.ada, "invoice", least, steps=[people(office.gao)], name="from here", priority=5
    )
    assert open_tasks(submitted(office)) == names


@pytest.mark.asvs("15.4.2")
def test_a_decision_by_another_hand_meanwhile_is_not_written_over(office):
    """Both loaded the task while it was open; the one who comes second gets a plain word and
    changes nothing."""
    paper = submitted(office)
    mine, same = task(paper, office.wang), task(paper, office.wang)
    mine.reject(by=office.wang, note="no")
    refused("task_closed", same.approve, by=office.wang)
    assert (Task.get_by_id(mine.id).state, state(paper), request_of(paper).state) == (
        "rejected",
        "returned",
        "rejected",
    )


def test_terms_alone_drop_the_approval_of_a_quote(office):
    ApprovalFlow.define(office.ada, "quote", steps=[], name="nobody", priority=9)
    paper = office.draft("quote", price="100")
    paper.submit(by=office.li)
    paper = Document.get_by_id(paper.id)
    assert paper.state == "approved"
    paper.revise(office.li, paper.version, terms_days=paper.terms_days + 60)
    assert state(paper) == "draft"
    with pytest.raises(Refused):
        Document.get_by_id(paper.id).issue(by=office.li)


def test_every_decision_names_its_task_and_its_person_in_the_journal(office):
    paper = submitted(office)
    asked = task(paper, office.wang)
    asked.approve(by=office.wang, note="好")
    event = [e for e in request_of(paper).events if e.action == "step_approved"][-1]
    assert (event.actor_id, event.facts["task"], event.facts["note"]) == (
        office.wang.id,
        asked.id,
        "好",
    )


@pytest.mark.asvs("8.3.1")
def test_only_who_is_asked_decides(office):
    """Whatever their role, in whichever way: a colleague, an administrator, the one of the next
    step, the submitter."""
    paper = submitted(office)
    asked = task(paper, office.wang)
    for who in (office.ma, office.ada, office.fang, office.li):
        for act in (
            lambda t, by: t.approve(by=by),
            lambda t, by: t.reject(by=by, note="no"),
            lambda t, by: t.return_to(by=by, step=0, note="no"),
            lambda t, by: t.hand_over(by=by, to=office.gao),
            lambda t, by: t.ask_before(by=by, person=office.gao),
            lambda t, by: t.ask_after(by=by, person=office.gao),
        ):
            with pytest.raises(Forbidden):
                act(asked, who)
    assert open_tasks(paper) == ["王经理"] and state(paper) == "submitted"


def test_only_those_concerned_take_back_or_urge(office):
    paper = submitted(office)
    refused("not_your_request", Document.get_by_id(paper.id).recall, by=office.fang)
    with pytest.raises(Forbidden):
        Document.get_by_id(paper.id).recall(by=office.chen)
    for who in (office.chen, office.fang):
        refused("not_your_request", request_of(paper).urge, by=who)
    assert open_tasks(paper) == ["王经理"] and state(paper) == "submitted"


def test_urged_again_only_after_a_full_hour(office):
    with at(MONDAY):
        paper = submitted(office)
        request_of(paper).urge(by=office.li)
    with at(MONDAY + dt.timedelta(minutes=59)):
        refused("urged_already", request_of(paper).urge, by=office.li)
    with at(MONDAY + dt.timedelta(minutes=60)):
        request_of(paper).urge(by=office.li)
    assert [e.action for e in request_of(paper).events].count("urged") == 2


@pytest.mark.parametrize("what, path, stands, faulty, test", FAULTS, ids=[f[0] for f in FAULTS])
def test_the_table_of_sown_faults_fits_the_source(what, path, stands, faulty, test):
    """So that `python -m tests.faults_of_approval` can be run at any time: the text is there once,
    and the test it names exists."""
    assert (ROOT / path).read_text().count(stands) == 1 and stands != faulty
    file, name = test.split("::")
    assert f"def {name}(" in (ROOT / file).read_text()
