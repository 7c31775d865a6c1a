"""Messages between customer and staff about a document."""

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import CustomerAct
from models.documents.document import Document


class Message(Journaled, Model):
    """One message about a document, visible to both sides."""

    document = pw.ForeignKeyField(Document, backref="messages")
    author = pw.CharField()
    from_customer = pw.BooleanField()
    at = pw.DateTimeField()
    text = pw.TextField()

    @classmethod
    @db.atomic()
    def write(cls, by, document, text):
        """Write a message, as staff or as the customer's contact."""
        text = text.strip()
        text or refuse("text_needed")
        if document.state == "destroyed":
            refuse("is_destroyed")
        by.sees.documents().where(Document.id == document.id).exists() or refuse("not_yours")
        if by.roles:
            by.must("message", document)
        CustomerAct.count(by, "message")
        row = cls.create(
            document=document,
            author=by.name,
            from_customer=not by.roles,
            at=now(),
            text=text[:4000],
        )
        row.record("written", by, document=document.id)
        return row
