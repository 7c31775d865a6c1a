"""The approval of a destruction list by its flow."""

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden

OPEN = ("proposed", "returned", "approved")


class Decided:
    """Mixed into the list: who approves it, and what follows from their decision."""

    @classmethod
    def preview(cls, by):
        """[(step, people)] for a list proposed now; empty while there is no flow for lists."""
        known = ApprovalFlow.select().where(ApprovalFlow.kind == cls.kind).exists()
        return ApprovalRequest.preview(cls(proposer=by), by)[1] if known else []

    def approve(self, by, note=""):
        """Approve as one who is asked; the last approval of the flow approves the list."""
        self._task_of(by).approve(by, note)
        self._reload()

    def reject(self, by, note):
        """Reject the list; its filings stay and may be listed again."""
        self._task_of(by).reject(by, note)
        self._reload()

    def _task_of(self, by):
        request = ApprovalRequest.current(self)
        task = (
            request
            and request.tasks.where(Task.user == by.id, Task.kind != "copy")
            .order_by((Task.state == "open").desc(), Task.id.desc())
            .first()
        )
        if not task:
            raise Forbidden("decide")
        return task

    def _reload(self):
        self.__data__.update(type(self).get_by_id(self.id).__data__)
        self.__rel__.clear()

    @db.atomic()
    def accept(self, by, reason):
        """Approve the list after the last step; called by the request only."""
        self.move(
            "proposed", to="approved", approver=by, decided_at=now(), decision=self._last_note()
        )
        self.record("approved", by, reason=reason, content=self.content_hash())

    @db.atomic()
    def return_to_draft(self, by, reason):
        """Reject the list or return it to the proposer; called by the request only."""
        to = ApprovalRequest.current(self).state
        decision = (
            {"approver": by, "decided_at": now(), "decision": reason[:500]}
            if to == "rejected"
            else {}
        )
        self.move("proposed", to=to, **decision)
        self.record(to, by, reason=reason)

    def _last_note(self):
        last = (
            ApprovalRequest.current(self)
            .tasks.where(Task.state == "approved")
            .order_by(Task.id.desc())
            .first()
        )
        return last.note[:500] if last else ""

    def deciders(self):
        """Ids of all who approved it; none of them may be a witness."""
        request = ApprovalRequest.current(self)
        return (
            {t.user_id for t in request.tasks.where(Task.state == "approved")} if request else set()
        )
