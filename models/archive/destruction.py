"""Destruction by list (销毁清册): proposed, approved by its flow, checked and signed by two
witnesses, erased, and certified by a document that is kept for ever.

会计档案管理办法 第18–20条. At least four different people take part; the approvers are named by the
flow for lists, as for documents."""

import peewee as pw

from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.approvals.ready import named
from models.approvals.subject import Approvable, approvable
from models.archive import retention
from models.archive.destruction_decision import OPEN, Decided
from models.archive.destruction_witnessing import Witnessed
from models.archive.erased_content import hashes_to_erase
from models.archive.filing import Filing
from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Journaled, class_name, columns_of
from models.core.model import Model
from models.people import User

MOST_ITEMS = 500


@approvable
class DestructionList(Decided, Witnessed, Approvable, Journaled, Model):
    """A list of filings to destroy: proposed → approved → destroyed → certified; or returned,
    rejected, withdrawn."""

    kind = "destruction"
    number = pw.CharField(max_length=20, unique=True)
    state = pw.CharField(max_length=10, default="proposed", index=True)
    opinion = pw.CharField(max_length=1000)
    proposer = pw.ForeignKeyField(User, backref="+")
    proposed_at = pw.DateTimeField()
    approver = pw.ForeignKeyField(User, null=True, backref="+")
    decided_at = pw.DateTimeField(null=True)
    decision = pw.CharField(max_length=500, default="")
    destroyed_at = pw.DateTimeField(null=True)
    doomed = JSONField(default=list)
    when_destroyed = []  # called with (years, by): year packages with copies expire
    erased_at = pw.DateTimeField(null=True)
    certificate = pw.CharField(max_length=64, null=True)
    filing = pw.ForeignKeyField(Filing, null=True)
    unhashed = ("erased_at",)

    def content_rows(self):
        return {
            "list": columns_of(self),
            "items": [columns_of(i) for i in self.ordered_items()],
            "witnesses": [columns_of(w) for w in self.witnesses.order_by(DestructionWitness.id)],
        }

    @property
    def name(self):
        return self.number

    @property
    def owner(self):
        return self.proposer

    @property
    def owner_id(self):
        return self.proposer_id

    def approvable_content(self):
        """The content that an approver approves: the opinion and every item of the list."""
        return {
            "number": self.number,
            "opinion": self.opinion,
            "items": [
                {
                    name: getattr(i, name)
                    for name in (
                        "filing_id",
                        "code",
                        "name",
                        "kind",
                        "first_year",
                        "last_year",
                        "files",
                        "term",
                        "kept",
                        "sha",
                    )
                }
                for i in self.ordered_items()
            ],
        }

    @classmethod
    @db.atomic()
    def propose(cls, by, filings, opinion):
        """Create the list after appraisal. Refused for a filing that is not due, is blocked, or is
        on another open list."""
        by.must("appraise")
        opinion.strip() or refuse("opinion_needed")
        0 < len(filings) <= MOST_ITEMS or refuse(
            "nothing_chosen" if not filings else "list_long", most=MOST_ITEMS
        )
        row = cls.create(
            number=cls._next_number(),
            opinion=opinion.strip()[:1000],
            proposer=by,
            proposed_at=now(),
        )
        for filing in filings:
            cls._check(filing)
            if cls.open_items().where(DestructionItem.filing == filing.id).exists():
                refuse("listed_already", number=filing.code)
            DestructionItem.create(
                list=row,
                filing=filing,
                code=filing.code,
                name=" ".join(filter(None, (filing.title, filing.number))),
                kind=filing.kind,
                first_year=filing.folder.year,
                last_year=filing.folder.year,
                sha=filing.sha,
                files=filing.file.versions.count() if filing.file else 1,
                term=retention.RetentionRule.of(filing.kind).years,
                kept=retention.kept_years(filing.folder),
            )
        row.record("proposed", by, items=len(filings), opinion=row.opinion)
        ready_flow()
        ApprovalRequest.open_for(row, by)
        return row

    @db.atomic()
    def propose_again(self, by, opinion):
        """Submit a returned list again, or one that an earlier version of Danju left without a
        flow, with a new opinion."""
        by.must("appraise")
        opinion.strip() or refuse("opinion_needed")
        by.id == self.proposer_id or refuse("not_your_request")
        for item in self.items:
            self._check(item.filing)
        self.move(
            "returned",
            *(() if ApprovalRequest.current(self) else ("proposed", "approved")),
            to="proposed",
            opinion=opinion.strip()[:1000],
            approver=None,
            decided_at=None,
            decision="",
        )
        self.witnesses.model.delete().where(DestructionWitness.list == self.id).execute()
        self.record("proposed", by, items=self.items.count(), opinion=self.opinion)
        ready_flow()
        ApprovalRequest.open_for(self, by)

    @db.atomic()
    def recall(self, by):
        """Recall the list before the first decision, or later where the flow allows it."""
        by.must("appraise")
        ApprovalRequest.recall(self, by)
        self.move("proposed", to="returned")
        self.record("recalled", by)

    @db.atomic()
    def withdraw(self, by):
        """Withdraw the list before anything is destroyed; its filings may be listed again."""
        by.must("appraise")
        ApprovalRequest.drop(self, by)
        self.move("returned", "approved", to="withdrawn")
        self.record("withdrawn", by)

    @classmethod
    def _next_number(cls):
        prefix = f"XH-{today().year}-"
        return f"{prefix}{cls.select().where(cls.number.startswith(prefix)).count() + 1:03}"

    @classmethod
    def open_items(cls):
        return DestructionItem.select().join(cls).where(cls.state.in_(OPEN))

    @classmethod
    def going_on(cls):
        """Lists that may wait for somebody."""
        return cls.select(cls.id).where(cls.state.not_in(("withdrawn", "certified")))

    @classmethod
    def waiting_for(cls, person):
        """Lists that wait for this person, to decide or to work on."""
        requests = (
            Task.select(ApprovalRequest.subject_id)
            .join(ApprovalRequest)
            .where(
                Task.user == person.id,
                Task.state == "open",
                ApprovalRequest.subject_type == class_name(cls),
            )
        )
        asked = (cls.state == "proposed") & cls.id.in_(requests)
        return cls.select().where(asked | cls._worked_on_by(person))

    @classmethod
    def to_work_on(cls, person):
        """Lists whose next step is this person's, other than to approve them."""
        return cls.select().where(cls._worked_on_by(person)).order_by(cls.id)

    @classmethod
    def _worked_on_by(cls, person):
        returned = (cls.state == "returned") & (cls.proposer == person.id)
        return returned | cls._witnessed_by(person) | cls._continued_by(person)

    @staticmethod
    def _check(filing):
        filing.state == "kept" or refuse("state_changed", now=filing.state)
        retention.due().where(Filing.id == filing.id).exists() or refuse(
            "not_due", number=filing.code
        )
        found = retention.blockers(filing)
        if found:
            refuse(
                f"blocked_{found[0][0]}",
                file=filing.code,
                **{"name": "", "number": "", **found[0][1]},
            )

    def ordered_items(self):
        return list(self.items.order_by(DestructionItem.id))

    def taken_part(self):
        return {self.proposer_id, self.approver_id} | self.deciders()

    @db.atomic()
    def carry_out(self, by):
        """Destroy the filings. Refused unless the approval was for exactly this content and both
        witnesses have checked, or when an item is blocked by now."""
        by.must("destroy")
        self.read_again()
        self.state == "approved" or refuse("state_changed", now=self.state)
        ApprovalRequest.covers(self) or refuse("not_approved")
        self.witnesses.where(DestructionWitness.checked_at.is_null(False)).count() == 2 or refuse(
            "witnesses_first"
        )
        hashes, reason = [], f"{self.number}: {self.opinion}"
        for item in self.ordered_items():
            self._check(item.filing)
            hashes += hashes_to_erase(item.filing)
            item.filing.destroy(by, reason)
        years = {f.folder.year for i in self.items for f in (i.filing, *i.filing.left)}
        for callback in self.when_destroyed:
            callback(years, by)
        DestructionItem.update(at=now()).where(DestructionItem.list == self.id).execute()
        self.move("approved", to="destroyed", destroyed_at=now(), doomed=sorted(set(hashes)))
        self.record("destroyed", by, items=self.items.count(), hashes=len(set(hashes)))


