"""Voiding an issued document: it keeps its number, and the reason is recorded."""

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.documents import approval_gate, sales


class Voiding:
    void_blockers = {}  # {Refused code: function that says whether it blocks}; payments add theirs

    @db.atomic()
    def void(self, by, reason):
        """Void the issued document, or ask for approval where a flow for voids requires it. Refused
        while payments, credit notes or documents made from it depend on it."""
        requests = approval_gate.requests()
        by.must("void", self)
        reason.strip() or refuse("reason_needed")
        self._check_voidable()
        last = requests.current(self)
        if last and last.state == "open":
            refuse("request_open")
        if requests.asks_for_void(self):
            self.record("void_asked", by, reason=reason)
            requests.open_for(self, by, purpose="void", reason=reason.strip())
        else:
            self.carry_out_void(by, reason)

    @db.atomic()
    def carry_out_void(self, by, reason):
        """Void it; called when no approval is needed, or by the request once it is approved."""
        self._check_voidable()
        sales.take_off(self)
        self.move(
            "issued", "archived", to="voided", void_reason=reason.strip()[:500], voided_on=today()
        )
        self.record("voided", by, number=self.number, reason=reason)

    def _check_voidable(self):
        state = type(self).get_by_id(self.id).state
        state in ("issued", "archived") or refuse("state_changed", now=state)
        for code, blocks in self.void_blockers.items():
            if blocks(self):
                refuse(code)
        if self.active_followers().exists():
            refuse("has_followers")
