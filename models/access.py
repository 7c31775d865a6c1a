"""What each signed-in person may see: scoped queries, said once (rule 2)."""

STAFF_ROLES = ("admin", "manager", "sales", "finance", "archivist")
MAY = {
    "configure": {"admin"}, "manage_people": {"admin"}, "import": {"admin", "finance"},
    "write_customer": {"sales", "manager", "finance", "admin"}, "write_product": {"manager", "admin", "sales", "finance"},
    "write": {"sales", "manager", "finance"}, "submit": {"sales", "manager", "finance"},
    "issue": {"sales", "manager", "finance"}, "send": {"sales", "manager", "finance"},
    "void": {"manager", "finance"}, "pay": {"finance"}, "remind": {"finance"},
    "invite": {"sales", "manager", "admin"}, "see_figures": {"admin", "manager", "finance"}, "see_numbers": {"finance", "manager", "archivist", "admin"},
    "verify": {"admin", "archivist"}, "archive": {"archivist", "admin"}, "attach": {"sales", "manager", "finance", "archivist", "admin"},
    "tag": {"sales", "manager", "finance", "archivist", "admin"}, "drop_einvoice": {"finance", "archivist", "admin"}, "appraise": {"archivist"}, "destroy": {"archivist"},
    "approve_destruction": {"manager", "admin"}, "witness": {"finance", "manager", "admin", "archivist"},
    "legal_hold": {"archivist", "finance", "manager", "admin"}, "message": {"sales", "manager", "finance"},
}


class StaffAccess:
    """The rows a member of staff sees: sales their own customers', managers their team's, the others all."""

    @property
    def sees_all(self):
        return bool({"finance", "archivist", "admin"} & set(self.roles))

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
        asked = ApprovalRequest.select(ApprovalRequest.document).join(Task).where(Task.user == self.id)
        own = self.customers().select(Customer.id)
        return Document.select().where(Document.state != "discarded",
                                       Document.customer.in_(own) | Document.id.in_(asked))

    def contacts(self):
        return self._of_customers("Contact")

    def addresses(self):
        return self._of_customers("Address")

    def payments(self):
        return self._of_customers("Payment")

    def reminders(self):
        return _still_there(self._of_customers("Reminder"))

    def filings(self):
        """What lies in the archive of the customers one sees; what belongs to no customer, those who see all."""
        from models.archive import Filing
        from models.customers import Customer
        if self.sees_all:
            return Filing.select()
        return Filing.select().where(Filing.customer.in_(self.customers().select(Customer.id)))

    def einvoices(self):
        from models.archive import EInvoice
        return EInvoice.select().where(EInvoice.file.in_(self.external_files().select(self.external_files().model.id)))

    def packages(self):
        from models.archive import YearPackage
        return YearPackage.select() if self.may("archive") else YearPackage.select().where(YearPackage.id < 0)

    def legal_holds(self):
        from models.archive import LegalHold
        return LegalHold.select() if self.may("legal_hold") else LegalHold.select().where(LegalHold.id < 0)

    def destructions(self):
        """Lists of destruction: who proposes, decides or witnesses sees them all."""
        from models.archive import DestructionList
        return DestructionList.select() if self.may("witness") else DestructionList.select().where(DestructionList.id < 0)

    def destructions_waiting(self):
        """How many lists of destruction await this person."""
        from models.archive import DestructionList
        return DestructionList.waiting_for(self).count() if self.may("witness") else 0

    def inspections(self):
        from models.archive import Inspection
        return Inspection.select() if self.may("archive") else Inspection.select().where(Inspection.id < 0)

    def external_files(self):
        from models.archive import ExternalFile, Filing
        return ExternalFile.select().where(ExternalFile.filing.in_(self.filings().select(Filing.id)))

    def products(self):
        from models.products import Product
        return Product.select()

    def special_days(self):
        from models.approvals import SpecialDay
        return SpecialDay.select() if self.may("configure") else SpecialDay.select().where(SpecialDay.id < 0)

    def delegations_seen(self):
        """Own absences and those in which one stands in; administrators see all."""
        from models.approvals import Delegation
        if self.may("manage_people"):
            return Delegation.select()
        return Delegation.select().where((Delegation.user == self.id) | (Delegation.to == self.id))

    def requests(self):
        """Approval rounds of the documents one sees."""
        from models.approvals import ApprovalRequest
        from models.documents import Document
        return ApprovalRequest.select().where(ApprovalRequest.document.in_(self.documents().select(Document.id)))

    def comments(self):
        from models.approvals import ApprovalRequest, Comment
        return Comment.select().where(Comment.request.in_(self.requests().select(ApprovalRequest.id)), Comment.file.is_null(False))

    def filters(self, page=None):
        from models.saved_filters import SavedFilter
        mine = SavedFilter.select().where(SavedFilter.user == self.id).order_by(SavedFilter.name)
        return mine.where(SavedFilter.page == page) if page else mine

    def flows(self):
        from models.approvals import ApprovalFlow
        return ApprovalFlow.select() if self.may("configure") else ApprovalFlow.select().where(ApprovalFlow.id < 0)

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
    return letters.where(letters.model.id.not_in(Filing.select(Filing.reminder).where(
        Filing.state == "destroyed", Filing.reminder.is_null(False))))


class ContactAccess:
    """The rows a customer's contact sees: issued papers of the own company, or only the own ones."""

    def documents(self):
        from models.documents import Document
        papers = Document.given_out().where(Document.customer == self.customer_id)
        return papers if self.sees_company else papers.where(Document.contact == self.id)

    def reminders(self):
        from models.dunning import Reminder
        if not self.sees_company:
            return Reminder.select().where(Reminder.id < 0)
        return _still_there(Reminder.select().where(Reminder.customer == self.customer_id))

    def sessions(self):
        from models.people import Session
        return Session.select().where(Session.contact == self.id, Session.ended_at.is_null())
