"""What only invoices and credit notes have: an open balance, a due date, being overdue."""

from peewee import fn

from models.base import db, today


def counts(paper, day=None):
    """The condition that a paper counts for what is owed: issued and not voided, also when its
    content was destroyed since; with `day`, as it was at the end of that day. `paper`: Document or
    an alias of it."""
    held = paper.state.in_(("issued", "archived")) | (
        (paper.state == "destroyed") & (paper.void_reason == "")
    )
    return held | (paper.voided_on > day) if day else held


class Receivable:
    def paid(self):
        """Minor units settled by standing payments and credit notes."""
        from models.payments import Allocation

        return int(
            Allocation.standing()
            .select(fn.COALESCE(fn.SUM(Allocation.amount), 0))
            .where(Allocation.invoice == self.id)
            .scalar()
        )

    @classmethod
    def by_money(cls, query, state):
        """The query narrowed to invoices that are open, partly_paid, paid or overdue: money_state()
        as one query."""
        from models.payments import Allocation

        settled = fn.COALESCE(
            Allocation.standing()
            .select(fn.SUM(Allocation.amount))
            .where(Allocation.invoice == cls.id),
            0,
        )
        invoices = query.where(cls.kind == "invoice", cls.state.in_(("issued", "archived")))
        late = cls.due_on.is_null(False) & (cls.due_on < today())
        return {
            "paid": invoices.where(settled >= cls.total),
            "overdue": invoices.where(settled < cls.total, late),
            "open": invoices.where(settled < cls.total, ~late, settled == 0),
            "partly_paid": invoices.where(settled < cls.total, ~late, settled > 0),
        }[state]

    def open_balance(self):
        """What the customer still owes on this invoice."""
        return (
            self.total - self.paid()
            if self.kind == "invoice" and self.state in ("issued", "archived")
            else 0
        )

    @classmethod
    def money_states(cls, papers):
        """{id: money_state()} of the invoices among these papers, by two queries however many they
        are."""
        from models.receivables.balance import left_of

        left = left_of([paper.id for paper in papers])
        return {paper.id: paper.money_state(left[paper.id]) for paper in papers if paper.id in left}

    def money_state(self, left=None):
        """open, partly_paid, paid or overdue; derived, never stored. `left`: the open balance,
        where it is known already."""
        if self.kind != "invoice" or self.state not in ("issued", "archived"):
            return None
        left = self.open_balance() if left is None else left
        if left <= 0:
            return "paid"
        if self.due_on and self.due_on < today():
            return "overdue"
        return "partly_paid" if left < self.total else "open"

    def days_late(self, day=None):
        """Days since the due date as of `day`; 0 when it is not due yet or has no due date."""
        return max(0, ((day or today()) - self.due_on).days) if self.due_on else 0

    @db.atomic()
    def settle_source(self, by):
        """Set an issued credit note off against its invoice, as far as that is open."""
        from models.payments import Allocation

        if self.source and self.source.kind == "invoice":
            amount = min(self.total, self.source.open_balance())
            if amount > 0:
                Allocation.make(by, self.source, amount, credit_note=self)
