"""Taking an issued paper back: it keeps its number and says why."""
from models.base import db, refuse


class Voiding:
    @db.atomic()
    def void(self, by, reason):
        """Declare the issued paper void. Refused while payments, credits or later papers rest on it."""
        by.must("void", self)
        reason.strip() or refuse("reason_needed")
        from models.payments import Allocation
        Allocation.standing().where(Allocation.invoice == self.id).exists() \
            and refuse("has_payments")
        self.live_followers().exists() and refuse("has_followers")
        self.move("issued", to="voided", void_reason=reason.strip()[:500])
        self.record("voided", by, reason=reason)
