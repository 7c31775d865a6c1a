"""What each signed-in person may see: scoped queries, said once (rule 2)."""

STAFF_ROLES = ("admin", "manager", "sales", "finance", "archivist")
MAY = {
    # the firm
    "configure": {"admin"},
    "manage_people": {"admin"},
    "import": {"admin", "finance"},
    "verify": {"admin", "archivist"},
    "back_up": {"admin"},
    "set_levels": {"admin", "finance"},
    "govern": {"admin", "manager"},
    # customers and sales
    "write_customer": {"admin", "manager", "sales", "finance"},
    "write_product": {"admin", "manager", "sales", "finance"},
    "write": {"manager", "sales", "finance"},
    "submit": {"manager", "sales", "finance"},
    "issue": {"manager", "sales", "finance"},
    "send": {"manager", "sales", "finance"},
    "void": {"manager", "finance"},
    "message": {"manager", "sales", "finance"},
    "invite": {"admin", "manager", "sales"},
    "care": {"admin", "manager", "sales", "finance"},
    # money
    "pay": {"finance"},
    "write_off": {"manager", "finance"},
    "statement": {"finance"},
    "remind": {"finance"},
    "hold": {"manager", "sales", "finance"},
    "dispute": {"manager", "sales", "finance"},
    "dispute_legal": {"manager", "finance"},
    # the archive
    "archive": {"admin", "archivist"},
    "attach": {"admin", "manager", "sales", "finance", "archivist"},
    "tag": {"admin", "manager", "sales", "finance", "archivist"},
    "drop_einvoice": {"admin", "finance", "archivist"},
    "appraise": {"archivist"},
    "destroy": {"archivist"},
    "witness": {"admin", "manager", "finance", "archivist"},
    "legal_hold": {"admin", "manager", "finance", "archivist"},
    # figures
    "see_numbers": {"admin", "manager", "finance", "archivist"},
    "see_figures": {"admin", "manager", "finance"},
    "see_insights": {"admin", "manager", "sales", "finance"},
    "set_targets": {"admin", "manager"},
    "act": {"admin", "manager", "sales", "finance"},
    "decide_act": {"admin", "manager", "finance"},
}


