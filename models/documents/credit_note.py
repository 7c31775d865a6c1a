"""What only credit notes have: what is left of them, set off against invoices or paid back, in
parts."""

from peewee import fn

from models.base import db, refuse


class Crediting:
    def credit_left(self):
        """Minor units of an issued credit note that neither settle an invoice nor were paid
        back."""
        if self.kind != "credit_note" or self.state not in ("issued", "archived"):
            return 0
        from models.payments import Allocation
        from models.refunds import Refund

        used = self.credited.select(fn.COALESCE(fn.SUM(Allocation.amount), 0)).scalar()
        back = (
            Refund.standing()
            .where(Refund.credit_note == self.id)
            .select(fn.COALESCE(fn.SUM(Refund.amount), 0))
            .scalar()
        )
        return self.total - int(used) - int(back)

    @db.atomic()
    def set_off(self, by, invoice, amount):
        """Settle part of an open invoice of the same customer with this credit note."""
        from models.payments import Allocation

        by.must("pay")
        self.kind == "credit_note" and self.state in ("issued", "archived") or refuse(
            "not_a_credit_note"
        )
        invoice.customer_id == self.customer_id or refuse("other_customer")
        invoice.currency == self.currency or refuse("other_currency")
        amount <= self.credit_left() or refuse("more_than_payment")
        Allocation.make(by, invoice, amount, credit_note=self)

    @db.atomic()
    def refund(self, by, amount, paid_on=None, reference=""):
        """Pay back what is left of the credit note, or a part of it."""
        from models.refunds import Refund

        return Refund.pay(by, self, amount, paid_on, reference)
