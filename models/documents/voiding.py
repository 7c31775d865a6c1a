"""Taking an issued paper back: it keeps its number and says why."""

from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.documents import approval_gate, sales


class Voiding:
    void_blockers = {}  # code: whether it rests on this paper; payments and refunds enter theirs

    @db.atomic()
    def void(self, by, reason):
        """Declare the issued paper void, or ask those whom a flow for voids names. Refused while
        payments, credits or later papers rest on it."""
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
        """Do it; called when nobody need be asked, or by the request when all agreed."""
        self._check_voidable()
        sales.take_off(self)
        self.move(
            "issued", "archived", to="voided", void_reason=reason.strip()[:500], voided_on=today()
        )
        self.record("voided", by, reason=reason)

    def _check_voidable(self):
        state = type(self).get_by_id(self.id).state
        state in ("issued", "archived") or refuse("state_changed", now=state)
        for code, blocks in self.void_blockers.items():
            if blocks(self):
                refuse(code)
        if self.live_followers().exists():
            refuse("has_followers")
