"""The rows that each signed-in person may see, as queries: `person.sees.documents()`.

This is the top floor of the models: it imports every table, and no other file of the models imports
it. What is not in a person's scope is not found (404)."""

import functools

from models.account_change import SeenAccountChanges
from models.approvals import ApprovalFlow, ApprovalRequest, Comment, Delegation, SpecialDay, Task
from models.approvals.seen import SeenDocuments
from models.archive import (
    DestructionList,
    EInvoice,
    ExternalFile,
    Filing,
    Inspection,
    LegalHold,
    YearPackage,
)
from models.bank.line import BankFile, BankLine
from models.care import ContactPlan, Feedback, FollowUp, GreetingBatch, Survey
from models.core.journal import Event
from models.customers import Address, Contact, Customer
from models.customers.seen import SeenCustomers
from models.disputes import Dispute, DisputeEntry
from models.documents import Document
from models.dunning import Hold, Promise, Reminder, ReminderLevel
from models.governance import Finding, Requirement, Training
from models.imports.import_mapping import ImportMapping
from models.imports.importing import Import
from models.insights.acts import Act
from models.insights.monthly import MonthlyPaper
from models.operations.announcement import Announcement
from models.operations.backup import Backup, Place
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.people import AccessEntry, OwnFactors, Session, User
from models.people.saved_filter import SavedFilter
from models.products import Product, TaxRate
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun


