"""Whoever asked for an approval is told what came of it, and of the customer's confirmation."""

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest
from models.documents import Document
from tests.support.approvals import steps, submitted, task
from tests.support.office import people


def told(template):
    """[(recipient, outcome, purpose)] of the mails."""
    rows = Mail.select().where(Mail.template == template).order_by(Mail.id)
    return [(m.recipient, m.context.get("outcome"), m.context.get("purpose")) for m in rows]


@pytest.fixture
def paper(office):
    steps(office, people(office.wang), people(office.fang))
    return submitted(office)


def test_the_submitter_is_told_of_the_final_approval_only(office, paper):
    task(paper, office.wang).approve(by=office.wang)
    assert told("decided") == []
    task(paper, office.fang).approve(by=office.fang)
    assert told("decided") == [("li@firm.test", "approved", "issue")]


@pytest.mark.parametrize("verb, outcome", [("reject", "rejected"), ("return_to", "returned")])
def test_a_rejection_and_a_return_are_told_alike(office, paper, verb, outcome):
    more = {"step": 0} if verb == "return_to" else {}
    getattr(task(paper, office.wang), verb)(by=office.wang, note="no", **more)
    assert told("decided") == [("li@firm.test", outcome, "issue")]


def test_what_the_submitter_did_alone_is_not_told(office, paper):
    paper.recall(by=office.li)
    steps(office)
    submitted(office)
    assert told("decided") == []


def test_a_void_that_was_asked_for_is_told(office):
    made = office.issued("order")
    Mail.delete().execute()
    office.flow.define(office.ada, "void", steps=[people(office.gao)])
    made.void(by=office.fang, reason="twice")
    ApprovalRequest.current(made).tasks.get().approve(by=office.gao)
    assert told("decided") == [("fang@firm.test", "approved", "void")]


def test_salesperson_and_submitter_are_told_that_the_customer_confirmed(office):
    made = office.draft("order")
    made.submit(by=office.fang)
    office.approve_all(made)
    made = Document.get_by_id(made.id)
    made.issue(by=office.li)
    Mail.delete().execute()
    made.confirm(office.anna, "Anna")
    assert sorted(row[0] for row in told("confirmed")) == ["fang@firm.test", "li@firm.test"]
