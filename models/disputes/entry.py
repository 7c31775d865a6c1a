"""One entry in a dispute's thread, seen by both sides or by staff alone, perhaps with a file."""

import peewee as pw

from models.adapters import blobs
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
    def write(cls, by, dispute, text, internal=False, file=None, filename=""):
        """Write as staff or contact; `file` is what is Received."""
        text = text.strip()
        text or file or refuse("text_needed")
        row = cls.create(
            dispute=dispute,
            author=by.name,
            from_customer=not by.roles,
            internal=bool(internal and by.roles),
            at=now(),
            text=text[:4000],
            file=blobs.keep(file.data) if file else None,
            filename=filenames.of_kind(filename, file.extension) if file else "",
        )
        row.record("written", by, dispute=dispute.id)
        return row
