"""What the archive gives back when an import is undone: the filings of its documents and their
PDFs, where nothing else rests on them."""

import logging

from models.adapters import blobs
from models.archive.destruction import DestructionItem
from models.archive.erase import needed
from models.archive.filing import Filing
from models.archive.legal_hold import LegalHold
from models.core.errors import refuse
from models.imports import Import

log = logging.getLogger("danju.imports")


def withdraw(by, documents, name):
    """Take the documents of an import of this name, a query of ids, out of the archive. Refused for
    one on a list of destruction or under a legal hold."""
    for filing in list(Filing.kept().where(Filing.document.in_(documents))):
        listed = DestructionItem.select().where(DestructionItem.filing == filing.id).exists()
        if listed or LegalHold.covering(filing):
            refuse("still_used", name=filing.code)
        filing.withdraw(by, name)


def erase(pdfs):
    """Erase those of the bytes that no row needs any more; after the transaction. What S3 locks
    stays there, and holds up no undo."""
    for sha in pdfs:
        try:
            needed(sha) or blobs.erase(sha)
        except OSError as error:
            log.warning("the PDF %s of an undone import was not erased: %s", sha, error)


Import.withdraw, Import.erase = withdraw, erase
