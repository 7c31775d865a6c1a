"""What was said of a filed thing by a slip of the hand may be put right, while nothing rests on it
as it is."""

from models.archive.destruction import DestructionItem, DestructionList
from models.archive.folder import FROM_OUTSIDE
from models.archive.legal_hold import LegalHold
from models.core.database import db
from models.core.errors import refuse


class Correction:
    """For a file from outside."""

    @db.atomic()
    def correct(self, by, reason, kind, day, customer=None, title="", number="", document=None):
        """Say anew what it is, of which day, whose, and whether it still belongs to its paper. In
        another class or fiscal year it gets the next place there, so that archive number, folder
        and term go on saying the same; its old place stays taken and names the new one, as places
        have no gaps. Refused for a tax invoice that was read: it says itself what it is."""
        by.must("archive")
        reason.strip() or refuse("reason_needed")
        kind in FROM_OUTSIDE or refuse("choice_unknown")
        free(self.filing)
        if self.einvoices.exists():
            refuse("einvoice_read")
        document in (None, self.document) or refuse("other_paper")
        parted = self.document_id and not document
        title = title or ("" if number else self.newest.filename.rpartition(".")[0])
        changed = self.filing.correct(
            by,
            reason.strip()[:500],
            kind,
            day,
            document.customer if document else customer,
            title[:200],
            number[:100],
        )
        changed or parted or refuse("nothing_corrected")
        if parted:
            self.part(by, reason)


def free(filing):
    """Refused for what is destroyed, what a legal hold covers and what stands on an open list: a
    hold by customer, paper or words would lose it, and a list was decided on for what it says
    now."""
    filing.state == "kept" or refuse("state_changed", now=filing.state)
    for hold in LegalHold.covering(filing):
        refuse("blocked_hold", file=filing.code, name=hold.name)
    for item in DestructionList.open_items().where(DestructionItem.filing == filing.id):
        refuse("blocked_listed", file=filing.code, number=item.list.number)
