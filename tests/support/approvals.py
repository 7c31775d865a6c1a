"""Submitted papers, their tasks and what is refused, for the tests of approval."""

import datetime as dt

import pytest

from models.approvals import ApprovalRequest, Task
from models.core.errors import Refused
from models.documents import Document

MONDAY = dt.datetime(2026, 11, 23, 1)


def steps(firm, *plan, **more):
    firm.flow.revise(firm.ada, steps=list(plan), **more)


def submitted(firm, **more):
    document = firm.draft(price="100", **more)
    document.submit(by=firm.li)
    return Document.get_by_id(document.id)


def request_of(document):
    return ApprovalRequest.current(document)


def open_tasks(document):
    return sorted(
        t.user.name
        for t in Task.select()
        .join(ApprovalRequest)
        .where(ApprovalRequest.document == document.id, Task.state == "open")
    )


def task(document, user):
    return (
        Task.select()
        .join(ApprovalRequest)
        .where(
            ApprovalRequest.document == document.id,
            Task.user == user.id,
            Task.state.in_(("open", "waiting")),
        )
        .order_by(Task.id.desc())
        .first()
    )


def state(document):
    return Document.get_by_id(document.id).state


def refused(code, verb, *args, **kwargs):
    with pytest.raises(Refused) as error:
        verb(*args, **kwargs)
    assert error.value.code == code
