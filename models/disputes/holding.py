"""A dispute puts its amount on hold until it is answered, and what is credited is."""

import peewee as pw

from models.documents import Document

HOLDING_STATES = ("open", "mediation", "legal")
ANSWERED_STATES = ("answered", "settled")
UNISSUED_STATES = ("draft", "returned", "submitted", "approved")


class Holding:
    @property
    def holds(self):
        """The amount on hold: while the dispute is open, and until its credit note is issued."""
        if self.state in HOLDING_STATES:
            return self.amount
        is_being_credited = (
            self.state in ANSWERED_STATES
            and self.credit_note_id
            and self.credit_note.state in UNISSUED_STATES
        )
        return self.amount if is_being_credited else 0

    @classmethod
    def amounts_on_hold(cls, invoice_ids):
        """{invoice id: minor units} put on hold by the disputes on these invoices."""
        credit, amounts = Document.alias(), {}
        rows = (
            cls.select(cls.document, cls.amount)
            .join(credit, pw.JOIN.LEFT_OUTER, on=(cls.credit_note == credit.id))
            .where(
                cls.document.in_(invoice_ids),
                cls.state.in_(HOLDING_STATES)
                | cls.state.in_(ANSWERED_STATES) & credit.state.in_(UNISSUED_STATES),
            )
        )
        for ident, amount in rows.tuples():
            amounts[ident] = amounts.get(ident, 0) + amount
        return amounts
