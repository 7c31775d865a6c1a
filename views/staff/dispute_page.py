"""What the page of a complaint offers to the one who looks at it."""

from functools import cached_property

from models.disputes import LIVE, TALKING
from models.receivables.document_states import document_states


class DisputePage:
    """A complaint and its reader. Without the right to deal with complaints one only reads."""

    def __init__(self, dispute, person):
        self.dispute, self.person = dispute, person

    @cached_property
    def remedies(self):
        """The credit note and the replacement that came of it."""
        return [d for d in (self.dispute.credit_note, self.dispute.replacement) if d]

    @cached_property
    def state_of(self):
        return document_states(self.remedies)

    @property
    def writable(self):
        return self.person.may("dispute")

    @property
    def teachable(self):
        """It is known what was wrong: what was changed so that it does not happen again?"""
        known = self.dispute.prevention or self.dispute.state in ("answered", "settled")
        return known and self.writable

    @property
    def answerable(self):
        return self.writable and self.dispute.state in TALKING

    @property
    def correctable(self):
        """By a credit note: it is about an invoice."""
        return self.dispute.document and self.dispute.document.kind == "invoice"

    @property
    def mediable(self):
        return self.dispute.state == "open"

    @property
    def suable(self):
        return self.dispute.state != "legal" and self.person.may("dispute_legal")

    @property
    def closable(self):
        """It is answered, and the customer does not say whether that settles it."""
        return self.writable and self.dispute.state == "answered"

    @property
    def transferable(self):
        return self.writable and self.dispute.state in LIVE

    @property
    def withdrawable(self):
        """What a customer raised, only the customer takes back."""
        return not self.dispute.contact_id
