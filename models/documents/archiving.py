"""Destruction of a document: its texts are erased, its number, hash and sums stay."""

from models.adapters.outbox import Mail
from models.core.database import db
from models.core.journal import Journaled
from models.core.model import model_named
from models.documents import sales
from models.documents.draft import Autosave
from models.documents.line import Line

# Texts about a document that are erased with it: (model, path of foreign keys to the document,
# columns). Every table that refers to documents is named here or in TABLES_WITHOUT_TEXT.
TEXT_COLUMNS = (
    ("Message", ("document",), ("text",)),
    ("ApprovalRequest", ("document",), ("said", "reason")),
    ("Comment", ("request", "document"), ("text", "file", "filename")),
    ("Task", ("request", "document"), ("note",)),
    ("Dispute", ("document",), ("text", "explanation", "rating_text", "prevention")),
    ("DisputeEntry", ("dispute", "document"), ("text", "file", "filename")),
    ("Hold", ("invoice",), ("note",)),
    ("Promise", ("invoice",), ("note",)),
    ("WriteOff", ("invoice",), ("reason", "note")),
    ("Refund", ("credit_note",), ("reference", "reverse_reason")),
    ("Survey", ("document",), ("comment",)),
)
TABLES_WITHOUT_TEXT = {
    "Document",
    "Line",
    "Allocation",
    "Reminded",
    "Filing",
    "EInvoice",
    "EInvoiceDocument",
    "LegalHold",
}  # only numbers, or destroyed by a verb of their own
ERASED_LINE = {
    "heading": None,
    "subtotal": None,
    "name": "",
    "note": "",
    "code": "",
    "unit": "",
    "product": None,
}


class Archiving:
    @property
    def filing(self):
        """Its entry in the archive, or None."""
        return self.filings.first()

    @db.atomic()
    def destroy(self, by, reason):
        """Erase the texts of the document everywhere in the database; called by its filing only."""
        counts = self.state == "archived" and self.issued_on
        if counts:
            sales.take_off(self)
        self.move(
            "archived",
            "voided",
            to="destroyed",
            snapshot=None,
            signature=None,
            note="",
            internal_note="",
            reference="",
            confirmed_by="",
            contact=None,
        )
        # the line sums stay, so that sales can be counted again, but without the product
        Line.update(**ERASED_LINE).where(Line.document == self.id).execute()
        if counts:
            sales.add(self)
        for name, path, columns in TEXT_COLUMNS:
            self._erase(name, path, columns, by)
        for opened_by in (self.openings.model, self.links.model):
            opened_by.delete().where(opened_by.document == self.id).execute()
        Autosave.delete().where(Autosave.document == self.id).execute()
        Mail.update(context={}, attachment=None, filename="").where(
            Mail.document == self.id
        ).execute()
        Mail.update(state="failed", error="destroyed").where(
            Mail.document == self.id, Mail.state == "queued"
        ).execute()
        self.record("destroyed", by, reason=reason, number=self.number, sha=self.pdf_sha256)

    def dependent_rows(self, name, path):
        """The rows of a table whose foreign keys lead to this document along `path`."""
        cls = model_named(name)
        query, current = cls.select(), cls
        for step in path[:-1]:
            field = current._meta.fields[step]
            query, current = query.join(field.rel_model, on=field), field.rel_model
        return list(query.where(current._meta.fields[path[-1]] == self.id))

    def _erase(self, name, path, columns, by):
        """Empty the columns of every dependent row, with an event where the table is journaled."""
        for row in self.dependent_rows(name, path):
            cls = type(row)
            emptied = {c: None if cls._meta.fields[c].null else "" for c in columns}
            cls.update(**emptied).where(cls.id == row.id).execute()
            if isinstance(row, Journaled):
                cls.get_by_id(row.id).record("erased", by)
