"""Time targets: who sees to a late dispute is told, then their superior; each once."""

from models.core.clock import now
from models.core.database import db
from models.disputes.dispute import Dispute


def run_late():
    """Tell of every dispute whose time has passed. Running twice tells nothing twice."""
    rows = list(Dispute.late().where(Dispute.owner.is_null(False)))
    for row in rows:
        _tell(row)
    return rows


@db.atomic()
def _tell(row):
    if row.first_answer_at is None:
        row._mail_staff("late-answer", row.text)
    if row.settle_by < now() and row.owner.superior_id and row.owner.superior.active:
        row._put("late-settle", row.owner.superior, row.text, f"/disputes/{row.id}")
