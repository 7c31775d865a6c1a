"""What was decided about a document or another subject, over all its requests."""

import itertools

from models.approvals.request import ApprovalRequest
from models.core.journal import Event, class_name
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
