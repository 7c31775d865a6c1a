"""Submitting a draft for approval, and recalling it."""

from models.core.database import db
from models.core.errors import refuse
from models.documents import approval_gate


class Submission:
    @db.atomic()
    def submit(self, by, straight_back=False):
        """Submit the draft for approval; it is approved at once where the flow has no steps.
        Refused without lines. `straight_back`: continue with the step that returned it."""
        by.must("submit", self)
        self.read_again()
        with self.lines_read_once():
            self.ordered_lines() or refuse("no_lines")
            if self.kind != "delivery_note" and self.total < 0:
                refuse("negative_total")
            self.check_remaining()
            self.check_day()
            self.check_credit_to_submit()
            self.move("draft", "returned", to="submitted")
            facts = {"total": self.total, "currency": self.currency}
            self.record("submitted", by, content=self.content_hash(), **facts)
            approval_gate.requests().open_for(self, by, straight_back=straight_back)

    @db.atomic()
    def recall(self, by):
        """Recall the document, or the request to void it, before the first decision, or later where
        the flow allows it."""
        by.must("submit", self)
        if approval_gate.requests().recall(self, by).purpose == "issue":
            self.move("submitted", to="draft")
        self.record("recalled", by)

    @db.atomic()
    def return_to_draft(self, by, reason):
        """Return the document to its submitter with the reason (退回)."""
        self.move("submitted", to="returned")
        self.record("returned", by, reason=reason)

    @db.atomic()
    def accept(self, by, reason, **why):
        """Approve the document after the last step; called by the request only."""
        self.move("submitted", to="approved")
        self.record("approved", by, reason=reason, content=self.content_hash(), **why)
