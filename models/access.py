"""What each signed-in person may see: scoped queries, said once (rule 2)."""

STAFF_ROLES = ("admin", "manager", "sales", "finance", "archivist")
MAY = {
    "configure": {"admin"}, "manage_people": {"admin"}, "import": {"admin", "finance"},
    "write_customer": {"sales", "manager", "finance", "admin"}, "write_product": {"manager", "admin", "sales", "finance"},
    "write": {"sales", "manager", "finance"}, "submit": {"sales", "manager", "finance"},
    "issue": {"sales", "manager", "finance"}, "send": {"sales", "manager", "finance"},
    "void": {"manager", "finance"}, "pay": {"finance"}, "remind": {"finance"},
    "invite": {"sales", "manager", "admin"}, "see_figures": {"admin", "manager", "finance"}, "set_targets": {"admin", "manager"},
    "act": {"sales", "manager", "finance", "admin"}, "decide_act": {"manager", "finance", "admin"}, "see_numbers": {"finance", "manager", "archivist", "admin"},
    "care": {"sales", "manager", "finance", "admin"}, "govern": {"manager", "admin"},
    "verify": {"admin", "archivist"}, "message": {"sales", "manager", "finance"},
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
        return self._of_customers("Reminder")

    def monthly_papers(self):
        from models.insights.monthly import MonthlyPaper
        return MonthlyPaper.select() if self.sees_all else MonthlyPaper.select().where(MonthlyPaper.id < 0)

    def acts(self):
        """Acts of one's own and of colleagues one sees; those that need a yes are seen by all who may give it."""
        from models.insights.acts import Act
        return Act.select() if self.sees_all else Act.select().where(Act.made_by.in_(self.colleagues()))

    def products(self):
        from models.products import Product
        return Product.select()

    def follow_ups(self):
        """Those of the customers one sees, and the own ones."""
        from models.care import FollowUp
        from models.customers import Customer
        if self.sees_all:
            return FollowUp.select()
        return FollowUp.select().where(FollowUp.customer.in_(self.customers().select(Customer.id)) | (FollowUp.owner == self.id))

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
        return Requirement.select() if self.may("govern") else Requirement.select().where(Requirement.id < 0)

    def greeting_batches(self):
        from models.care import GreetingBatch
        return GreetingBatch.select() if self.may("govern") else GreetingBatch.select().where(GreetingBatch.id < 0)

    def feedback_seen(self):
        return self._of_customers("Feedback")

    def contact_plans(self):
        from models.care import ContactPlan
        return ContactPlan.select() if self.may("govern") else ContactPlan.select().where(ContactPlan.id < 0)

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
        return Reminder.select().where(Reminder.customer == self.customer_id)

    def surveys_waiting(self):
        from models.care import Survey
        return Survey.waiting_for(self)

    def feedback_given(self):
        from models.care import Feedback
        return Feedback.select().where(Feedback.contact == self.id)

    def sessions(self):
        from models.people import Session
        return Session.select().where(Session.contact == self.id, Session.ended_at.is_null())
