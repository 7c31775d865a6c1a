"""What comes of a request that is decided: its subject moves on, and the submitter is told."""

from models.adapters.outbox import Mail
from models.documents import Document


class Outcome:
    """Mixed into the request."""

    def carry_out(self, by, reason, **why):
        """Do what was approved."""
        subject = self.fresh()
        if self.purpose == "issue":
            subject.accept(by, reason, **why)
        else:
            subject.carry_out_void(by, self.reason)
        self._mail_submitter(by)

    def why_approved(self):
        """(the reason's code, further facts) for the journal."""
        if self.plan:
            return "approvers", {}
        if self.flow.for_equal_drafts:
            return "equals_source", {"number": self.subject.source.number}
        return "below_limit", {}

    def return_to_draft(self, by, reason):
        """Give what was rejected or returned back to the submitter."""
        if self.purpose == "issue":
            self.fresh().return_to_draft(by, reason)
        self._mail_submitter(by)

    def _mail_submitter(self, by):
        """The reason is not in the mail, since nothing of it outlives the document."""
        submitter, subject = self.submitter, self.subject
        if by == submitter or not submitter.active:
            return
        path = "documents" if self.document_id else "archive/destructions"
        Mail.enqueue_to(
            submitter,
            f"decided-{self.id}",
            "decided",
            {
                "outcome": self.state,
                "purpose": self.purpose if self.document_id else "destruction",
                "kind": subject.kind,
                "customer": subject.customer.name if subject.customer else "",
                "total": subject.total,
                "currency": subject.currency,
                "number": subject.number or "",
                "link": f"{Document.base_url or ''}/{path}/{subject.id}",
            },
        )