class StaffAccess:
    """The rows a member of staff sees: sales their own customers', managers their team's, the
    others all."""

    @property
    def sees_all(self):
        return bool({"finance", "archivist", "admin"} & set(self.roles))

    @property
    def steers(self):
        """Whether this person decides who has a customer and how much credit it gets: approvals
        rest on both."""
        return self.sees_all or "manager" in self.roles

    def works_for(self, thing):
        """Whether the customer, or the customer of the thing, is one of theirs, or the thing was
        given to them. Who was only asked about a paper sees that paper, and no more."""
        from models.customers import Customer

        customer = thing.id if isinstance(thing, Customer) else thing.customer_id
        own = not isinstance(thing, Customer) and getattr(thing, "owner_id", None) == self.id
        return own or self.sees_all or self.customers().where(Customer.id == customer).exists()

    def colleagues(self):
        """Ids of the people whose customers this person sees."""
        from models.people import User

        if "manager" in self.roles and self.team_id:
            return User.select(User.id).where(User.team == self.team_id)
        return User.select(User.id).where(User.id == self.id)

    def customers(self):
        from models.customers import Customer

        if self.sees_all:
            return Customer.select()
        seen = Customer.owner.in_(self.colleagues())
        if "manager" in self.roles:
            seen |= Customer.owner.is_null()
        return Customer.select().where(seen)

    def documents(self):
        from models.approvals import ApprovalRequest, Task
        from models.customers import Customer
        from models.documents import Document

        if self.sees_all:
            return Document.select().where(Document.state != "discarded")
        asked = (
            ApprovalRequest.select(ApprovalRequest.document).join(Task).where(Task.user == self.id)
        )
        own = self.customers().select(Customer.id)
        return Document.select().where(
            Document.state != "discarded", Document.customer.in_(own) | Document.id.in_(asked)
        )

    def contacts(self):
        return self._of_customers("Contact")

    def addresses(self):
        return self._of_customers("Address")

    def payments(self):
        return self._of_customers("Payment")

    def refunds(self):
        return self._of_customers("Refund")

    def write_offs(self):
        return self._of_customers("WriteOff")

    def statements(self):
        return self._of_customers("Statement")

    def bank_lines(self):
        from models.bank.line import BankLine

        return BankLine.select() if self.may("pay") else BankLine.select().where(BankLine.id < 0)

    def statement_runs(self):
        from models.receivables.statement import StatementRun

        return (
            StatementRun.select()
            if self.may("statement")
            else StatementRun.select().where(StatementRun.id < 0)
        )

    def reminders(self):
        return _still_there(self._of_customers("Reminder"))

    def disputes(self):
        """Those of one's customers, and those one is to see to."""
        from models.customers import Customer
        from models.disputes import Dispute

        if self.sees_all:
            return Dispute.select()
        return Dispute.select().where(
            Dispute.customer.in_(self.customers().select(Customer.id)) | (Dispute.owner == self.id)
        )

    def dispute_entries(self):
        from models.disputes import Dispute, DisputeEntry

        return DisputeEntry.select().where(
            DisputeEntry.dispute.in_(self.disputes().select(Dispute.id))
        )

    def holds(self):
        return self._of_customers("Hold")

    def promises(self):
        return self._of_customers("Promise")

    def levels(self):
        from models.dunning import ReminderLevel

        return (
            ReminderLevel.select()
            if self.may("set_levels")
            else ReminderLevel.select().where(ReminderLevel.id < 0)
        )

    def filings(self):
        """What lies in the archive of the customers one sees; what belongs to no customer, those
        who see all."""
        from models.archive import Filing
        from models.customers import Customer

        if self.sees_all:
            return Filing.select()
        return Filing.select().where(Filing.customer.in_(self.customers().select(Customer.id)))

    def einvoices(self):
        from models.archive import EInvoice

        return EInvoice.select().where(
            EInvoice.file.in_(self.external_files().select(self.external_files().model.id))
        )

    def packages(self):
        from models.archive import YearPackage

        return (
            YearPackage.select()
            if self.may("archive")
            else YearPackage.select().where(YearPackage.id < 0)
        )

    def legal_holds(self):
        from models.archive import LegalHold

        return (
            LegalHold.select()
            if self.may("legal_hold")
            else LegalHold.select().where(LegalHold.id < 0)
        )

    def destructions(self):
        """Lists of destruction: who proposes, decides or witnesses sees them all."""
        from models.approvals import ApprovalRequest, Task
        from models.archive import DestructionList

        if self.may("witness"):
            return DestructionList.select()
        return DestructionList.select().where(
            DestructionList.id.in_(
                Task.select(ApprovalRequest.subject_id)
                .join(ApprovalRequest)
                .where(Task.user == self.id, ApprovalRequest.subject_type == "DestructionList")
            )
        )

    def destructions_waiting(self):
        """How many lists of destruction await this person."""
        from models.archive import DestructionList

        return DestructionList.waiting_for(self).count() if self.may("witness") else 0

    def lists_to_witness(self):
        """Lists of destruction that await this person's check or signature as a witness."""
        from models.archive import DestructionList

        return (
            DestructionList.to_witness(self)
            if self.may("witness")
            else DestructionList.select().where(DestructionList.id < 0)
        )

    def inspections(self):
        from models.archive import Inspection

        return (
            Inspection.select()
            if self.may("archive")
            else Inspection.select().where(Inspection.id < 0)
        )

    def external_files(self):
        from models.archive import ExternalFile, Filing

        return ExternalFile.select().where(
            ExternalFile.filing.in_(self.filings().select(Filing.id))
        )

    def monthly_papers(self):
        from models.insights.monthly import MonthlyPaper

        return (
            MonthlyPaper.select()
            if self.sees_all
            else MonthlyPaper.select().where(MonthlyPaper.id < 0)
        )

    def acts(self):
        """Acts of one's own and of colleagues one sees; those that need a yes are seen by all who
        may give it."""
        from models.insights.acts import Act

        return (
            Act.select()
            if self.sees_all
            else Act.select().where(Act.made_by.in_(self.colleagues()))
        )

    def products(self):
        from models.products import Product

        return Product.select()

    def follow_ups(self):
        """Those of the customers one sees, and the own ones."""
        from models.care import FollowUp
        from models.customers import Customer

        if self.sees_all:
            return FollowUp.select()
        return FollowUp.select().where(
            FollowUp.customer.in_(self.customers().select(Customer.id))
            | (FollowUp.owner == self.id)
        )

    def findings(self):
        """Own findings; managers those of their team, who sees all sees all."""
        from models.governance import Finding

        if self.sees_all:
            return Finding.select()
        return Finding.select().where(Finding.owner.in_(self.colleagues()))

    def trainees(self):
        """Whom one may give a course: administrators everyone, managers their team."""
        from models.people import User

        if self.may("manage_people"):
            return User.select().where(User.active)
        return User.select().where(User.active, User.id.in_(self.colleagues()))

    def trainings(self):
        """Own courses, and those of whom one may give courses."""
        from models.governance import Training

        if not self.may("govern"):
            return Training.select().where(Training.user == self.id)
        from models.people import User

        return Training.select().where(Training.user.in_(self.trainees().select(User.id)))

    def requirements(self):
        from models.governance import Requirement

        return (
            Requirement.select()
            if self.may("govern")
            else Requirement.select().where(Requirement.id < 0)
        )

    def greeting_batches(self):
        from models.care import GreetingBatch

        return (
            GreetingBatch.select()
            if self.may("govern")
            else GreetingBatch.select().where(GreetingBatch.id < 0)
        )

    def feedback_seen(self):
        return self._of_customers("Feedback")

    def contact_plans(self):
        from models.care import ContactPlan

        return (
            ContactPlan.select()
            if self.may("govern")
            else ContactPlan.select().where(ContactPlan.id < 0)
        )

    def special_days(self):
        from models.approvals import SpecialDay

        return (
            SpecialDay.select()
            if self.may("configure")
            else SpecialDay.select().where(SpecialDay.id < 0)
        )

    def delegations_seen(self):
        """Own absences and those in which one stands in; administrators see all."""
        from models.approvals import Delegation

        if self.may("manage_people"):
            return Delegation.select()
        return Delegation.select().where((Delegation.user == self.id) | (Delegation.to == self.id))

    def requests(self):
        """Approval rounds of the documents and of the lists of destruction one sees."""
        from models.approvals import ApprovalRequest
        from models.archive import DestructionList
        from models.documents import Document

        lists = self.destructions().select(DestructionList.id)
        return ApprovalRequest.select().where(
            ApprovalRequest.document.in_(self.documents().select(Document.id))
            | (
                (ApprovalRequest.subject_type == "DestructionList")
                & ApprovalRequest.subject_id.in_(lists)
            )
        )

    def comments(self):
        from models.approvals import ApprovalRequest, Comment

        return Comment.select().where(
            Comment.request.in_(self.requests().select(ApprovalRequest.id)),
            Comment.file.is_null(False),
        )

    def filters(self, page=None):
        from models.saved_filters import SavedFilter

        mine = SavedFilter.select().where(SavedFilter.user == self.id).order_by(SavedFilter.name)
        return mine.where(SavedFilter.page == page) if page else mine

    def flows(self):
        from models.approvals import ApprovalFlow

        return (
            ApprovalFlow.select()
            if self.may("configure")
            else ApprovalFlow.select().where(ApprovalFlow.id < 0)
        )

    def tax_rates(self):
        from models.products import TaxRate

        return TaxRate.select() if self.may("configure") else TaxRate.select().where(TaxRate.id < 0)

    def tasks(self):
        from models.approvals import Task

        return Task.select().where(Task.user == self.id)

    def sessions(self):
        from models.people import Session

        return Session.select().where(Session.user == self.id, Session.ended_at.is_null())

    def people(self):
        from models.people import User

        return User.select() if "admin" in self.roles else User.select().where(User.id == self.id)

    def imports(self):
        from models.imports.importing import Import

        return Import.select() if self.may("import") else Import.select().where(Import.id < 0)

    def announcements(self):
        from models.announcements import Announcement

        rows = Announcement.select().order_by(Announcement.begins_at.desc())
        return rows if self.may("configure") else rows.where(Announcement.id < 0)

    def places(self):
        from models.backup import Place

        return (
            Place.select().order_by(Place.id)
            if self.may("back_up")
            else Place.select().where(Place.id < 0)
        )

    def backups(self):
        from models.backup import Backup

        return (
            Backup.select().order_by(Backup.taken_at.desc())
            if self.may("back_up")
            else Backup.select().where(Backup.id < 0)
        )

    def _of_customers(self, name):
        import models

        cls = models.named(name)
        if self.sees_all:
            return cls.select()
        from models.customers import Customer

        return cls.select().where(cls.customer.in_(self.customers().select(Customer.id)))


