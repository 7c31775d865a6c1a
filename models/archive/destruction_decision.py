"""What the flow decides on a destruction list, one approver after the other."""

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden

OPEN = ("proposed", "returned", "approved")


class Decided:
    """Mixed into the list: whose yes it needs, and what their yes or no makes of it."""

    @classmethod
    def preview(cls, by):
        """[(step, people)] that a list proposed now would go through; empty where the ready flow is
        still to come."""
        known = ApprovalFlow.select().where(ApprovalFlow.kind == cls.kind).exists()
        return ApprovalRequest.preview(cls(proposer=by), by)[1] if known else []

    def approve(self, by, note=""):
        """The yes of one who is asked; the last one of the flow approves the list."""
        self._task_of(by).approve(by, note)
        self._reload()

    def reject(self, by, note):
        """No: everything on it stays and may be listed anew."""
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
        """The last step said yes; called by the request only."""
        self.move(
            "proposed", to="approved", approver=by, decided_at=now(), decision=self._last_word()
        )
        self.record("approved", by, reason=reason, content=self.content_hash())

    @db.atomic()
    def return_to_draft(self, by, reason):
        """No, or back to the proposer; called by the request only. Rejected, everything on it stays
        and may be listed anew."""
        to = ApprovalRequest.current(self).state
        who = (
            {"approver": by, "decided_at": now(), "decision": reason[:500]}
            if to == "rejected"
            else {}
        )
        self.move("proposed", to=to, **who)
        self.record(to, by, reason=reason)

    def _last_word(self):
        last = (
            ApprovalRequest.current(self)
            .tasks.where(Task.state == "approved")
            .order_by(Task.id.desc())
            .first()
        )
        return last.note[:500] if last else ""

    def deciders(self):
        """Ids of all who agreed to it: none of them may be a witness."""
        request = ApprovalRequest.current(self)
        return (
            {t.user_id for t in request.tasks.where(Task.state == "approved")} if request else set()
        )