class StaffScopes(SeenCustomers, SeenDocuments, OwnFactors, SeenAccountChanges):
    """The rows that a member of staff may see: sales those of their own customers, managers those
    of their team's customers, other roles all."""

    def __init__(self, person):
        self.person = person

    def contacts(self):
        return self._of_customers(Contact)

    def addresses(self):
        return self._of_customers(Address)

    def payments(self):
        return self._of_customers(Payment)

    def refunds(self):
        return self._of_customers(Refund)

    def write_offs(self):
        return self._of_customers(WriteOff)

    def statements(self):
        return self._of_customers(Statement).where(Statement.state != "destroyed")

    def bank_lines(self):
        return all_if(self.person.may("pay"), BankLine)

    def bank_files(self):
        return all_if(self.person.may("pay"), BankFile)

    def statement_runs(self):
        return all_if(self.person.may("statement"), StatementRun)

    def reminders(self):
        return _not_destroyed(self._of_customers(Reminder))

    def disputes(self):
        """Disputes of the customers one sees, and those that one owns."""
        if self.person.sees_all:
            return Dispute.select()
        return Dispute.select().where(
            self.of_own(Dispute.customer) | (Dispute.owner == self.person.id)
        )

    def dispute_entries(self):
        return DisputeEntry.select().where(
            DisputeEntry.dispute.in_(self.disputes().select(Dispute.id))
        )

    def holds(self):
        return self._of_customers(Hold)

    def promises(self):
        return self._of_customers(Promise)

    def levels(self):
        return all_if(self.person.may("set_levels"), ReminderLevel)

    def filings(self):
        """Filings of the customers one sees. Filings without a customer: only for those who see
        all."""
        if self.person.sees_all:
            return Filing.select()
        return Filing.select().where(self.of_own(Filing.customer))

    def einvoices(self):
        return EInvoice.select().where(
            EInvoice.file.in_(self.external_files().select(self.external_files().model.id))
        )

    def packages(self):
        return all_if(self.person.may("archive"), YearPackage)

    def legal_holds(self):
        rows = all_if(self.person.may("legal_hold"), LegalHold)
        return rows if self.person.sees_all else LegalHold.of_customers(rows, self.customer_ids())

    def destructions(self):
        """Destruction lists: all for those who may witness, else those that one is asked to
        approve."""
        if self.person.may("witness"):
            return DestructionList.select()
        return DestructionList.select().where(
            DestructionList.id.in_(
                Task.select(ApprovalRequest.subject_id)
                .join(ApprovalRequest)
                .where(
                    Task.user == self.person.id, ApprovalRequest.subject_type == "DestructionList"
                )
            )
        )

    def destructions_waiting(self):
        """The number of destruction lists that wait for this person."""
        return DestructionList.waiting_for(self.person).count() if self.person.may("witness") else 0

    def destructions_to_work_on(self):
        """Destruction lists whose next step is this person's, other than to approve them."""
        return (
            DestructionList.to_work_on(self.person)
            if self.person.may("witness")
            else DestructionList.select().where(DestructionList.id < 0)
        )

    def inspections(self):
        return all_if(self.person.may("archive"), Inspection)

    def external_files(self):
        return ExternalFile.select().where(
            ExternalFile.filing.in_(self.filings().select(Filing.id))
        )

    def monthly_papers(self):
        return all_if(self.person.sees_all, MonthlyPaper)

    def acts(self):
        """Acts by oneself and by the colleagues whose customers one sees."""
        return (
            Act.select()
            if self.person.sees_all
            else Act.select().where(Act.made_by.in_(self.colleagues()))
        )

    def products(self):
        return Product.select()

    def follow_ups(self):
        """Follow-ups of the customers one sees, and those that one owns."""
        if self.person.sees_all:
            return FollowUp.select()
        return FollowUp.select().where(
            self.of_own(FollowUp.customer) | (FollowUp.owner == self.person.id)
        )

    def findings(self):
        """Findings owned by oneself, for managers also by their team; all for those who see all."""
        if self.person.sees_all:
            return Finding.select()
        return Finding.select().where(Finding.owner.in_(self.colleagues()))

    def trainees(self):
        """The people to whom one may assign a course: for administrators everyone, for managers
        their team."""
        if self.person.may("manage_people"):
            return User.select().where(User.active)
        return User.select().where(User.active, User.id.in_(self.colleagues()))

    def trainings(self):
        """One's own trainings, and those of the people to whom one may assign courses."""
        if not self.person.may("govern"):
            return Training.select().where(Training.user == self.person.id)
        return Training.select().where(Training.user.in_(self.trainees().select(User.id)))

    def requirements(self):
        return all_if(self.person.may("govern"), Requirement)

    def greeting_batches(self):
        rows = all_if(self.person.may("govern"), GreetingBatch)
        return rows if self.person.sees_all else rows.where(GreetingBatch.greets(self.contacts()))

    def feedback_seen(self):
        return self._of_customers(Feedback)

    def contact_plans(self):
        return all_if(self.person.may("govern"), ContactPlan)

    def special_days(self):
        return all_if(self.person.may("configure"), SpecialDay)

    def delegations_seen(self):
        """Delegations of oneself and those in which one stands in; administrators see all."""
        if self.person.may("manage_people"):
            return Delegation.select()
        return Delegation.select().where(
            (Delegation.user == self.person.id) | (Delegation.to == self.person.id)
        )

    def requests(self):
        """Approval requests of the documents and destruction lists that one sees."""
        lists = self.destructions().select(DestructionList.id)
        return ApprovalRequest.select().where(
            ApprovalRequest.document.in_(self.documents().select(Document.id))
            | (
                (ApprovalRequest.subject_type == "DestructionList")
                & ApprovalRequest.subject_id.in_(lists)
            )
        )

    def comments(self):
        return Comment.select().where(
            Comment.request.in_(self.requests().select(ApprovalRequest.id)),
            Comment.file.is_null(False),
        )

    def filters(self):
        return SavedFilter.select().where(SavedFilter.user == self.person.id)

    def filters_on(self, page):
        return SavedFilter.on(self.person.id, page)

    def flows(self):
        return all_if(self.person.may("configure"), ApprovalFlow)

    def tax_rates(self):
        return all_if(self.person.may("configure"), TaxRate)

    def tasks(self):
        return Task.select().where(Task.user == self.person.id)

    def sessions(self):
        return Session.open_of(self.person)

    def people(self):
        rows = User.select()
        return rows if "admin" in self.person.roles else rows.where(User.id == self.person.id)

    def events(self):
        return all_if(self.person.may("see_journal"), Event)

    def access_entries(self):
        return all_if(self.person.may("see_journal"), AccessEntry)

    def imports(self):
        rows = all_if(self.person.may("import"), Import)
        return rows if self.person.may("see_imports") else rows.where(Import.by == self.person.id)

    def import_mappings(self):
        return all_if(self.person.may("import"), ImportMapping)

    def announcements(self):
        rows = all_if(self.person.may("configure"), Announcement)
        return rows.order_by(Announcement.begins_at.desc())

    def places(self):
        return all_if(self.person.may("back_up"), Place).order_by(Place.id)

    def backups(self):
        return all_if(self.person.may("back_up"), Backup).order_by(Backup.taken_at.desc())

    def _of_customers(self, cls):
        if self.person.sees_all:
            return cls.select()
        return cls.select().where(self.of_own(cls.customer))


