"""What one person is asked to decide."""

import peewee as pw

from models.adapters.outbox import Mail
from models.approvals.adding import Adding
from models.approvals.deadline import due_after
from models.approvals.delegation import Delegation
from models.approvals.step import full
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.people import User


class Task(Adding, Model):
    """One approver's part in a step; its decisions stand in the request's journal."""

    request = pw.DeferredForeignKey("ApprovalRequest", backref="tasks")
    step = pw.IntegerField()
    user = pw.ForeignKeyField(User, backref="all_tasks")
    state = pw.CharField(max_length=12, default="open", index=True)
    note = pw.CharField(max_length=1000, default="")
    opened_at = pw.DateTimeField()
    decided_at = pw.DateTimeField(null=True)
    round = pw.IntegerField(default=1)
    kind = pw.CharField(max_length=8, default="decide")
    parent = pw.ForeignKeyField("self", null=True, backref="children")
    on_behalf = pw.ForeignKeyField(User, null=True, backref="+")
    came_from = pw.ForeignKeyField(User, null=True, backref="+")
    due_at = pw.DateTimeField(null=True)
    late_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("user", "state"), False),)

    @classmethod
    def shown(cls, query):
        """The tasks with their request, paper, customer and the people named, so that a list asks
        for nothing more."""
        ApprovalRequest = cls.request.rel_model
        sender, absent = User.alias(), User.alias()
        return (
            query.select(cls, ApprovalRequest, Document, Customer, sender, absent)
            .join(ApprovalRequest)
            .join(Document, pw.JOIN.LEFT_OUTER)
            .join(Customer, pw.JOIN.LEFT_OUTER)
            .switch(ApprovalRequest)
            .join(sender, on=ApprovalRequest.submitter == sender.id, attr="submitter")
            .switch(cls)
            .join(absent, pw.JOIN.LEFT_OUTER, on=cls.on_behalf == absent.id, attr="on_behalf")
        )

    @classmethod
    def open_for(
        cls,
        request,
        user,
        kind="decide",
        parent=None,
        came_from=None,
        known=False,
        taken=None,
        state="open",
    ):
        """Ask one person, or who stands in for them, and tell them by mail. `known`: they agreed a
        moment ago. Nobody stands in who is among `taken`, those asked in this step themselves: one
        person would count for two."""
        taken = cls.asked_in(request) if taken is None else taken
        stand_in = None if known else Delegation.stand_in(user, request)
        stand_in = None if stand_in and stand_in.id in taken else stand_in
        taken.add(stand_in.id if stand_in else user.id)
        hours = full(request.plan[request.step - 1])["hours"]
        task = cls.create(
            request=request,
            step=request.step,
            round=request.round,
            user=stand_in or user,
            kind=kind,
            parent=parent,
            on_behalf=user if stand_in else None,
            came_from=came_from,
            opened_at=now(),
            state="approved" if known else state,
            decided_at=now() if known else None,
            due_at=due_after(now(), hours) if hours and not known else None,
        )
        if task.state == "open":
            task.notify("task_waiting", f"task-{task.id}")
        return task

    @classmethod
    def asked_in(cls, request):
        """Ids of those who are asked, or have agreed, in the step under way."""
        return {
            t.user_id
            for t in cls.select(cls.user).where(
                cls.request == request.id,
                cls.step == request.step,
                cls.round == request.round,
                cls.state.in_(("open", "waiting", "approved")),
            )
        }

    @classmethod
    def copy_to(cls, request, people):
        """Let people see the paper without deciding (抄送)."""
        for user in User.select().where(User.id.in_(people or [0]), User.active):
            if not request.tasks.where(cls.user == user.id, cls.kind == "copy").exists():
                cls.create(
                    request=request,
                    step=request.step,
                    round=request.round,
                    user=user,
                    kind="copy",
                    state="copied",
                    opened_at=now(),
                ).notify("task_copied", f"copy-{request.id}-{user.id}")

    def notify(self, template, key):
        """Queue a mail to the person asked, with the link that opens the task."""
        paper = self.request.subject
        Mail.enqueue(
            key,
            to=self.user.email,
            template=template,
            language=self.user.language,
            context={
                "name": self.user.name,
                "kind": paper.kind,
                "customer": paper.customer.name if paper.customer else "",
                "total": paper.total,
                "currency": paper.currency,
                "number": "" if paper.customer else paper.name,
                "task": self.id,
                "sender": self.request.submitter.name,
                "link": f"{Document.base_url or ''}/tasks/{self.id}",
            },
        )

    @classmethod
    def cancel_open(cls, request):
        cls.update(state="cancelled").where(
            cls.request == request.id, cls.state.in_(("open", "waiting"))
        ).execute()

    @db.atomic()
    def approve(self, by, note=""):
        """Say yes; the last yes of the last step approves the paper."""
        self._decide(by, "approved", note)
        self._go_on(by)

    def request_now(self):
        """The request as it stands now."""
        return type(self).request.rel_model.get_by_id(self.request_id)

    def _go_on(self, by):
        if self.kind == "before":
            return self.parent.reopen()
        request = self.request_now()
        if request.agreed():
            request.advance(by)

    @db.atomic()
    def reject(self, by, note):
        """Say no (驳回): the paper goes back to its maker with the reason."""
        note.strip() or refuse("reason_needed")
        self._decide(by, "rejected", note)
        self.request_now().refuse_it(by, note)

    @db.atomic()
    def return_to(self, by, step, note):
        """Send the paper back (退回) to an earlier step, or with 0 to the submitter, with the
        reason."""
        note.strip() or refuse("reason_needed")
        request = self.request_now()
        0 <= step < request.step or refuse("step_not_earlier")
        self._decide(by, "returned", note)
        self.request_now().send_back(by, step, note)

    def entitle(self, by):
        """Raise unless `by` may decide this now: the person asked, active, not on their own paper,
        on unchanged content."""
        if not isinstance(by, User) or by.id != self.user_id or not User.get_by_id(by.id).active:
            raise Forbidden("decide")
        request = self.request_now()
        document = request.fresh()
        if by.id in (request.submitter_id, document.owner_id):
            refuse("own_document")
        fresh = Task.get_by_id(self.id)
        if fresh.state == "passed":
            refuse("time_over")
        if fresh.state != "open" or request.state != "open":
            other = (
                request.tasks.where(Task.decided_at.is_null(False))
                .order_by(Task.decided_at.desc(), Task.id.desc())
                .first()
            )
            if other and fresh.state != "waiting":
                refuse("task_closed", name=other.user.name)
            else:
                refuse("task_gone")
        document.content_hash() == request.content_approved or refuse("content_changed")
        self.__data__.update(
            fresh.__data__
        )  # loaded before it was moved under another task, it would report to the wrong one
        self.__rel__.clear()

    def _decide(self, by, state, note):
        self.entitle(by)
        self.move("open", to=state, note=note.strip()[:1000], decided_at=now())
        self.request_now().record(
            f"step_{state}", by, step=self.step, note=note, task=self.id, **self.both_names()
        )

    def both_names(self):
        """For the journal: on whose behalf, when someone stands in."""
        return {"behalf": self.on_behalf.name} if self.on_behalf else {}
