"""What was decided about a document or another subject, over all its requests; what a person waits
for."""

import itertools
from collections import defaultdict

import peewee as pw

from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core.journal import Event, class_name
from models.customers import Customer
from models.documents import Document
from models.people import User

DECISIONS = (
    "step_approved step_rejected step_returned handed_over escalated asked_before asked_after "
    "delegated taken_over task_ended task_joined recalled dropped"
).split()


def decisions(subject):
    """[(request, [events])] of the requests in which somebody decided, the newest first: each
    decision with its reason stays to be read, also after it was submitted again or sent back."""
    columns = ("id", "opened_at", "state", "submitter")
    rows = (
        Event.select(Event, *(getattr(ApprovalRequest, name) for name in columns), User)
        .join(ApprovalRequest, on=(Event.subject_id == ApprovalRequest.id), attr="request")
        .join(User)
        .where(
            Event.subject_type == class_name(ApprovalRequest),
            Event.subject_id.in_(ApprovalRequest.about(subject).select(ApprovalRequest.id)),
            Event.action.in_(DECISIONS),
        )
        .order_by(ApprovalRequest.id.desc(), Event.id)
    )
    by_request = itertools.groupby(rows, key=lambda event: event.request.id)
    return [(found[0].request, found) for found in (list(events) for _, events in by_request)]


def own_requests(person):
    """The open requests that the person submitted, as a query."""
    return ApprovalRequest.select().where(
        ApprovalRequest.submitter == person.id, ApprovalRequest.state == "open"
    )


def under_way(person, most=100):
    """[(request, names of those it waits for)] of the open requests that the person submitted, the
    newest first, with document and customer."""
    rows = (
        ApprovalRequest.select(ApprovalRequest, Document, Customer)
        .join(Document, pw.JOIN.LEFT_OUTER)
        .join(Customer, pw.JOIN.LEFT_OUTER)
        .where(ApprovalRequest.id.in_(own_requests(person).select(ApprovalRequest.id)))
        .order_by(ApprovalRequest.id.desc())
        .limit(most)
    )
    rows, names = list(rows), defaultdict(list)
    tasks = Task.select(Task.request, User.name).join(User, on=(Task.user == User.id))
    asked = tasks.where(Task.request.in_([r.id for r in rows] or [0]), Task.state == "open")
    for request, name in asked.order_by(Task.id).tuples():
        names[request].append(name)
    return [(row, names[row.id]) for row in rows]
