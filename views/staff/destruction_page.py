"""What the page of a destruction list offers to the one who looks at it."""

from functools import cached_property


class DestructionPage:
    """A list, its request for approval if there is one, its witnesses, and the reader."""

    def __init__(self, row, person, asked, witnesses):
        self.row, self.person, self.asked, self.witnesses = row, person, asked, witnesses
        self.mine = next((w for w in witnesses if w.user_id == person.id), None)

    @property
    def erasing(self):
        """Destroyed by decision, the bytes are not gone yet."""
        return self.row.state == "destroyed" and not self.row.erased_at

    @cached_property
    def certifying(self):
        """Both have signed, the certificate is not made yet."""
        return self.row.signed

    @property
    def unfinished(self):
        """The page looks again by itself."""
        return self.erasing or self.certifying

    @property
    def decided(self):
        return self.row.state in ("approved", "destroyed", "certified")

    @property
    def proposed_by_reader(self):
        return self.person.id == self.row.proposer_id

    @property
    def recallable(self):
        return self.asked and self.asked.state == "open" and self.proposed_by_reader

    @property
    def resubmittable(self):
        """It came back, or nobody is asked as the list was changed meanwhile."""
        loose = not self.asked and self.row.state in ("proposed", "approved")
        return (
            self.proposed_by_reader
            and self.person.may("appraise")
            and (self.row.state == "returned" or loose)
        )

    @property
    def withdrawable(self):
        return self.row.state in ("returned", "approved") and self.person.may("appraise")

    @property
    def checks(self):
        """How many witnesses have compared list and archive."""
        return sum(1 for w in self.witnesses if w.checked_at)

    @property
    def named(self):
        """The witnesses' ids, (0, 0) before they are named."""
        return [w.user_id for w in self.witnesses] if len(self.witnesses) == 2 else [0, 0]

    @cached_property
    def lost(self):
        """The names of the witnesses who can no longer check or sign."""
        due = self.row.state in ("approved", "destroyed")
        return [w.user.name for w in self.row.lost_witnesses()] if due else []

    @property
    def nameable(self):
        """Others may be named until one of them has checked, or when one is lost."""
        open_to_others = self.row.state == "approved" and (not self.checks or self.lost)
        return open_to_others and self.person.may("appraise")

    @property
    def stuck(self):
        """Nobody can take the place of the one who is lost."""
        return self.lost and self.row.state == "destroyed" and not self.row.can_be_completed

    @property
    def replaceable(self):
        destroyed = self.lost and self.row.state == "destroyed"
        return destroyed and not self.stuck and self.person.may("appraise")

    @property
    def checkable(self):
        return self.mine and self.row.state == "approved" and not self.mine.checked_at

    @property
    def signable(self):
        return (
            self.mine
            and self.row.state == "destroyed"
            and self.row.erased_at
            and not self.mine.signed_at
        )

    @property
    def destroyable(self):
        return self.row.state == "approved" and self.checks == 2 and self.person.may("destroy")
