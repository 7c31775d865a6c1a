"""Subjects of approval besides documents: rows with a kind, an owner and a content."""

import hashlib

from models.core.fields import canonical
from models.core.journal import class_name
from models.core.peers import peers_of
from models.documents import Document

APPROVABLE_MODELS = {}


def approvable(cls):
    """Class decorator: let requests refer to rows of this model."""
    APPROVABLE_MODELS[class_name(cls)] = cls
    return cls


class Approvable:
    """What the engine needs of such a row, as of a document. The row itself defines `kind`,
    `owner`, `owner_id`, `name`, `approvable_content()`, `accept(by, reason)` and
    `return_to_draft(by, reason)`."""

    customer = None
    total = None
    currency = None

    def content_hash(self):
        """SHA-256 of the content: an approval applies to exactly this content."""
        return hashlib.sha256(canonical(self.approvable_content()).encode()).hexdigest()


class AboutSubject:
    """Mixed into the request."""

    @property
    def subject(self):
        """The document or other subject, as it was when first read."""
        if self.document_id:
            return self.document
        if "other" not in self.__rel__:
            self._read_subjects([r for r in peers_of(self) if r.subject_type == self.subject_type])
        return self.__rel__["other"]

    def _read_subjects(self, requests):
        model = APPROVABLE_MODELS[self.subject_type]
        rows = model.select().where(model.id.in_([r.subject_id for r in requests]))
        found = {row.id: row for row in rows}
        for request in requests:
            request.__rel__["other"] = found[request.subject_id]

    def fresh(self):
        """The document or other subject, read again from the database."""
        return (
            Document.get_by_id(self.document_id)
            if self.document_id
            else APPROVABLE_MODELS[self.subject_type].get_by_id(self.subject_id)
        )
