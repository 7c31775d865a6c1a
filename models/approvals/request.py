"""One round of approval of one content of one paper."""
import peewee as pw

from models.approvals.flow import ApprovalFlow, approvers
from models.base import JSONField, Model, db, now, refuse
from models.documents import Document
from models.events import Journaled
from models.people import User


class ApprovalRequest(Journaled, Model):
    """Bound to the content it was opened for; another content needs another request."""
    document = pw.ForeignKeyField(Document, backref="requests")
    flow = pw.ForeignKeyField(ApprovalFlow)
    plan = JSONField()
    step = pw.IntegerField(default=0)
    state = pw.CharField(max_length=12, default="open", index=True)
    content_approved = pw.CharField(max_length=64)
    submitter = pw.ForeignKeyField(User)
    opened_at = pw.DateTimeField()

    @classmethod
    @db.atomic()
    def open_for(cls, document, by):
        """Choose the flow and ask the first step; approves at once where the flow has no step."""
        flow = ApprovalFlow.choose(document)
        request = cls.create(document=document, flow=flow, plan=flow.plan(), submitter=by, opened_at=now(),
                             content_approved=document.content_hash())
        request.record("opened", by, flow=flow.name, version=flow.version)
        request.advance(by)
        return request

    @classmethod
    def foresee(cls, document, by):
        """(flow, [(step, people)]) as submit would choose now: shown before submitting."""
        flow = ApprovalFlow.choose(document)
        return flow, [(step, approvers(step, document, by)) for step in flow.plan()]

    @classmethod
    def current(cls, document):
        return cls.select().where(cls.document == document.id).order_by(cls.id.desc()).first()

    @classmethod
    def covers(cls, document):
        """True when the newest request was approved for exactly this content."""
        last = cls.current(document)
        return bool(last and last.state == "approved" and last.content_approved == document.content_hash())

    @db.atomic()
    def advance(self, by):
        """Open the next step's tasks, or accept the paper after the last."""
        from models.approvals.task import Task
        Task.cancel_open(self)
        said_yes = {t.user_id for t in self.tasks.where(Task.state == "approved", Task.step == self.step)}
        if self.step >= len(self.plan):
            self.move("open", to="approved")
            reason = "approvers" if self.plan else "below_limit"
            self.record("approved", by, reason=reason)
            Document.get_by_id(self.document_id).accept(by, reason)
            return
        step = self.plan[self.step]
        people = approvers(step, self.document, self.submitter)
        self.step += 1
        self.save()
        twice = [u for u in people if u.id in said_yes]
        if twice and step["rule"] == "any":
            self.record("step_passed", by, step=self.step, because="same_person_just_approved", who=twice[0].name)
            Task.create(request=self, step=self.step, user=twice[0], state="approved", note="", decided_at=now(),
                        opened_at=now())
            return self.advance(by)
        for user in people:
            Task.open_for(self, user)
        self.record("step_opened", by, step=self.step, asked=[u.name for u in people])

    @classmethod
    @db.atomic()
    def recall(cls, document, by):
        """End the open request; refused after the first decision."""
        from models.approvals.task import Task
        request = cls.current(document)
        request and request.state == "open" or refuse("state_changed", now=document.state)
        request.tasks.where(Task.state == "approved").exists() and refuse("already_decided")
        request._end(by, "recalled")

    @classmethod
    def drop(cls, document, by):
        """End what was open or approved because the content changed."""
        request = cls.current(document)
        if request and request.state in ("open", "approved"):
            request._end(by, "dropped")

    def _end(self, by, state):
        from models.approvals.task import Task
        Task.cancel_open(self)
        self.move("open", "approved", to=state)
        self.record(state, by)
