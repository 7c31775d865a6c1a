"""A role that is taken away acts at once: on open tasks, on who was named before, on mails."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Delegation, Task, replay
from models.core.clock import today
from models.core.errors import Forbidden
from models.core.roles import MAY
from models.documents import Document
from models.people import User


def step(who="role", **more):
    return {"who": who, **({"role": "manager"} if who == "role" else {}), **more}


def submitted(firm, *steps, **flow):
    ApprovalFlow.define(firm.ada, "quote", 0, list(steps), name="for the test", priority=99, **flow)
    paper = firm.draft("quote", price="5000")
    paper.submit(by=firm.li)
    return ApprovalRequest.current(paper)


def asked(request):
    """The names of those whose tasks are open."""
    return sorted(ApprovalRequest.get_by_id(request.id).open_task_names())


def task_of(request, person):
    return request.tasks.where(Task.user == person, Task.state.in_(("open", "waiting"))).get()


def fresh(person):
    return User.get_by_id(person.id)


@pytest.fixture
def second(firm):
    return User.enter(
        firm.ada, name="周经理", email="zhou@firm.test", roles=["manager"], team=firm.wang.team
    )


# How someone comes to be named: (steps, what is done after submitting).
NAMED = {
    "any one of the role": ([step()], lambda f, r, s: None),
    "all of the role": ([step(rule="all")], lambda f, r, s: None),
    "by the role, for an absent one": (
        [step()],
        lambda f, r, s: Delegation.arrange(f.ada, f.wang, f.zhao, today(), today()),
    ),
}
LOSES = {
    "another role": lambda f, p: p.revise(f.ada, roles=["archivist"]),
    "deactivated": lambda f, p: p.disable(f.ada),
}


@pytest.mark.parametrize("how", NAMED)
@pytest.mark.parametrize("loses", LOSES)
@pytest.mark.asvs("8.3.2")
def test_who_loses_the_role_decides_nothing_and_somebody_else_is_asked(app, firm, how, loses):
    steps, then = NAMED[how]
    request = submitted(firm, *steps)
    then(firm, request, None)
    held = request.tasks.where(Task.state == "open").get()
    LOSES[loses](firm, fresh(firm.wang))
    with pytest.raises(Exception):  # noqa: B017  closed, or forbidden
        held.approve(by=fresh(held.user))
    assert Document.get_by_id(request.document_id).state == "submitted"
    assert asked(request) == ["Ada"]
    ada = task_of(request, firm.ada)
    assert Mail.select().where(Mail.recipient == "ada@firm.test", Mail.key == f"task-{ada.id}")
    ada.approve(by=firm.ada)
    assert Document.get_by_id(request.document_id).state == "approved"
    assert replay.faults() == []


@pytest.mark.parametrize("kind", ["hand_over", "ask_before", "ask_after"])
def test_an_added_signer_who_leaves_is_replaced(app, firm, kind):
    """A task that was handed over goes back to the people of the step, others to the superior."""
    firm.zhao.revise(firm.ada, superior=firm.fang)
    request = submitted(firm, step())
    getattr(task_of(request, firm.wang), kind)(firm.wang, fresh(firm.zhao))
    fresh(firm.zhao).disable(firm.ada)
    assert asked(request) == [firm.wang.name if kind == "hand_over" else firm.fang.name]
    while (row := ApprovalRequest.get_by_id(request.id)).state == "open":
        task = row.tasks.where(Task.state == "open").first()
        task.approve(by=task.user)
    assert row.state == "approved" and replay.faults() == []


def test_named_people_who_leave_are_replaced_where_each_must_agree(app, firm):
    people = [firm.fang.id, firm.zhao.id]
    request = submitted(firm, step("people", people=people, rule="all"))
    fresh(firm.zhao).disable(firm.ada)
    assert asked(request) == ["Ada", firm.fang.name]
    one = submitted(firm, step("people", people=[firm.fang.id, firm.ada.id]))
    fresh(firm.fang).disable(firm.ada)
    assert asked(one) == ["Ada"] and replay.faults() == []


def test_the_last_one_missing_leaves_and_the_step_goes_on(app, firm, second):
    request = submitted(firm, step(rule="all"))
    task_of(request, firm.wang).approve(by=firm.wang)
    second.disable(firm.ada)
    assert ApprovalRequest.get_by_id(request.id).state == "approved" and replay.faults() == []


def test_another_superior_is_asked_instead(app, firm):
    firm.li.revise(firm.ada, superior=firm.wang)
    request = submitted(firm, step("superior"))
    assert asked(request) == [firm.wang.name]
    fresh(firm.li).revise(firm.ada, superior=firm.fang)
    assert asked(request) == [firm.fang.name] and replay.faults() == []


COMES = {
    "entered": lambda f, p: None,
    "gets the role": lambda f, p: p.revise(f.ada, roles=["manager"]),
    "switched on": lambda f, p: (p.disable(f.ada), fresh(p).enable(f.ada)),
}


@pytest.mark.parametrize("how", COMES)
def test_a_new_manager_gets_the_open_tasks_of_the_role(app, firm, how):
    request = submitted(firm, step())
    new = User.enter(
        firm.ada,
        name="周经理",
        email="zhou@firm.test",
        roles=["sales" if how == "gets the role" else "manager"],
        team=firm.wang.team,
    )
    COMES[how](firm, new)
    assert asked(request) == sorted([firm.wang.name, "周经理"])
    assert fresh(new).sees.documents().where(Document.id == request.document_id).exists()
    task_of(request, new).approve(by=fresh(new))
    assert ApprovalRequest.get_by_id(request.id).state == "approved" and replay.faults() == []


def test_rights_that_rest_until_a_course_is_passed_decide_nothing(app, firm):
    request = submitted(firm, step())
    task = task_of(request, firm.wang)
    User.update(resting=["manager"]).where(User.id == firm.wang.id).execute()
    with pytest.raises(Forbidden):
        task.approve(by=firm.wang)


@pytest.mark.parametrize("ability", sorted(MAY))
@pytest.mark.asvs("8.3.1", "8.3.2")
def test_a_right_is_asked_anew_at_each_deed(app, firm, ability):
    """Whoever was loaded before the role was taken away, as by long work or an open page."""
    holder = next(p for p in (firm.wang, firm.li, firm.fang, firm.zhao, firm.ada) if p.may(ability))
    holder.must(ability)
    User.update(active=False).where(User.id == holder.id).execute()
    assert holder.active
    with pytest.raises(Forbidden):
        holder.must(ability)


def test_nobody_mails_who_left_and_urging_reaches_who_holds_the_task(app, firm):
    request = submitted(firm, step())
    waiting = Mail.get(Mail.recipient == firm.wang.email)
    assert waiting.state == "queued"
    fresh(firm.wang).disable(firm.ada)
    assert Mail.get_by_id(waiting.id).state == "skipped"
    ApprovalRequest.get_by_id(request.id).urge(firm.li)
    urged = [m for m in Mail.select() if m.key.startswith("urge-")]
    assert [m.recipient for m in urged] == ["ada@firm.test"]
    Mail.enqueue("late", firm.wang.email, "digest", "zh", {})
    assert Mail.get(Mail.key == "late").state == "skipped"
    assert firm.wang.email not in [m.recipient for m in Mail.waiting()]


def test_a_task_that_hangs_since_an_earlier_version_is_passed_on_by_urging(app, firm):
    request = submitted(firm, step())
    User.update(active=False).where(User.id == firm.wang.id).execute()
    ApprovalRequest.get_by_id(request.id).urge(firm.li)
    assert asked(request) == ["Ada"]
