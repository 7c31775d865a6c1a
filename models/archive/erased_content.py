"""The bytes that are erased with a filing, and the copies of it that remain for a while."""

from models.core.clock import now, today
from models.core.model import model_named
from models.documents import Document
from models.documents.archiving import TEXT_COLUMNS
from models.imports import Import, ImportedRow


def hashes_to_erase(filing):
    """Hashes of all bytes that belong to it: each version, the PDF, the drawn signature, and files
    attached to remarks."""
    found = [filing.sha]
    if filing.file:
        found += [v.sha for v in filing.file.in_order()]
    if filing.statement:
        found.append(filing.statement.pdf_sha256)
    if filing.document:
        found += [h for h in (filing.document.pdf_sha256, filing.document.signature) if h]
        for name, path, columns in TEXT_COLUMNS:
            if "file" in columns:
                found += [
                    row.file for row in filing.document.dependent_rows(name, path) if row.file
                ]
    return found


def copies_left(row):
    """[(name, place, made at, expires on)] of backups older than the destruction that have not
    expired yet, and of imported files, which stay since they contain other documents too."""
    ids = [item.filing.document_id for item in row.items if item.filing.document_id]
    made = Document.select(Document.import_id).where(Document.id.in_(ids or [0]))
    of_old = ImportedRow.select(ImportedRow.import_).where(  # of 0.9, an entry for each row
        ImportedRow.model == "Document", ImportedRow.row.in_(ids or [0])
    )
    imports = Import.select().where(Import.id.in_(made) | Import.id.in_(of_old))
    return [(i.filename, "", i.at, None) for i in imports] + _backups(row.destroyed_at or now())


def _backups(moment):
    backup = model_named("Backup")  # on a floor above, so it cannot be imported here
    rows = (
        backup.select()
        .where(backup.state == "kept", backup.taken_at <= moment, backup.expires_on >= today())
        .order_by(backup.taken_at, backup.id)
    )
    return [(row.name, row.place.name, row.taken_at, row.expires_on) for row in rows]
