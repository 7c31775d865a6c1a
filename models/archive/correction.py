"""Correction of a filing that was entered wrongly, as long as nothing depends on it."""

from models.archive.destruction import DestructionItem, DestructionList
from models.archive.folder import FROM_OUTSIDE
from models.archive.legal_hold import LegalHold
from models.core.database import db
from models.core.errors import refuse


class Correction:
    """Mixed into ExternalFile."""

    @db.atomic()
    def correct(self, by, reason, kind, day, customer=None, title="", number="", document=None):
        """Correct class, day, customer, title and number, and detach it from its document where
        `document` is None. In another class or fiscal year it gets the next position there, so that
        archive number, folder and retention period agree; the old position stays taken and refers
        to the new one, since positions have no gaps. Refused for a tax invoice that was read, whose
        data come from the file itself."""
        by.must("archive")
        reason.strip() or refuse("reason_needed")
        kind in FROM_OUTSIDE or refuse("choice_unknown")
        check_correctable(self.filing)
        if self.einvoices.exists():
            refuse("einvoice_read")
        document in (None, self.document) or refuse("other_paper")
        detached = self.document_id and not document
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
        changed or detached or refuse("nothing_corrected")
        if detached:
            self.detach(by, reason)


def check_correctable(filing):
    """Refused for a filing that is destroyed, under a legal hold or on an open destruction list: a
    hold by customer, document or search might no longer cover it, and a list is approved for the
    content as it is."""
    filing.state == "kept" or refuse("state_changed", now=filing.state)
    for hold in LegalHold.covering(filing):
        refuse("blocked_hold", file=filing.code, name=hold.name)
    for item in DestructionList.open_items().where(DestructionItem.filing == filing.id):
        refuse("blocked_listed", file=filing.code, number=item.list.number)
