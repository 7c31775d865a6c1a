"""One entry in a dispute's thread, seen by both sides or by staff alone, perhaps with a file."""

import filetype
import peewee as pw

from models.adapters import blobs
from models.approvals.comment import KINDS, MOST_BYTES
from models.core import filenames
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model


class DisputeEntry(Journaled, Model):
    """An entry. `internal` is for staff only and is never shown or mailed to the customer."""

    dispute = pw.DeferredForeignKey("Dispute", backref="entries")
    author = pw.CharField()
    from_customer = pw.BooleanField()
    internal = pw.BooleanField(default=False)
    at = pw.DateTimeField()
    text = pw.TextField(default="")
    file = pw.CharField(max_length=64, null=True)
    filename = pw.CharField(default="")

    @classmethod
    @db.atomic()
    def write(cls, by, dispute, text, internal=False, data=b"", filename=""):
        """Write as staff or contact. The kind of a file is judged by its content."""
        text = text.strip()
        text or data or refuse("text_needed")
        if data:
            len(data) <= MOST_BYTES or refuse("attachment_too_large", most=MOST_BYTES // 2**20)
            found = filetype.guess(data)
            found and found.extension in KINDS or refuse("attachment_kind")
        row = cls.create(
            dispute=dispute,
            author=by.name,
            from_customer=not by.roles,
            internal=bool(internal and by.roles),
            at=now(),
            text=text[:4000],
            file=blobs.keep(data) if data else None,
            filename=filenames.safe(filename)[-200:] if data else "",
        )
        row.record("written", by, dispute=dispute.id)
        return row
