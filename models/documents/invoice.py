"""What only invoices and credit notes have: whether they count for what is owed, and a due date."""

from models.core.clock import today


def counts(paper, day=None):
    """The condition that a paper counts for what is owed: issued and not voided, also when its
    content was destroyed since; with `day`, as it was at the end of that day. `paper`: Document or
    an alias of it."""
    held = paper.state.in_(("issued", "archived")) | (
        (paper.state == "destroyed") & (paper.void_reason == "")
    )
    return held | (paper.voided_on > day) if day else held


class Receivable:
    def days_late(self, day=None):
        """Days since the due date as of `day`; 0 when it is not due yet or has no due date."""
        return max(0, ((day or today()) - self.due_on).days) if self.due_on else 0
