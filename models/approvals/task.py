"""What one person is asked to decide."""
import peewee as pw

from models.approvals.request import ApprovalRequest
from models.base import Forbidden, Model, db, now, refuse
from models.documents import Document
from models.people import User


class Task(Model):
    """One approver's part in a step; its decisions stand in the request's journal."""
    request = pw.ForeignKeyField(ApprovalRequest, backref="tasks")
    step = pw.IntegerField()
    user = pw.ForeignKeyField(User, backref="all_tasks")
    state = pw.CharField(max_length=12, default="open", index=True)
    note = pw.CharField(max_length=1000, default="")
    opened_at = pw.DateTimeField()
    decided_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("request", "step", "user"), True),)

    @classmethod
    def open_for(cls, request, user):
        """Ask one person, and tell them by mail."""
        from models.outbox import Mail
        task = cls.create(request=request, step=request.step, user=user, opened_at=now())
        paper = request.document
        Mail.put(f"task-{task.id}", to=user.email, template="task_waiting", language=user.language,
                 context={"name": user.name, "kind": paper.kind, "customer": paper.customer.name,
                          "total": paper.total, "currency": paper.currency, "task": task.id})
        return task

    @classmethod
    def cancel_open(cls, request):
        cls.update(state="cancelled").where(cls.request == request.id, cls.state == "open").execute()

    @db.atomic()
    def approve(self, by, note=""):
        """Say yes; the last yes of the last step approves the paper."""
        self._decide(by, "approved", note)
        request = ApprovalRequest.get_by_id(self.request_id)
        if request.plan[self.step - 1]["rule"] == "all" and \
                request.tasks.where(Task.step == self.step, Task.state == "open").exists():
            return
        request.advance(by)

    @db.atomic()
    def reject(self, by, note):
        """Say no (驳回): the paper goes back to its maker with the reason."""
        note.strip() or refuse("reason_needed")
        self._decide(by, "rejected", note)
        request = ApprovalRequest.get_by_id(self.request_id)
        Task.cancel_open(request)
        request.move("open", to="rejected")
        request.record("rejected", by, reason=note)
        Document.get_by_id(request.document_id).return_to_draft(by, note)

    def _decide(self, by, state, note):
        if by.id != self.user_id or not by.active or not isinstance(by, User):
            raise Forbidden("decide")
        by.id in (self.request.submitter_id, self.request.document.owner_id) and refuse("own_document")
        document = Document.get_by_id(self.request.document_id)
        document.content_hash() == self.request.content_approved or refuse("content_changed")
        self.move("open", to=state, note=note.strip()[:1000], decided_at=now())
        ApprovalRequest.get_by_id(self.request_id).record(f"step_{state}", by, step=self.step, note=note, task=self.id)
