"""Subjects of approval besides documents: rows with a kind, an owner and a content."""

import hashlib

from models.core.fields import canonical
from models.core.journal import class_name

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
