"""What was decided about a document or another subject, over all its requests."""

from models.approvals.request import ApprovalRequest
from models.core.journal import Event, class_name

DECISIONS = (
    "step_approved step_rejected step_returned handed_over escalated asked_before asked_after "
    "delegated taken_over task_ended task_joined recalled dropped"
).split()


def decisions(subject):
    """[(request, [events])] of the requests in which somebody decided, the newest first: each
    decision with its reason stays to be read, also after it was submitted again or sent back."""
    requests = {r.id: r for r in ApprovalRequest.about(subject).order_by(ApprovalRequest.id.desc())}
    events = Event.select().where(
        Event.subject_type == class_name(ApprovalRequest),
        Event.subject_id.in_(list(requests) or [0]),
        Event.action.in_(DECISIONS),
    )
    found = {}
    for event in events.order_by(Event.id):
        found.setdefault(event.subject_id, []).append(event)
    return [(requests[ident], found[ident]) for ident in requests if ident in found]
