"""A firm with a chief, further managers and a flow of three steps, to try approvals in."""

import pytest

from models.approvals import ApprovalFlow
from models.people import User


@pytest.fixture
def office(firm):
    """Flow: Wang, then Fang, then Zhao; Xu and Ma are further managers, Gao is everyone's chief."""
    firm.gao = User.enter(firm.ada, name="高总", email="gao@firm.test", roles=["manager"])
    firm.xu = User.enter(
        firm.ada, name="许经理", email="xu@firm.test", roles=["manager"], superior=firm.gao
    )
    firm.ma = User.enter(
        firm.ada, name="马经理", email="ma@firm.test", roles=["manager"], superior=firm.gao
    )
    firm.wang.revise(firm.ada, superior=firm.gao)
    firm.li.revise(firm.ada, superior=firm.wang)
    for flow in ApprovalFlow.select().where(ApprovalFlow.kind == "invoice"):
        flow.revise(firm.ada, active=False)
    firm.flow = ApprovalFlow.define(
        firm.ada,
        "invoice",
        steps=[people(firm.wang), people(firm.fang), people(firm.zhao)],
        name="three",
    )
    return firm


def people(*users, **more):
    return {"who": "people", "people": [u.id for u in users], **more}
