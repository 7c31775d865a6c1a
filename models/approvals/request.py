"""An approval request for one content of one document, or of another subject (subject.py)."""

import datetime as dt

import peewee as pw

from models.approvals.flow import ApprovalFlow
from models.approvals.outcome import Outcome
from models.approvals.presence import PresentApprovers
from models.approvals.step import approvers, named_people, with_defaults
from models.approvals.subject import AboutSubject
from models.approvals.task import Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled, class_name
from models.core.model import Model
from models.core.prepared import prepared
from models.core.unique import unique_or_refuse
from models.documents import Document, approval_gate
from models.people import User

URGE_AGAIN = dt.timedelta(hours=1)


class ApprovalRequest(AboutSubject, Outcome, PresentApprovers, Journaled, Model):
    """Applies only to the content it was opened for; a changed content needs another request. A
    document has at most one open request."""

    document = pw.ForeignKeyField(Document, null=True, backref="requests")
    subject_type = pw.CharField(max_length=24, default="")
    subject_id = pw.IntegerField(default=0)
    flow = pw.ForeignKeyField(ApprovalFlow, backref="requests")
    plan = JSONField()
    step = pw.IntegerField(default=0)
    state = pw.CharField(max_length=12, default="open", index=True)
    content_approved = pw.CharField(max_length=64)
    submitter = pw.ForeignKeyField(User)
    opened_at = pw.DateTimeField()
    purpose = pw.CharField(max_length=10, default="issue")
    reason = pw.CharField(max_length=500, default="")
    round = pw.IntegerField(default=1)
    back_to = pw.IntegerField(default=0)
    said = JSONField(null=True)
    urged_at = pw.DateTimeField(null=True)
    closed_at = pw.DateTimeField(null=True)
    recall_late = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("subject_type", "subject_id"), False),)

    @classmethod
    def about(cls, subject):
        """The requests for a document or another subject."""
        if isinstance(subject, Document):
            return cls.select().where(cls.document == subject.id)
        return cls.select().where(
            cls.subject_type == class_name(type(subject)), cls.subject_id == subject.id
        )

    @classmethod
    @db.atomic()
    def open_for(cls, document, by, purpose="issue", reason="", straight_back=False):
        """Choose the flow and open its first step; approves at once where the flow has no step.
        `straight_back`: continue with the step that returned the document, if its content is still
        the one that the steps before approved."""
        flow = ApprovalFlow.choose(document, "void" if purpose == "void" else None) or refuse(
            "no_flow", kind=document.kind
        )
        last = cls.current(document)
        if last and last.state == "open":
            refuse("request_open")
        request = cls._create(
            document,
            flow=flow,
            plan=flow.plan(),
            submitter=by,
            opened_at=now(),
            purpose=purpose,
            reason=reason[:500],
            content_approved=document.content_hash(),
            said=document.approvable_content(),
            recall_late=flow.recall_late,
        )
        resumed = request._resumed_step(last) if straight_back else 0
        request.record(
            "opened",
            by,
            flow=flow.name,
            version=flow.version,
            purpose=purpose,
            content=request.content_approved,
        )
        if resumed:
            request.step = resumed - 1
            request.save()
            request.record("resumed", by, step=resumed)
        request.advance(by)
        return request

    @classmethod
    def _create(cls, subject, **data):
        """Create the row. A unique index refuses a second open request for the same subject, even
        when two people submit at the same moment."""
        about = (
            {"document": subject}
            if isinstance(subject, Document)
            else {"subject_type": class_name(type(subject)), "subject_id": subject.id}
        )
        with unique_or_refuse("request_open"):
            return cls.create(**about, **data)

    def _resumed_step(self, last):
        unchanged = (
            last
            and last.state == "returned"
            and last.back_to
            and last.content_approved == self.content_approved
            and last.plan == self.plan
        )
        unchanged or refuse("not_straight_back")
        return last.back_to

    @classmethod
    def preview(cls, document, by):
        """(flow, [(step, people)]) that submit would choose now; shown before submitting."""
        flow = ApprovalFlow.choose(document) or refuse("no_flow", kind=document.kind)
        return flow, [(with_defaults(step), approvers(step, document, by)) for step in flow.plan()]

    @classmethod
    def simulate(cls, document, kind=None):
        """[(flow, evaluated conditions, applies, [(step, people, refusal)])]: what submit would do
        and why, the flow that would be chosen first."""
        by, rows = document.owner or User.with_role("admin")[0], []
        flows = ApprovalFlow.evaluate_all(document, kind)
        chosen = next((row for row in flows if row[2]), flows[0] if flows else None)
        for flow, evaluated, applies in sorted(flows, key=lambda row: row is not chosen):
            steps = []
            for step in flow.plan() if chosen and flow is chosen[0] else ():
                try:
                    steps.append((with_defaults(step), approvers(step, document, by), None))
                except Refused as error:
                    steps.append((with_defaults(step), [], error))
            rows.append((flow, evaluated, applies, steps))
        return rows

    @classmethod
    def waiting(cls):
        """{flow id: number of its open requests}."""
        return dict(
            cls.select(cls.flow, pw.fn.COUNT(cls.id))
            .where(cls.state == "open")
            .group_by(cls.flow)
            .tuples()
        )

    @classmethod
    def asks_for_void(cls, document):
        """Whether a flow for voids requires somebody's approval."""
        flows = ApprovalFlow.evaluate_all(document, "void")
        return any(applies and flow.plan() for flow, _, applies in flows)

    @classmethod
    def may_exceed_invoice(cls, credit_note):
        """Whether a flow for credit above its invoice, with somebody to ask, would be chosen."""
        flow = ApprovalFlow.choose(credit_note)
        return bool(flow and flow.for_excess_credit and flow.plan())

    @classmethod
    def exceeded_invoice(cls, credit_note):
        """Whether the newest request followed such a flow, so that the approvers knew."""
        last = cls.current(credit_note)
        return bool(last and last.flow.for_excess_credit and last.plan)

    @classmethod
    def current(cls, document):
        return cls.about(document).order_by(cls.id.desc()).first()

    @classmethod
    def covers(cls, document):
        """Whether the newest request approved exactly this content, which the verb has just read
        in its transaction."""
        newest = (
            _newest_of_document(document.id)
            if isinstance(document, Document)
            else _newest_of_subject(class_name(type(document)), document.id)
        )
        return ("issue", "approved", document.content_hash()) in newest

    @classmethod
    def vouches_for(cls, source):
        """Whether people approved an issued document, or what it was made from and equals. Its
        content cannot have changed since."""
        last = cls.current(source)
        if last is None or last.purpose != "issue" or last.state != "approved":
            return False
        return last.flow.for_equal_drafts or last.tasks.where(Task.state == "approved").exists()

    @classmethod
    def last_approved(cls, document, before=None):
        """The newest request in which somebody approved, whatever its outcome; differences are
        shown against its content."""
        rows = cls.about(document).where(cls.said.is_null(False))
        rows = rows.where(cls.id < before) if before else rows
        approved = Task.select(Task.request).where(Task.state == "approved")
        return (
            rows.where((cls.state == "approved") | cls.id.in_(approved))
            .order_by(cls.id.desc())
            .first()
        )

    def open_task_names(self):
        """The names of the people whose tasks are open."""
        return [t.user.name for t in self.tasks.where(Task.state == "open").order_by(Task.id)]

    def open_tasks(self):
        """The open and waiting tasks of the current step."""
        return self.tasks.where(
            Task.step == self.step, Task.round == self.round, Task.state.in_(("open", "waiting"))
        )

    def agreed(self):
        """Whether the current step has the approvals that its rule requires (one, all, or N) and
        those of all who were asked after. A task asked before another blocks only that one."""
        step = with_defaults(self.plan[self.step - 1])
        tasks = list(self.tasks.where(Task.step == self.step, Task.round == self.round))
        if any(t.state in ("open", "waiting") for t in tasks if t.kind == "after"):
            return False
        decide = [t for t in tasks if t.kind == "decide"]
        yes = sum(t.state in ("approved", "passed") for t in decide)
        if step["rule"] == "all":
            return yes > 0 and not any(t.state in ("open", "waiting") for t in decide)
        return yes >= (step["needed"] if step["rule"] == "n" else 1)

    @db.atomic()
    def advance(self, by):
        """Close the current step and open the next, or approve the document after the last."""
        already_approved = {
            t.user_id
            for t in self.tasks.where(
                Task.state == "approved", Task.step == self.step, Task.round == self.round
            )
        }
        Task.cancel_open(self)
        if self.step >= len(self.plan):
            reason, why = self.why_approved()
            self.move("open", to="approved", closed_at=now())
            self.record("approved", by, reason=reason, **why)
            return self.carry_out(by, reason, **why)
        step = self.plan[self.step]
        people = approvers(step, self.subject, self.submitter)
        self.step += 1
        self.save()
        asked_ids = {user.id for user in people}
        tasks = [
            Task.open_for(self, user, approved=user.id in already_approved, asked_ids=asked_ids)
            for user in people
        ]
        Task.copy_to(self, with_defaults(step)["copy_to"])
        known = [t.id for t in tasks if t.state == "approved"]
        self.record(
            "step_opened",
            by,
            step=self.step,
            round=self.round,
            asked=[t.user.name for t in tasks],
            tasks=[t.id for t in tasks],
            **({"known": known} if known else {}),
        )
        if any(t.state == "approved" for t in tasks) and self.agreed():
            self.record("step_passed", by, step=self.step, because="same_person_just_approved")
            self.advance(by)

    @db.atomic()
    def send_back(self, by, step, reason):
        """Return the document to an earlier step, whose people are asked again, or (0) to the
        submitter."""
        0 <= step < self.step or refuse("step_not_earlier")
        Task.cancel_open(self)
        if step:
            self.round, self.step = self.round + 1, step - 1
            self.save()
            self.record("sent_back", by, step=step, reason=reason)
            return self.advance(by)
        self.move("open", to="returned", back_to=self.step, closed_at=now())
        self.record("returned", by, reason=reason)
        self.return_to_draft(by, reason)

    @db.atomic()
    def reject(self, by, reason):
        """Close the request as rejected (驳回)."""
        Task.cancel_open(self)
        self.move("open", to="rejected", closed_at=now())
        self.record("rejected", by, reason=reason)
        self.return_to_draft(by, reason)

    @classmethod
    @db.atomic()
    def recall(cls, document, by):
        """Recall the request (撤回) before the first decision, or later where the flow allows it.
        Only for its submitter, the owner or a manager."""
        request = cls.current(document)
        request and request.state == "open" or refuse("state_changed", now=document.state)
        may = "manager" in User.get_by_id(by.id).acting_roles
        by.id in (request.submitter_id, document.owner_id) or may or refuse("not_your_request")
        decided = request.tasks.where(Task.state == "approved").exists()
        if decided and not request.recall_late:
            refuse("already_decided")
        request._close(by, "recalled")
        return request

    @db.atomic()
    def urge(self, by):
        """Remind the people whose tasks are open (催办), at most once an hour."""
        by.id in (self.submitter_id, self.subject.owner_id) or refuse("not_your_request")
        self.state == "open" or refuse("state_changed", now=self.state)
        updated = (
            ApprovalRequest.update(urged_at=now())
            .where(
                ApprovalRequest.id == self.id,
                ApprovalRequest.urged_at.is_null()
                | (ApprovalRequest.urged_at <= now() - URGE_AGAIN),
            )
            .execute()
        )
        updated or refuse("urged_already")
        for task in self.open_tasks():
            if not task.still_asked():  # of an earlier version, which let it hang
                task.pass_on(by)
        tasks = [t for t in self.open_tasks() if t.state == "open"]
        for task in tasks:
            Task.notify(task, "task_urged", f"urge-{task.id}-{now():%Y%m%d%H%M}")
        self.record("urged", by, asked=[t.user.name for t in tasks])

    def path(self):
        """[(step number, step, tasks of its newest round, people, state)] of all steps; `people`
        are those who would be asked where there are no tasks yet."""
        tasks, rows = list(self.tasks.order_by(Task.id)), []
        # Submitted straight back: the skipped steps were approved in the request before.
        skipped = min((t.step for t in tasks), default=1) - 1
        last = (
            skipped
            and ApprovalRequest.about(self.subject)
            .where(ApprovalRequest.id < self.id)
            .order_by(ApprovalRequest.id.desc())
            .first()
        )
        previous = list(last.tasks.order_by(Task.id)) if last else []
        for number, step in enumerate(self.plan, 1):
            own = [t for t in tasks if t.step == number and t.kind != "copy"] or (
                [t for t in previous if t.step == number and t.kind != "copy"]
                if number <= skipped
                else []
            )
            newest = [t for t in own if t.round == max(x.round for x in own)] if own else []
            state = (
                "now"
                if number == self.step and self.state == "open"
                else "done"
                if number < self.step or self.state == "approved"
                else "later"
            )
            people = [] if newest else named_people(step, self.subject, self.submitter)
            rows.append((number, with_defaults(step), newest, people, state))
        return rows

    @classmethod
    def drop(cls, document, by):
        """Close an open or approved request, because the content has changed."""
        request = cls.current(document)
        if request and request.state in ("open", "approved"):
            request._close(by, "dropped")

    def _close(self, by, state):
        Task.cancel_open(self)
        self.move("open", "approved", to=state, closed_at=now())
        self.record(state, by)


approval_gate.register(ApprovalRequest)


@prepared
def _newest_of_document(document):
    return _newest().where(ApprovalRequest.document == document)


@prepared
def _newest_of_subject(subject_type, ident):
    cls = ApprovalRequest
    return _newest().where(cls.subject_type == subject_type, cls.subject_id == ident)


def _newest():
    cls = ApprovalRequest
    rows = cls.select(cls.purpose, cls.state, cls.content_approved).tuples()
    return rows.order_by(cls.id.desc()).limit(1)
