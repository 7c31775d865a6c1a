"""Into the archive, and in the end out of the world: what a paper said goes, its number, hash and
sums stay."""

from models.adapters.outbox import Mail
from models.core.database import db
from models.core.journal import Journaled
from models.core.model import model_named
from models.documents import sales
from models.documents.draft import Autosave
from models.documents.line import Line

# Words about a paper that go with it: (model, way to the paper, columns). A table that hangs on
# papers is model_named here or in HOLDS_NONE.
WORDS = (
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
HOLDS_NONE = {
    "Document",
    "Line",
    "Allocation",
    "Reminded",
    "Filing",
    "EInvoice",
    "LegalHold",
}  # numbers, or destroyed by themselves
NAMELESS = {"name": "", "note": "", "code": "", "unit": "", "product": None}


class Archiving:
    @property
    def filing(self):
        """Its place in the archive, or None."""
        return self.filings.first()

    @db.atomic()
    def destroy(self, by, reason):
        """Erase what the paper said, everywhere in the database; called by its filing only."""
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
        Line.update(**NAMELESS).where(Line.document == self.id).execute()
        # its sums stay, its products are forgotten
        if counts:
            sales.add(self)
        for name, way, columns in WORDS:
            self._erase(name, way, columns, by)
        self.openings.model.delete().where(self.openings.model.document == self.id).execute()
        Autosave.delete().where(Autosave.document == self.id).execute()
        Mail.update(context={}, attachment=None, filename="").where(
            Mail.document == self.id
        ).execute()
        Mail.update(state="failed", error="destroyed").where(
            Mail.document == self.id, Mail.state == "queued"
        ).execute()
        self.record("destroyed", by, reason=reason, number=self.number, sha=self.pdf_sha256)

    def hanging(self, name, way):
        """The rows of a table that lead to this paper."""
        cls = model_named(name)
        query, at = cls.select(), cls
        for step in way[:-1]:
            following = at._meta.fields[step].rel_model
            query, at = query.join(following, on=at._meta.fields[step]), following
        return list(query.where(at._meta.fields[way[-1]] == self.id))

    def _erase(self, name, way, columns, by):
        """Empty the columns of every such row; a journaled one tells of it."""
        for row in self.hanging(name, way):
            cls = type(row)
            nothing = {c: None if cls._meta.fields[c].null else "" for c in columns}
            cls.update(**nothing).where(cls.id == row.id).execute()
            if isinstance(row, Journaled):
                cls.get_by_id(row.id).record("erased", by)
