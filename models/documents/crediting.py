"""A credit note gives back at most what remains of its invoice; more needs its own approval."""

from peewee import fn

from models.core.errors import refuse
from models.core.money import format_money
from models.documents import approval_gate
from models.documents.invoice import counts

UNDER_WAY = ("submitted", "approved")


class Crediting:
    def left_to_credit(self, under_way=(), without=None):
        """Minor units of this invoice that no issued credit note takes, nor one in a state of
        `under_way`. `without`: id of a credit note that does not count."""
        cls = type(self)
        taken = cls.select(fn.COALESCE(fn.SUM(cls.total), 0)).where(
            cls.source == self.id,
            cls.kind == "credit_note",
            cls.id != (without or 0),
            counts(cls) | cls.state.in_(under_way),
        )
        return self.total - int(taken.scalar())

    def exceeds_invoice(self, under_way=UNDER_WAY):
        """Whether this credit note is above what remains of its invoice."""
        return self._corrects() and self.total > self.source.left_to_credit(under_way, self.id)

    def check_credit_to_submit(self):
        """Refused above what remains of the invoice, unless a flow for just that applies."""
        if self.exceeds_invoice() and not approval_gate.requests().may_exceed_invoice(self):
            self._refuse_credit(UNDER_WAY)

    def check_credit_to_issue(self):
        """Refused above what remains of the invoice by now, unless such a flow has approved it."""
        if self.exceeds_invoice(()) and not approval_gate.requests().exceeded_invoice(self):
            self._refuse_credit(())

    def _corrects(self):
        """Whether this is a credit note of an invoice. Refused when they differ in currency."""
        if self.kind != "credit_note" or not self.source or self.source.kind != "invoice":
            return False
        return self.currency == self.source.currency or refuse("other_currency")

    def _refuse_credit(self, under_way):
        left = max(0, self.source.left_to_credit(under_way, self.id))
        refuse(
            "credit_over_invoice",
            number=self.source.number,
            left=f"{format_money(left, self.currency)} {self.currency}",
        )
