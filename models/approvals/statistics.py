"""Approval times: hours per step and person, what was sent back and why, what waits longest."""

from collections import defaultdict

from peewee import JOIN

from models.approvals.flow import ApprovalFlow
from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core.clock import now
from models.customers import Customer
from models.documents import Document
from models.people import User


def statistics(since, requests=None, limit=20):
    """{"people": [(name, decided, mean hours, sent back)], "steps": [(flow, step, decided, mean
    hours)], "reasons": [(when, name, state, reason, task)], "waiting": [(task, hours)]} of tasks
    opened since that moment, of these requests or of all."""
    people, steps, reasons = defaultdict(list), defaultdict(list), []
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
    for task in rows.where(Task.opened_at >= since).order_by(Task.id):
        # Equal times: the task only repeats an approval that the person gave in the step before.
        asked = task.decided_at != task.opened_at
        if task.state in ("approved", "rejected", "returned") and task.decided_at and asked:
            hours = (task.decided_at - task.opened_at).total_seconds() / 3600
            people[task.user.name].append((hours, task.state))
            steps[task.request.flow.name, task.step].append(hours)
            if task.state != "approved":
                reasons.append((task.decided_at, task.user.name, task.state, task.note, task))
    waiting = rows.where(Task.state == "open").order_by(Task.opened_at).limit(limit)
    mean = lambda values: sum(values) / len(values)  # noqa: E731
    return {
        "people": sorted(
            (name, len(found), mean([h for h, _ in found]), sum(s != "approved" for _, s in found))
            for name, found in people.items()
        ),
        "steps": sorted(
            (flow, step, len(found), mean(found)) for (flow, step), found in steps.items()
        ),
        "reasons": sorted(reasons, key=lambda r: r[0], reverse=True)[:limit],
        "waiting": [(t, (now() - t.opened_at).total_seconds() / 3600) for t in waiting],
    }
