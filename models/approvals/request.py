"""One round of approval of one content of one paper, or of another thing that is approved
(subject.py)."""

import datetime as dt

import peewee as pw

from models.approvals.flow import ApprovalFlow
from models.approvals.step import approvers, asked, full
from models.approvals.subject import KNOWN
from models.approvals.task import Task
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled, class_name
from models.core.model import Model
from models.documents import Document, approval_gate
from models.people import User

URGE_AGAIN = dt.timedelta(hours=1)


class ApprovalRequest(Journaled, Model):
    """Bound to the content it was opened for; another content needs another request. One is open
    per paper at most."""

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
        """The requests for a document or another thing."""
        if isinstance(subject, Document):
            return cls.select().where(cls.document == subject.id)
        return cls.select().where(
            cls.subject_type == class_name(type(subject)), cls.subject_id == subject.id
        )

    @property
    def subject(self):
        """The document, or the other thing it is about, as it was when first looked at."""
        if self.document_id:
            return self.document
        if "other" not in self.__rel__:
            self.__rel__["other"] = self.fresh()
        return self.__rel__["other"]

    def fresh(self):
        """What it is about, as it stands now."""
        return (
            Document.get_by_id(self.document_id)
            if self.document_id
            else KNOWN[self.subject_type].get_by_id(self.subject_id)
        )

    @classmethod
    @db.atomic()
    def open_for(cls, document, by, purpose="issue", reason="", straight_back=False):
        """Choose the flow and ask the first step; approves at once where the flow has no step.
        `straight_back` goes on with the step that returned the paper, if its content is still what
        the steps before agreed to."""
        flow = ApprovalFlow.choose(document, "void" if purpose == "void" else None) or refuse(
            "no_flow", kind=document.kind
        )
        last = cls.current(document)
        if last and last.state == "open":
            refuse("request_open")
        request = cls._make(
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
        at = request._resumed_step(last) if straight_back else 0
        request.record(
            "opened",
            by,
            flow=flow.name,
            version=flow.version,
            purpose=purpose,
            content=request.content_approved,
        )
        if at:
            request.step = at - 1
            request.save()
            request.record("resumed", by, step=at)
        request.advance(by)
        return request

    @classmethod
    def _make(cls, subject, **data):
        """The row; a second open one for the same thing is refused by the database, however close
        two hands come."""
        about = (
            {"document": subject}
            if isinstance(subject, Document)
            else {"subject_type": class_name(type(subject)), "subject_id": subject.id}
        )
        try:
            with db.atomic():
                return cls.create(**about, **data)
        except pw.IntegrityError:
            refuse("request_open")

    def _resumed_step(self, last):
        same = (
            last
            and last.state == "returned"
            and last.back_to
            and last.content_approved == self.content_approved
            and last.plan == self.plan
        )
        same or refuse("not_straight_back")
        return last.back_to

    @classmethod
    def foresee(cls, document, by):
        """(flow, [(step, people)]) as submit would choose now: shown before submitting."""
        flow = ApprovalFlow.choose(document) or refuse("no_flow", kind=document.kind)
        return flow, [(full(step), approvers(step, document, by)) for step in flow.plan()]

    @classmethod
    def try_it(cls, document, kind=None):
        """[(flow, conditions judged, holds, steps with people or the reason there are none)]: what
        submit would do and why, the flow that would be taken first."""
        by, rows = document.owner or User.with_role("admin")[0], []
        weighed = ApprovalFlow.weigh(document, kind)
        taken = next((row for row in weighed if row[2]), weighed[0] if weighed else None)
        for flow, judged, holds in sorted(weighed, key=lambda row: row is not taken):
            steps = []
            for step in flow.plan() if taken and flow is taken[0] else ():
                try:
                    steps.append((full(step), approvers(step, document, by), None))
                except Refused as error:
                    steps.append((full(step), [], error))
            rows.append((flow, judged, holds, steps))
        return rows

    @classmethod
    def waiting(cls):
        """{id of a flow: how many things are under way with it}."""
        return dict(
            cls.select(cls.flow, pw.fn.COUNT(cls.id))
            .where(cls.state == "open")
            .group_by(cls.flow)
            .tuples()
        )

    @classmethod
    def asks_for_void(cls, document):
        """Whether a flow for voids names somebody who must agree."""
        return any(holds and flow.plan() for flow, _, holds in ApprovalFlow.weigh(document, "void"))

    @classmethod
    def current(cls, document):
        return cls.about(document).order_by(cls.id.desc()).first()

    @classmethod
    def covers(cls, document):
        """True when the newest request was approved for exactly this content."""
        last = cls.current(document)
        return bool(
            last
            and last.purpose == "issue"
            and last.state == "approved"
            and last.content_approved == last.fresh().content_hash()
        )

    @classmethod
    def last_approved(cls, document, before=None):
        """The newest approval of this paper, whatever became of it: what a difference is shown
        against."""
        rows = cls.about(document).where(cls.said.is_null(False))
        rows = rows.where(cls.id < before) if before else rows
        agreed = Task.select(Task.request).where(Task.state == "approved")
        return (
            rows.where((cls.state == "approved") | cls.id.in_(agreed))
            .order_by(cls.id.desc())
            .first()
        )

    def asked_now(self):
        """The names of those who are asked at present."""
        return [t.user.name for t in self.tasks.where(Task.state == "open").order_by(Task.id)]

    def now_open(self):
        """The open and waiting tasks of the step under way."""
        return self.tasks.where(
            Task.step == self.step, Task.round == self.round, Task.state.in_(("open", "waiting"))
        )

    def agreed(self):
        """Whether the step under way has the yes it needs: one, all, or so many; and all who were
        added after. Whoever was asked before someone holds up only that one."""
        step = full(self.plan[self.step - 1])
        here = list(self.tasks.where(Task.step == self.step, Task.round == self.round))
        if any(t.state in ("open", "waiting") for t in here if t.kind == "after"):
            return False
        decide = [t for t in here if t.kind == "decide"]
        yes = sum(t.state in ("approved", "passed") for t in decide)
        if step["rule"] == "all":
            return yes > 0 and not any(t.state in ("open", "waiting") for t in decide)
        return yes >= (step["needed"] if step["rule"] == "n" else 1)

    @db.atomic()
    def advance(self, by):
        """Close the step under way and open the next, or accept the paper after the last."""
        said_yes = {
            t.user_id
            for t in self.tasks.where(
                Task.state == "approved", Task.step == self.step, Task.round == self.round
            )
        }
        Task.cancel_open(self)
        if self.step >= len(self.plan):
            reason = "approvers" if self.plan else "below_limit"
            self.move("open", to="approved", closed_at=now())
            self.record("approved", by, reason=reason)
            subject = self.fresh()
            return (
                subject.accept(by, reason)
                if self.purpose == "issue"
                else subject.carry_out_void(by, self.reason)
            )
        step = self.plan[self.step]
        people = approvers(step, self.subject, self.submitter)
        self.step += 1
        self.save()
        taken = {user.id for user in people}
        tasks = [
            Task.open_for(self, user, known=user.id in said_yes, taken=taken) for user in people
        ]
        Task.copy_to(self, full(step)["copy_to"])
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
        """Give the paper back to an earlier step, whose people are asked anew, or (0) to the
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
        self._give_back(by, reason)

    def _give_back(self, by, reason):
        if self.purpose == "issue":
            self.fresh().return_to_draft(by, reason)

    @db.atomic()
    def refuse_it(self, by, reason):
        """End with no (驳回)."""
        Task.cancel_open(self)
        self.move("open", to="rejected", closed_at=now())
        self.record("rejected", by, reason=reason)
        self._give_back(by, reason)

    @classmethod
    @db.atomic()
    def recall(cls, document, by):
        """Take the paper back (撤回): until the first decision, or later where the flow allows it.
        Only for its submitter or owner."""
        request = cls.current(document)
        request and request.state == "open" or refuse("state_changed", now=document.state)
        by.id in (request.submitter_id, document.owner_id) or "manager" in by.roles or refuse(
            "not_your_request"
        )
        decided = request.tasks.where(Task.state == "approved").exists()
        if decided and not request.recall_late:
            refuse("already_decided")
        request._end(by, "recalled")
        return request

    @db.atomic()
    def urge(self, by):
        """Remind those asked (催办), not more than once an hour."""
        by.id in (self.submitter_id, self.subject.owner_id) or refuse("not_your_request")
        self.state == "open" or refuse("state_changed", now=self.state)
        hit = (
            ApprovalRequest.update(urged_at=now())
            .where(
                ApprovalRequest.id == self.id,
                ApprovalRequest.urged_at.is_null()
                | (ApprovalRequest.urged_at <= now() - URGE_AGAIN),
            )
            .execute()
        )
        hit or refuse("urged_already")
        people = [t for t in self.now_open() if t.state == "open"]
        for task in people:
            Task.notify(task, "task_urged", f"urge-{task.id}-{now():%Y%m%d%H%M}")
        self.record("urged", by, asked=[t.user.name for t in people])

    def path(self):
        """[(step number, step, tasks of its newest round, state)]: what was walked and what
        remains, with the people foreseen."""
        tasks, rows = list(self.tasks.order_by(Task.id)), []
        skipped = (
            min((t.step for t in tasks), default=1) - 1
        )  # gone straight back: those before had agreed in the round before
        last = (
            skipped
            and ApprovalRequest.about(self.subject)
            .where(ApprovalRequest.id < self.id)
            .order_by(ApprovalRequest.id.desc())
            .first()
        )
        before = list(last.tasks.order_by(Task.id)) if last else []
        for number, step in enumerate(self.plan, 1):
            mine = [t for t in tasks if t.step == number and t.kind != "copy"] or (
                [t for t in before if t.step == number and t.kind != "copy"]
                if number <= skipped
                else []
            )
            newest = [t for t in mine if t.round == max(x.round for x in mine)] if mine else []
            state = (
                "now"
                if number == self.step and self.state == "open"
                else "done"
                if number < self.step or self.state == "approved"
                else "later"
            )
            people = [] if newest else asked(step, self.subject, self.submitter)
            rows.append((number, full(step), newest, people, state))
        return rows

    @classmethod
    def drop(cls, document, by):
        """End what was open or approved because the content changed."""
        request = cls.current(document)
        if request and request.state in ("open", "approved"):
            request._end(by, "dropped")

    def _end(self, by, state):
        Task.cancel_open(self)
        self.move("open", "approved", to=state, closed_at=now())
        self.record(state, by)


approval_gate.register(ApprovalRequest)
