"""What only invoices and credit notes have: whether they count as owed, and a due date."""

from models.core.clock import today


def counts(document, day=None):
    """The condition that a document counts as owed: issued and not voided, even if its content was
    destroyed since. With `day`: as it was at the end of that day. `document`: Document or an alias
    of it."""
    standing = document.state.in_(("issued", "archived")) | (
        (document.state == "destroyed") & (document.void_reason == "")
    )
    return standing | (document.voided_on > day) if day else standing


class Receivable:
    def days_late(self, day=None):
        """Days from the due date to `day`; 0 when it is not due yet or has no due date."""
        return max(0, ((day or today()) - self.due_on).days) if self.due_on else 0
