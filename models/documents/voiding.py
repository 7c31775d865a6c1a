"""Taking an issued paper back: it keeps its number and says why."""

from models.base import db, refuse, today


class Voiding:
    @db.atomic()
    def void(self, by, reason):
        """Declare the issued paper void, or ask those whom a flow for voids names. Refused while
        payments, credits or later papers rest on it."""
        from models.approvals import ApprovalFlow, ApprovalRequest

        by.must("void", self)
        reason.strip() or refuse("reason_needed")
        self._check_voidable()
        last = ApprovalRequest.current(self)
        if last and last.state == "open":
            refuse("request_open")
        if any(holds and flow.plan() for flow, _, holds in ApprovalFlow.weigh(self, "void")):
            self.record("void_asked", by, reason=reason)
            ApprovalRequest.open_for(self, by, purpose="void", reason=reason.strip())
        else:
            self.carry_out_void(by, reason)

    @db.atomic()
    def carry_out_void(self, by, reason):
        """Do it; called when nobody need be asked, or by the request when all agreed."""
        from models.insights import summary

        self._check_voidable()
        summary.take_off(self)
        self.move(
            "issued", "archived", to="voided", void_reason=reason.strip()[:500], voided_on=today()
        )
        self.record("voided", by, reason=reason)

    def _check_voidable(self):
        from models.payments import Allocation

        state = type(self).get_by_id(self.id).state
        state in ("issued", "archived") or refuse("state_changed", now=state)
        if Allocation.standing().where(Allocation.invoice == self.id).exists():
            refuse("has_payments")
        if self.refunds.where(self.refunds.model.state == "confirmed").exists():
            refuse("has_refunds")
        if self.live_followers().exists():
            refuse("has_followers")
