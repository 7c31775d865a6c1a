"""A destruction list on its way: through its flow, back, and to its witnesses."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Delegation, FlowStep, Task
from models.archive import (
    DestructionItem,
    DestructionList,
    Filing,
    erase,
)
from models.core.clock import today
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.operations import checks
from models.people import User
from tests.support.destruction import carried_out, proposed
from tests.support.forms import post


def asked(row):
    return [t.user.name for t in ApprovalRequest.current(row).open_tasks() if t.state == "open"]


def test_the_flow_for_lists_says_who_approves_one_after_the_other(firm, old):
    flow = ApprovalFlow.get(ApprovalFlow.kind == "destruction")
    flow.revise(
        firm.ada,
        steps=[{"who": "role", "role": "manager"}, {"who": "people", "people": [firm.fang.id]}],
    )
    row = proposed(firm)
    assert (
        asked(row) == ["王经理"] and firm.wang.sees.tasks().where(Task.state == "open").count() == 1
    )
    row.approve(firm.wang, "同意")
    assert row.state == "proposed" and asked(row) == ["方财务"]
    row.approve(firm.fang, "同意销毁")
    assert (row.state, row.decision) == ("approved", "同意销毁") and [
        e.action for e in row.events
    ] == ["proposed", "approved"]
    for who in (firm.wang, firm.fang):
        with pytest.raises(Refused) as no:
            row.name_witnesses(firm.zhao, firm.ada, who)
        assert no.value.code == "witness_took_part"
    assert checks.faults() == []


def test_nothing_is_destroyed_that_differs_from_what_was_approved(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    for column, value in (
        (DestructionItem.name, "别的"),
        (DestructionItem.sha, "0" * 64),
        (DestructionItem.term, 31),
    ):
        with db.atomic() as undone:
            DestructionItem.update({column: value}).where(DestructionItem.list == row.id).execute()
            with pytest.raises(Refused) as no:
                DestructionList.get_by_id(row.id).carry_out(firm.zhao)
            assert no.value.code == "not_approved"
            undone.rollback()
    assert Filing.kept().count() == 2
    DestructionList.get_by_id(row.id).carry_out(firm.zhao)


def test_a_list_whose_content_changes_while_it_is_asked_about_cannot_be_approved(firm, old):
    row = proposed(firm)
    DestructionItem.update(name="别的").where(DestructionItem.list == row.id).execute()
    with pytest.raises(Refused) as no:
        row.approve(firm.wang)
    assert (
        no.value.code == "content_changed" and DestructionList.get_by_id(row.id).state == "proposed"
    )


def test_a_list_sent_back_is_handed_in_again_with_a_new_opinion(firm, old):
    row = proposed(firm)
    Task.get(Task.user == firm.wang, Task.state == "open").return_to(
        by=firm.wang, step=0, note="意见太短"
    )
    row = DestructionList.get_by_id(row.id)
    assert row.state == "returned" and firm.zhao.sees.destructions_waiting() == 1
    with pytest.raises(Refused) as no:
        proposed(firm)
    assert no.value.code == "listed_already"
    row.propose_again(firm.zhao, "保管期满，无纠纷，无续存价值")
    assert asked(row) == ["王经理"]
    row.approve(firm.wang)
    assert row.state == "approved" and ApprovalRequest.covers(row) and checks.faults() == []


def test_a_list_is_taken_back_and_given_up(firm, old):
    row = proposed(firm)
    row.recall(firm.zhao)
    assert (row.state, ApprovalRequest.current(row).state, asked(row)) == (
        "returned",
        "recalled",
        [],
    )
    row.withdraw(firm.zhao)
    assert (
        row.state == "withdrawn" and proposed(firm).number.endswith("002") and checks.faults() == []
    )


def test_an_approved_list_given_up_frees_what_stood_on_it(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.withdraw(firm.zhao)
    assert not ApprovalRequest.covers(row) and Filing.kept().count() == 2
    with pytest.raises(Refused):
        row.carry_out(firm.zhao)
    proposed(firm)


@pytest.mark.parametrize(
    "plan", [[], [{"who": "role", "role": "manager", "hours": 2, "late": "pass"}]]
)
def test_no_flow_lets_a_list_pass_unasked(firm, plan):
    flow = ApprovalFlow.get(ApprovalFlow.kind == "destruction")
    for make in (
        lambda: flow.revise(firm.ada, steps=plan),
        lambda: ApprovalFlow.define(firm.ada, "destruction", steps=plan, priority=9),
    ):
        with pytest.raises(Refused) as no:
            make()
        assert no.value.code == "flow_asks_nobody"
    assert ApprovalFlow.select().where(ApprovalFlow.kind == "destruction").count() == 1


def test_a_list_without_a_flow_in_force_is_refused(firm, old):
    ApprovalFlow.get(ApprovalFlow.kind == "destruction").revise(firm.ada, active=False)
    with pytest.raises(Refused) as no:
        proposed(firm)
    assert no.value.code == "no_flow" and not DestructionList.select().exists()


def test_a_firm_from_before_gets_the_ready_flow_with_its_first_list(firm, old):
    for flow in ApprovalFlow.select().where(ApprovalFlow.kind == "destruction"):
        flow.versions.model.delete().where(flow.versions.model.flow == flow.id).execute()
        FlowStep.delete().where(FlowStep.flow == flow.id).execute()
        ApprovalFlow.delete().where(ApprovalFlow.id == flow.id).execute()
    assert asked(proposed(firm)) == ["王经理"]


def test_a_list_approved_before_flows_were_asked_is_handed_in_anew(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    Task.delete().where(Task.request == ApprovalRequest.current(row).id).execute()
    ApprovalRequest.delete().where(ApprovalRequest.subject_type == "DestructionList").execute()
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    with pytest.raises(Refused) as no:
        DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert no.value.code == "not_approved"
    DestructionList.get_by_id(row.id).propose_again(firm.zhao, "再报")
    assert asked(row) == ["王经理"] and not row.witnesses.exists()


def test_two_hands_open_one_request_only(firm, old):
    row = proposed(firm)
    with pytest.raises(Refused) as no:
        ApprovalRequest._create(
            row,
            **{
                n: getattr(ApprovalRequest.current(row), n)
                for n in ("flow", "plan", "submitter", "opened_at", "content_approved")
            },
        )
    assert no.value.code == "request_open"


def test_delegation_reaches_lists_but_not_one_limited_by_amount(firm, old):
    Delegation.arrange(firm.wang, firm.wang, firm.ada, today(), today(), most=100)
    assert asked(proposed(firm)) == ["王经理"]
    Delegation.get().end(firm.wang)
    Delegation.arrange(firm.wang, firm.wang, firm.ada, today(), today(), kinds=["destruction"])
    assert asked(DestructionList.get()) == ["Ada"]


def letters(step):
    """Who was told to check, or to sign, as a witness."""
    return sorted(
        m.recipient
        for m in Mail.select().where(Mail.template == "witness")
        if m.context["step"] == step
    )


def test_witnesses_are_told_when_they_are_to_check_and_again_when_they_are_to_sign(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    assert letters("check") == []
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert letters("check") == ["ada@firm.test", "fang@firm.test"]
    row.check(firm.fang)
    row.check(firm.ada)
    row.carry_out(firm.zhao)
    assert letters("sign") == []
    erase.erase_waiting()
    erase.erase_waiting()
    assert letters("sign") == ["ada@firm.test", "fang@firm.test"] and len(letters("check")) == 2


def test_only_a_new_witness_is_told_and_one_who_comes_back_is_told_again(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    boss = User.enter(firm.ada, name="孙总", email="sun@firm.test", roles=["manager"])
    row.name_witnesses(firm.zhao, firm.fang, boss)
    assert letters("check") == ["ada@firm.test", "fang@firm.test", "sun@firm.test"]
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert (
        letters("check").count("ada@firm.test") == 2
        and letters("check").count("fang@firm.test") == 1
    )


def test_a_witness_who_left_gets_no_mail(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    row.carry_out(firm.zhao)
    User.update(active=False).where(User.id == firm.fang.id).execute()
    erase.erase_waiting()
    assert letters("sign") == ["ada@firm.test"]


@pytest.fixture
def boss(firm):
    return User.enter(firm.ada, name="孙总", email="sun@firm.test", roles=["manager"])


@pytest.fixture
def sun(firm):
    return User.enter(firm.ada, name="孙二", email="er@firm.test", roles=["finance"])


def test_the_check_of_the_witness_who_stays_counts(firm, old, boss):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.ada)
    firm.fang.disable(firm.ada)
    row.name_witnesses(firm.zhao, firm.ada, boss)
    row.check(boss)
    row.carry_out(firm.zhao)
    assert checks.faults() == []


def test_a_witness_who_left_after_the_destruction_is_replaced(firm, old, boss, sun):
    row = carried_out(firm, proposed(firm))
    with pytest.raises(Refused, match="witnesses_here"):
        row.replace_witness(firm.zhao, boss)
    firm.fang.disable(firm.ada)
    for person, code in ((firm.wang, "witness_took_part"), (firm.ada, "witnesses_two")):
        with pytest.raises(Refused, match=code):
            row.replace_witness(firm.zhao, person)
    row.replace_witness(firm.zhao, boss)
    assert letters("sign")[-1] == "sun@firm.test"
    with pytest.raises(Refused, match="witnesses_here"):
        row.replace_witness(firm.zhao, sun)
    boss.disable(firm.ada)
    row.replace_witness(firm.zhao, sun)
    row.sign(firm.ada)
    row.sign(sun)
    DestructionList.certify_waiting()
    assert DestructionList.get_by_id(row.id).state == "certified" and checks.faults() == []


def test_nobody_replaces_the_last_who_compared_list_and_archive(firm, old, boss):
    row = carried_out(firm, proposed(firm))
    firm.fang.disable(firm.ada)
    firm.ada.enter(firm.ada, name="Else", email="else@firm.test", roles=["admin"])
    firm.ada.revise(firm.ada, roles=["sales"])
    with pytest.raises(Refused, match="witnesses_gone"):
        row.replace_witness(firm.zhao, boss)


def test_a_witness_who_lost_the_role_neither_checks_nor_signs_and_can_be_replaced(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.ada)
    with pytest.raises(Refused, match="witness_began"):
        row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    firm.fang.revise(firm.ada, roles=["sales"])
    with pytest.raises(Forbidden):
        row.check(firm.fang)
    boss = User.enter(firm.ada, name="孙总", email="sun@firm.test", roles=["manager"])
    row.name_witnesses(firm.zhao, firm.ada, boss)
    row.check(boss)
    row.carry_out(firm.zhao)
    erase.erase_waiting()
    boss.revise(firm.ada, roles=["sales"])
    with pytest.raises(Forbidden):
        row.sign(boss)


def test_the_page_says_that_a_witness_is_gone_and_offers_another(firm, old, boss, sign_in):
    row = proposed(firm)
    page = f"/archive/destructions/{row.id}"
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.ada)
    assert "/witnesses" not in sign_in(firm.zhao).get(page).text
    firm.fang.revise(firm.ada, roles=["sales"])
    shown = sign_in(firm.zhao).get(page).text
    assert "方财务 can no longer witness" in shown and f"{page}/witnesses" in shown
    row.name_witnesses(firm.zhao, firm.ada, boss)
    row.check(boss)
    row.carry_out(firm.zhao)
    erase.erase_waiting()
    assert f"{page}/replacement" not in sign_in(firm.zhao).get(page).text
    boss.revise(firm.ada, roles=["sales"])
    firm.fang.revise(firm.ada, roles=["finance"])
    assert f"{page}/replacement" in sign_in(firm.zhao).get(page).text
    answer = post(sign_in(firm.zhao), f"{page}/replacement", witness=firm.fang.id)
    assert answer.status_code == 303
    shown = sign_in(firm.zhao).get(page).text
    assert f"{page}/replacement" not in shown and "instead of 孙总" in shown
