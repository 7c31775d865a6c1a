"""Deadlines of disputes: when one has passed, the owner gets one mail and their superior one."""

from models.core.clock import now
from models.core.database import db
from models.disputes.dispute import Dispute


def run_late():
    """Mail about every dispute whose deadline has passed. Running twice sends nothing twice."""
    rows = list(Dispute.late().where(Dispute.owner.is_null(False)))
    for row in rows:
        _mail_owner(row)
    return rows


@db.atomic()
def _mail_owner(row):
    if row.first_answer_at is None:
        row._mail_staff("late-answer", row.text)
    if row.settle_by < now() and row.owner.superior_id and row.owner.superior.active:
        row._enqueue("late-settle", row.owner.superior, row.text, f"/disputes/{row.id}")