def _still_there(letters):
    """Without the letters that were destroyed by rule."""
    from models.archive import Filing

    return letters.where(
        letters.model.id.not_in(
            Filing.select(Filing.reminder).where(
                Filing.state == "destroyed", Filing.reminder.is_null(False)
            )
        )
    )


class ContactAccess:
    """The rows a customer's contact sees: issued papers of the own company, or only the own
    ones."""

    def documents(self):
        from models.documents import Document

        papers = Document.given_out().where(Document.customer == self.customer_id)
        return papers if self.sees_company else papers.where(Document.contact == self.id)

    def payments(self):
        """The company's payments and reports, for those who see the whole company."""
        from models.payments import Payment

        rows = Payment.select().where(Payment.customer == self.customer_id)
        return rows if self.sees_company else rows.where(Payment.reported_by == self.id)

    def may_see(self, paper):
        """Whether the paper is among those this contact would find in the portal once it is given
        out."""
        return paper.customer_id == self.customer_id and (
            self.sees_company or paper.contact_id == self.id
        )

    def statements(self):
        """Those that were sent and still hold, for people who see the whole company."""
        from models.receivables.statement import Statement

        rows = Statement.select().where(
            Statement.customer == self.customer_id,
            Statement.sent_at.is_null(False),
            Statement.state != "replaced",
        )
        return rows if self.sees_company else rows.where(Statement.id < 0)

    def reminders(self):
        from models.dunning import Reminder

        if not self.sees_company:
            return Reminder.select().where(Reminder.id < 0)
        return _still_there(Reminder.select().where(Reminder.customer == self.customer_id))

    def disputes(self):
        """The company's, or only those one raised or that concern one's own papers."""
        from models.disputes import Dispute
        from models.documents import Document

        rows = Dispute.select().where(Dispute.customer == self.customer_id)
        own = (Dispute.contact == self.id) | Dispute.document.in_(
            self.documents().select(Document.id)
        )
        return rows if self.sees_company else rows.where(own)

    def dispute_entries(self):
        from models.disputes import Dispute, DisputeEntry

        return DisputeEntry.select().where(
            DisputeEntry.dispute.in_(self.disputes().select(Dispute.id)), ~DisputeEntry.internal
        )

    def surveys_waiting(self):
        from models.care import Survey

        return Survey.waiting_for(self)

    def feedback_given(self):
        from models.care import Feedback

        return Feedback.select().where(Feedback.contact == self.id)

    def sessions(self):
        from models.people import Session

        return Session.select().where(Session.contact == self.id, Session.ended_at.is_null())
