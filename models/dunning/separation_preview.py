"""What will be different when a merged customer is shown by itself again, told before anybody does
it."""

from functools import cached_property

from models.customers import Contact
from models.dunning.reminder import Reminder
from models.receivables.statement import Statement


class SeparationPreview:
    """The lesser customer, with what was merged into it, leaves the one that it is shown under."""

    def __init__(self, lesser):
        self.lesser, self.greater = lesser, lesser.main
        self._ids = lesser.with_merged()
        self._others = set(lesser.group) - set(self._ids)

    @property
    def limit_rises(self):
        return self.greater.limit_rises_under(self.lesser)

    @cached_property
    def papers(self):
        """Numbers of the statements and reminders of both, which stay with the greater one and are
        then not shown to its contacts."""
        kinds = (Statement, Reminder)
        return [row.number for kind in kinds for row in kind.shared_by(self._ids, self._others)]

    @cached_property
    def contacts(self):
        """[(contact, whose documents they will no longer see)]"""
        sides = ((self._ids, self.greater), (self._others, self.lesser))
        return [
            (contact, other)
            for ids, other in sides
            for contact in Contact.select()
            .where(Contact.customer.in_(ids), Contact.active, Contact.sees_company)
            .order_by(Contact.id)
        ]
