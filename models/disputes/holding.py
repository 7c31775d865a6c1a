"""What a dispute keeps back from reminders: exactly its amount, until it is answered."""

import peewee as pw

from models.documents import Document

HELD = ("open", "mediation", "legal")
IN_THE_MAKING = ("draft", "returned", "submitted", "approved")


class Holding:
    @property
    def holds(self):
        """The amount kept back: while it is talked over, and while its credit note is not issued
        yet."""
        if self.state in HELD:
            return self.amount
        making = (
            self.state == "answered"
            and self.credit_note_id
            and self.credit_note.state in IN_THE_MAKING
        )
        return self.amount if making else 0

    @classmethod
    def held(cls, invoice_ids):
        """{invoice id: minor units} kept back by the disputes on these invoices."""
        credit, found = Document.alias(), {}
        rows = (
            cls.select(cls.document, cls.amount)
            .join(credit, pw.JOIN.LEFT_OUTER, on=(cls.credit_note == credit.id))
            .where(
                cls.document.in_(invoice_ids),
                cls.state.in_(HELD) | (cls.state == "answered") & credit.state.in_(IN_THE_MAKING),
            )
        )
        for ident, amount in rows.tuples():
            found[ident] = found.get(ident, 0) + amount
        return found
