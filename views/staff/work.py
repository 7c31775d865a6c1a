"""What waits for one person, by what is to be done about it: the rows of Today."""

import datetime as dt
from functools import cached_property

from models.account_change import AccountChange
from models.approvals import ApprovalRequest, Task
from models.care import FollowUp
from models.core.clock import now, today
from models.core.journal import Event, changed_fields
from models.customers import Contact, Customer
from models.disputes import Dispute
from models.documents import Document
from models.dunning.debtors import debtors
from models.governance import Finding
from models.payments import Payment
from models.people import User
from models.receivables.unusual import unusual
from views.web.events import changes
from views.web.labels import headed
from views.web.layout import open_tasks
from views.web.scope import sees

MOST = 8  # rows of a kind; the list behind each shows all
MOST_CALLED = 5
LATELY = dt.timedelta(days=7)


class Work:
    def __init__(self, person):
        self.person = person

    @cached_property
    def tasks(self):
        return list(open_tasks().limit(MOST))

    @cached_property
    def account_change(self):
        """The changed bank account that this person may decide about."""
        return AccountChange.waits_for(self.person)

    @cached_property
    def account_rows(self):
        """Old against new, field by field."""
        change = self.account_change
        rows = changes.of_facts("Company", changed_fields(change.was, change.values))
        return [headed(field, f"{before} → {after}") for field, before, after in rows]

    @cached_property
    def unusual(self):
        """{request id: what is unusual} of the tasks."""
        return unusual([task.request for task in self.tasks], self.person.may("see_figures"))

    @cached_property
    def ready(self):
        """Approved documents, for who may issue them."""
        if not self.person.may("issue"):
            return []
        return list(self._documents().where(Document.state == "approved").limit(MOST))

    @cached_property
    def approvers(self):
        """{document id: names of those who approved it} of what is ready."""
        rows = (
            Task.select(ApprovalRequest.document, User.name)
            .join(ApprovalRequest)
            .switch(Task)
            .join(User, on=(Task.user == User.id))
            .where(
                ApprovalRequest.document.in_([d.id for d in self.ready] or [0]),
                ApprovalRequest.state == "approved",
                Task.state == "approved",
            )
            .order_by(Task.decided_at)
        )
        found = {}
        for document, name in rows.tuples():
            found.setdefault(document, {})[name] = None
        return found

    @cached_property
    def drafts(self):
        """The person's own, what came back first."""
        mine = self._documents().where(
            Document.state.in_(("draft", "returned")), Document.owner == self.person.id
        )
        back_first = (Document.state == "draft").cast("INTEGER")
        return list(mine.order_by(back_first, Document.id.desc()).limit(MOST))

    @cached_property
    def reasons(self):
        """{document id: why it came back} of the drafts."""
        back = [d.id for d in self.drafts if d.state == "returned"]
        rows = Event.select().where(
            Event.subject_type == "Document",
            Event.subject_id.in_(back or [0]),
            Event.action == "returned",
        )
        return {
            e.subject_id: (e.actor_name, e.facts.get("reason", "")) for e in rows.order_by(Event.id)
        }

    @cached_property
    def confirmed(self):
        """The person's own documents that customers confirmed lately."""
        rows = self._documents().where(
            Document.owner == self.person.id, Document.confirmed_at >= now() - LATELY
        )
        return list(rows.order_by(Document.confirmed_at.desc()).limit(MOST))

    @cached_property
    def reported(self):
        """Payments that customers say they made, for who books them."""
        if not self.person.may("pay"):
            return []
        rows = sees().payments().select(Payment, Customer, Contact).join(Customer)
        rows = rows.switch(Payment).left_outer_join(Contact, on=Payment.reported_by)
        return list(rows.where(Payment.state == "reported").order_by(Payment.id).limit(MOST))

    @cached_property
    def debtors(self):
        if not self.person.may("hold"):
            return []
        return debtors(None if self.person.sees_all else sees().customer_ids(), MOST_CALLED)

    @cached_property
    def disputes(self):
        rows = sees().disputes().select(Dispute, Document).left_outer_join(Document)
        rows = rows.where(Dispute.owner == self.person.id, Dispute.state.in_(("open", "mediation")))
        return list(rows.order_by(Dispute.answer_by).limit(MOST))

    @cached_property
    def follow_ups(self):
        rows = sees().follow_ups().select(FollowUp, Customer).join(Customer)
        rows = rows.where(
            FollowUp.owner == self.person.id, FollowUp.state == "open", FollowUp.due_on <= today()
        )
        return list(rows.order_by(FollowUp.due_on, FollowUp.id).limit(MOST))

    @cached_property
    def findings(self):
        """How many faults that checks found this person is to put right."""
        mine = (Finding.owner == self.person.id) & (Finding.state == "open")
        return sees().findings().where(mine).count()

    @cached_property
    def destructions(self):
        return list(sees().destructions_to_work_on())

    @property
    def idle(self):
        return not any(getattr(self, name) for name in KINDS)

    @staticmethod
    def _documents():
        rows = sees().documents().select(Document, Customer).join(Customer)
        return rows.order_by(Document.id.desc())


KINDS = [
    *("account_change", "tasks", "ready", "drafts", "confirmed", "reported", "debtors", "disputes"),
    *("follow_ups", "findings", "destructions"),
]
