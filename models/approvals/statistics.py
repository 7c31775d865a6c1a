"""Approval times: hours per step and person, what was sent back and why, what waits longest."""

import peewee as pw
from peewee import JOIN, Case, fn

from models.approvals.flow import ApprovalFlow
from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core.clock import now
from models.core.database import db
from models.customers import Customer
from models.documents import Document
from models.people import User

BACK = Task.state != "approved"


def statistics(since, requests=None, limit=20):
    """{"people": [(name, decided, mean hours, sent back)], "steps": [(flow, step, decided, mean
    hours)], "reasons": [(when, name, state, reason, task)], "waiting": [(task, hours)]} of tasks
    opened since that moment, of these requests or of all."""
    decider = User.alias()
    rows = (
        Task.select(Task, ApprovalRequest, ApprovalFlow, Document, Customer, decider)
        .join(ApprovalRequest)
        .join(ApprovalFlow)
        .switch(ApprovalRequest)
        .join(Document, JOIN.LEFT_OUTER)
        .join(Customer, JOIN.LEFT_OUTER)
        .switch(Task)
        .join(decider, on=Task.user == decider.id, attr="user")
        .where(Task.kind != "copy")
    )
    if requests is not None:
        rows = rows.where(Task.request.in_(requests.select(ApprovalRequest.id)))
    decided = rows.where(
        Task.opened_at >= since,
        Task.state.in_(("approved", "rejected", "returned")),
        # Equal times: the task only repeats an approval that the person gave in the step before.
        Task.decided_at != Task.opened_at,
    )
    count, mean, back = fn.COUNT(Task.id), fn.AVG(_hours()), fn.SUM(Case(None, [(BACK, 1)], 0))
    people = decided.select(decider.name, count, mean, back).group_by(decider.name)
    steps = decided.select(ApprovalFlow.name, Task.step, count, mean)
    steps = steps.group_by(ApprovalFlow.name, Task.step)
    reasons = decided.where(BACK).order_by(Task.decided_at.desc(), Task.id).limit(limit)
    waiting = rows.where(Task.state == "open").order_by(Task.opened_at).limit(limit)
    return {
        "people": sorted((*row[:2], float(row[2]), row[3]) for row in people.tuples()),
        "steps": sorted((*row[:3], float(row[3])) for row in steps.tuples()),
        "reasons": [(t.decided_at, t.user.name, t.state, t.note, t) for t in reasons],
        "waiting": [(t, (now() - t.opened_at).total_seconds() / 3600) for t in waiting],
    }


def _hours():
    """Between the opening of a task and its decision."""
    if isinstance(db.obj, pw.SqliteDatabase):
        return (fn.JULIANDAY(Task.decided_at) - fn.JULIANDAY(Task.opened_at)) * 24
    return pw.NodeList(
        (pw.SQL("EXTRACT(EPOCH FROM"), Task.decided_at - Task.opened_at, pw.SQL(") / 3600"))
    )
