"""The task of one person in an approval step."""

import peewee as pw

from models.adapters.outbox import Mail
from models.approvals.adding import Adding
from models.approvals.deadline import due_after
from models.approvals.delegation import Delegation
from models.approvals.presence import Presence
from models.approvals.step import with_defaults
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.model import Model
from models.customers import Customer
from models.documents import Document
from models.people import User


class Task(Adding, Presence, Model):
    """One approver's decision in a step; it is recorded in the journal of the request."""

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
        """The tasks joined with their request, document, customer and people, so that a list needs
        no further query."""
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
        approved=False,
        asked_ids=None,
        state="open",
    ):
        """Ask one person, or their stand-in, by mail. `approved`: they approved in the step before,
        so the task is approved at once. `asked_ids`: the people asked in this step; none of them
        stands in, since one person would count twice."""
        asked_ids = cls.asked_in(request) if asked_ids is None else asked_ids
        stand_in = None if approved else Delegation.stand_in(user, request)
        stand_in = None if stand_in and stand_in.id in asked_ids else stand_in
        asked_ids.add(stand_in.id if stand_in else user.id)
        hours = with_defaults(request.plan[request.step - 1])["hours"]
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
            state="approved" if approved else state,
            decided_at=now() if approved else None,
            due_at=due_after(now(), hours) if hours and not approved else None,
        )
        if task.state == "open":
            task.notify("task_waiting", f"task-{task.id}")
        return task

    @classmethod
    def asked_in(cls, request):
        """Ids of the people who are asked, or have approved, in the current step."""
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
        """Let people see the document without deciding (抄送)."""
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
        subject = self.request.subject
        Mail.enqueue(
            key,
            to=self.user.email,
            template=template,
            language=self.user.language,
            context={
                "name": self.user.name,
                "kind": subject.kind,
                "customer": subject.customer.name if subject.customer else "",
                "total": subject.total,
                "currency": subject.currency,
                "number": "" if subject.customer else subject.name,
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
        """Approve; the last approval of the last step approves the document."""
        self._decide(by, "approved", note)
        self._advance(by)

    def fresh_request(self):
        """The request, read again from the database."""
        return type(self).request.rel_model.get_by_id(self.request_id)

    def _advance(self, by):
        if self.kind == "before":
            return self.parent.reopen()
        request = self.fresh_request()
        if request.agreed():
            request.advance(by)

    @db.atomic()
    def reject(self, by, note):
        """Reject (驳回): the document goes back to its submitter with the reason."""
        note.strip() or refuse("reason_needed")
        self._decide(by, "rejected", note)
        self.fresh_request().reject(by, note)

    @db.atomic()
    def return_to(self, by, step, note):
        """Return the document (退回) to an earlier step, or with 0 to the submitter, with the
        reason."""
        note.strip() or refuse("reason_needed")
        request = self.fresh_request()
        0 <= step < request.step or refuse("step_not_earlier")
        self._decide(by, "returned", note)
        self.fresh_request().send_back(by, step, note)

    def check_may_decide(self, by):
        """Raise unless `by` may decide now: the active person who is asked, about a document that
        is not their own and whose content has not changed."""
        if not isinstance(by, User) or by.id != self.user_id or not User.get_by_id(by.id).active:
            raise Forbidden("decide")
        request = self.fresh_request()
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
        if not fresh.still_asked():
            raise Forbidden("decide")
        document.content_hash() == request.content_approved or refuse("content_changed")
        # It may have got another parent since it was loaded; the old one would be opened instead.
        self.__data__.update(fresh.__data__)
        self.__rel__.clear()

    def _decide(self, by, state, note):
        self.check_may_decide(by)
        self.move("open", to=state, note=note.strip()[:1000], decided_at=now())
        self.fresh_request().record(
            f"step_{state}", by, step=self.step, note=note, task=self.id, **self.behalf_fact()
        )

    def behalf_fact(self):
        """The journal fact that names the person for whom someone stands in, if any."""
        return {"behalf": self.on_behalf.name} if self.on_behalf else {}