def ready_flow():
    """Create a flow for lists if there is none: a manager other than the proposer decides, else an
    administrator."""
    if not ApprovalFlow.select().where(ApprovalFlow.kind == DestructionList.kind).exists():
        admin = User.with_role("admin")[:1]
        ApprovalFlow.define(
            None,
            DestructionList.kind,
            steps=[{"who": "role", "role": "manager", "fallback": admin[0].id if admin else None}],
            currency=Company.current().currency,
            name=named("销毁清册 / destruction list"),
        )


class DestructionItem(Model):
    """An item of the list; part of the list in the journal. Its number and hash stay for ever."""

    list = pw.ForeignKeyField(DestructionList, backref="items")
    filing = pw.ForeignKeyField(Filing, backref="listed")
    code = pw.CharField(max_length=40)
    name = pw.CharField(default="")
    kind = pw.CharField(max_length=24)
    first_year = pw.IntegerField()
    last_year = pw.IntegerField()
    files = pw.IntegerField(default=1)
    term = pw.IntegerField(null=True)
    kept = pw.IntegerField()
    sha = pw.CharField(max_length=64)
    at = pw.DateTimeField(null=True)
    only_remembers = ("sha",)


class DestructionWitness(Model):
    """One of the two witnesses (监销人), who check before and sign after; part of the list in the
    journal."""

    list = pw.ForeignKeyField(DestructionList, backref="witnesses")
    user = pw.ForeignKeyField(User, backref="+")
    checked_at = pw.DateTimeField(null=True)
    signed_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("list", "user"), True),)
