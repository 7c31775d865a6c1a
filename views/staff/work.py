"""What waits for one person, by what is to be done about it: the rows of Today."""

import datetime as dt
from functools import cached_property

from models.account_change import AccountChange
from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest, Task
from models.care import FollowUp
from models.core.clock import now, today
from models.core.journal import Event, changed_fields
from models.core.lease import Lease
from models.core.model import present
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
    def _queries(self):
        """{name: the query of what may wait}; most days there is little of it."""
        may = self.person.may
        queries = {
            "account_change": may("decide_account") and AccountChange.undecided(),
            "tasks": open_tasks().limit(MOST),
            "ready": may("issue") and self._documents(Document.state == "approved").limit(MOST),
            "drafts": self._own_drafts().limit(MOST),
            "confirmed": self._lately_confirmed().limit(MOST),
            "reported": may("pay") and self._reported().limit(MOST),
            "disputes": self._own_disputes().limit(MOST),
            "follow_ups": self._own_follow_ups().limit(MOST),
            "findings": self._own_findings(),
            "destructions": may("witness") and sees().destructions_to_work_on(),
            "unreached": self._unreached().limit(10),
            "failed": may("retry_mail") and Mail.failed().limit(10),
            "troubles": Lease.troubles(),
            "scheduler": may("back_up") and Lease.held("scheduler"),
        }
        return {name: query for name, query in queries.items() if query is not False}

    @cached_property
    def present(self):
        """The names of those with rows, found in one query."""
        return present(**self._queries)

    def _rows(self, name):
        return list(self._queries[name]) if name in self.present else []

    @cached_property
    def tasks(self):
        return self._rows("tasks")

    @cached_property
    def account_change(self):
        """The changed bank account that this person may decide about."""
        if "account_change" in self.present:
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
        return self._rows("ready")

    @cached_property
    def approvers(self):
        """{document id: names of those who approved it} of what is ready."""
        if not self.ready:
            return {}
        rows = (
            Task.select(ApprovalRequest.document, User.name)
            .join(ApprovalRequest)
            .switch(Task)
            .join(User, on=(Task.user == User.id))
            .where(
                ApprovalRequest.document.in_([d.id for d in self.ready]),
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
        return self._rows("drafts")

    def _own_drafts(self):
        mine = self._documents(Document.is_begun(), Document.owner == self.person.id)
        back_first = (Document.state == "draft").cast("INTEGER")
        return mine.order_by(back_first, Document.id.desc())

    @cached_property
    def reasons(self):
        """{document id: why it came back} of the drafts."""
        back = [d.id for d in self.drafts if d.state == "returned"]
        if not back:
            return {}
        rows = Event.select().where(
            Event.subject_type == "Document",
            Event.subject_id.in_(back),
            Event.action == "returned",
        )
        return {
            e.subject_id: (e.actor_name, e.facts.get("reason", "")) for e in rows.order_by(Event.id)
        }

    @cached_property
    def confirmed(self):
        """The person's own documents that customers confirmed lately."""
        return self._rows("confirmed")

    def _lately_confirmed(self):
        lately = Document.confirmed_at >= now() - LATELY
        rows = self._documents(Document.owner == self.person.id, lately)
        return rows.order_by(Document.confirmed_at.desc())

    @cached_property
    def reported(self):
        """Payments that customers say they made, for who books them."""
        return self._rows("reported")

    @staticmethod
    def _reported():
        rows = sees().payments().select(Payment, Customer, Contact).join(Customer)
        rows = rows.switch(Payment).left_outer_join(Contact, on=Payment.reported_by)
        return rows.where(Payment.is_reported()).order_by(Payment.id)

    @cached_property
    def debtors(self):
        if not self.person.may("hold"):
            return []
        return debtors(None if self.person.sees_all else sees().customer_ids(), MOST_CALLED)

    @cached_property
    def disputes(self):
        return self._rows("disputes")

    def _own_disputes(self):
        rows = sees().disputes().select(Dispute, Document).left_outer_join(Document)
        rows = rows.where(Dispute.owner == self.person.id, Dispute.state.in_(("open", "mediation")))
        return rows.order_by(Dispute.answer_by)

    @cached_property
    def follow_ups(self):
        return self._rows("follow_ups")

    def _own_follow_ups(self):
        rows = sees().follow_ups().select(FollowUp, Customer).join(Customer)
        rows = rows.where(
            FollowUp.owner == self.person.id, FollowUp.state == "open", FollowUp.due_on <= today()
        )
        return rows.order_by(FollowUp.due_on, FollowUp.id)

    @cached_property
    def findings(self):
        """How many faults that checks found this person is to put right."""
        return self._own_findings().count() if "findings" in self.present else 0

    def _own_findings(self):
        mine = (Finding.owner == self.person.id) & (Finding.state == "open")
        return sees().findings().where(mine)

    @cached_property
    def destructions(self):
        return self._rows("destructions")

    @cached_property
    def unreached(self):
        """Customers who cannot be reminded, as checks found."""
        return self._rows("unreached")

    @staticmethod
    def _unreached():
        rule = (Finding.rule == "reminder_without_address") & (Finding.state == "open")
        return sees().findings().where(rule).order_by(Finding.id)

    @cached_property
    def failed(self):
        """Mails that did not go out."""
        return self._rows("failed")

    @cached_property
    def troubles(self):
        """Jobs that failed."""
        return self._rows("troubles")

    @property
    def stopped(self):
        """Whether nothing happens by itself, for who may do something about it."""
        return "scheduler" in self._queries and "scheduler" not in self.present

    @property
    def idle(self):
        return not any(getattr(self, name) for name in KINDS)

    @staticmethod
    def _documents(*conditions):
        rows = sees().documents().select(Document, Customer).join(Customer)
        return rows.where(*conditions).order_by(Document.id.desc())


KINDS = [
    *("account_change", "tasks", "ready", "drafts", "confirmed", "reported", "debtors", "disputes"),
    *("follow_ups", "findings", "destructions"),
]
