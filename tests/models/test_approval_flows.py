"""Which flow a paper takes, and how flows are changed."""

import pytest

from models.approvals import ApprovalFlow, ApprovalRequest
from models.approvals.conditions import facts_of
from models.approvals.flow import import_flows
from models.core.errors import Refused
from models.core.money import parse_scaled
from models.documents import Document
from tests.support.approvals import open_tasks, refused, request_of, steps, submitted, task
from tests.support.office import people

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
    assert (ApprovalRequest.preview(paper, office.li)[0].name == "special") is holds
    tried = {flow.name: (judged, fits) for flow, judged, fits, _ in ApprovalRequest.simulate(paper)}
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
    before, files = (
        office.flow.as_file(),
        [f.as_portable() for f in ApprovalFlow.select().order_by(ApprovalFlow.id)],
    )
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


def test_a_step_that_asks_for_more_people_than_it_has_is_not_saved(office):
    for step in (
        {"who": "role", "role": "finance", "rule": "n", "needed": 9},
        {"who": "superior", "rule": "n", "needed": 2},
        {"who": "customer_owner", "rule": "n", "needed": 2},
        people(office.wang, office.xu, office.wang, rule="n", needed=3),
    ):
        refused("step_too_many", steps, office, step)
        refused("step_too_many", ApprovalFlow.define, office.ada, "order", steps=[step])
    steps(office, {"who": "role", "role": "manager", "rule": "n", "needed": 4})
    assert office.flow.understaffed_steps() == []
    office.xu.disable(by=office.ada)
    assert office.flow.understaffed_steps() == [(1, 4, 3)]
    office.flow.revise(office.ada, name="renamed")  # what was saved stays


def test_a_fallback_or_a_waiting_role_is_counted_as_it_is_asked(office):
    finance = {"who": "role", "role": "finance"}
    steps(office, finance, {**finance, "fallback": office.gao.id})
    office.fang.revise(office.ada, roles=["sales"])
    assert office.flow.understaffed_steps() == [(1, 1, 0)]