def all_if(allowed, model):
    """All rows of the table, or none."""
    return model.select() if allowed else model.select().where(model.id < 0)


def _not_destroyed(reminders):
    """The reminders without those that were destroyed from the archive."""
    return reminders.where(
        reminders.model.id.not_in(
            Filing.select(Filing.reminder).where(
                Filing.state == "destroyed", Filing.reminder.is_null(False)
            )
        )
    )


class ContactScopes:
    """The rows that a customer's contact may see: those of the whole customer, or only those about
    the contact."""

    def __init__(self, person):
        self.person = person

    @functools.cached_property
    def group(self):
        """Ids of the customer's rows: contacts of both see what is of both, once they are one."""
        return Customer.group_of(self.person.customer_id)

    def documents(self):
        rows = Document.given_out().where(Document.customer.in_(self.group))
        own = Document.contact == self.person.id
        return rows if self.person.sees_company else rows.where(own)

    def payments(self):
        """The customer's payments, or only those that the contact reported. What was reported goes
        with its contact when merged customers are separated."""
        if not self.person.sees_company:
            return Payment.select().where(Payment.reported_by == self.person.id)
        ids = Payment.select(Payment.id)
        own = ids.where(Payment.customer.in_(self.group), Payment.reported_by.is_null())
        reported = ids.where(Payment.reported_by.in_(self._contacts()))
        return Payment.select().where(Payment.id.in_(own.union_all(reported)))

    def may_see(self, document):
        """Whether the contact will see the document in the portal once it is issued."""
        return document.customer.is_one_with(self.person.customer_id) and (
            self.person.sees_company or document.contact_id == self.person.id
        )

    def statements(self):
        """Statements that were sent and not replaced, or were signed, for contacts who see the
        whole customer."""
        rows = Statement.of_group(self.group).where(
            Statement.sent_at.is_null(False),
            (Statement.state != "replaced") | Statement.confirmed_at.is_null(False),
            Statement.state != "destroyed",
        )
        return rows if self.person.sees_company else rows.where(Statement.id < 0)

    def reminders(self):
        if not self.person.sees_company:
            return Reminder.select().where(Reminder.id < 0)
        return _not_destroyed(Reminder.of_group(self.group))

    def disputes(self):
        """The customer's disputes, or only those that one raised or that are about one's
        documents. After merged customers were separated, none with a contact or document of the
        other one."""
        documents = Document.select(Document.id).where(Document.customer.in_(self.group))
        raised = Dispute.contact.in_(self._contacts())
        rows = Dispute.select().where(
            (Dispute.contact.is_null() & Dispute.customer.in_(self.group)) | raised,
            Dispute.document.is_null() | Dispute.document.in_(documents),
        )
        own = (Dispute.contact == self.person.id) | Dispute.document.in_(
            self.documents().select(Document.id)
        )
        return rows if self.person.sees_company else rows.where(own)

    def _contacts(self):
        return Contact.select(Contact.id).where(Contact.customer.in_(self.group))

    def dispute_entries(self):
        return DisputeEntry.select().where(
            DisputeEntry.dispute.in_(self.disputes().select(Dispute.id)), ~DisputeEntry.internal
        )

    def surveys_waiting(self):
        return Survey.waiting_for(self.person)

    def feedback_given(self):
        return Feedback.select().where(Feedback.contact == self.person.id)

    def sessions(self):
        return Session.open_of(self.person)


User.scopes, Contact.scopes = StaffScopes, ContactScopes
