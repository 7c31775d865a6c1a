"""What the archive gives back when an import is undone: the filings of its documents and their
PDFs, where nothing else rests on them."""

from models.adapters import blobs
from models.archive.destruction import DestructionItem
from models.archive.erase import needed
from models.archive.filing import Filing
from models.archive.legal_hold import LegalHold
from models.core.errors import refuse
from models.documents import Document
from models.imports import Import


def withdraw(by, documents, name):
    """Take the documents of an import of this name, a query of ids, out of the archive. Returns the
    hashes of their PDFs. Refused for one on a list of destruction or under a legal hold."""
    of_import = Document.id.in_(documents) & Document.pdf_sha256.is_null(False)
    pdfs = [sha for (sha,) in Document.select(Document.pdf_sha256).where(of_import).tuples()]
    for filing in list(Filing.kept().where(Filing.document.in_(documents))):
        listed = DestructionItem.select().where(DestructionItem.filing == filing.id).exists()
        if listed or LegalHold.covering(filing):
            refuse("still_used", name=filing.code)
        filing.withdraw(by, name)
    return pdfs


def erase(pdfs):
    """Erase those of the bytes that no row needs any more; after the transaction."""
    for sha in pdfs:
        if not needed(sha):
            blobs.erase(sha)


Import.withdraw, Import.erase = withdraw, erase
