"""What approval can be asked for besides a document: any row with a kind, an owner and a
content."""

import hashlib

from models.core.fields import canonical
from models.core.journal import class_name

KNOWN = {}


def approvable(cls):
    """Let requests be about rows of this model."""
    KNOWN[class_name(cls)] = cls
    return cls


class Approvable:
    """What the engine asks of such a row. It also needs `kind`, `owner`, `owner_id`, `name`,
    `approvable_content()` and, when decided, `accept(by, reason)` and `return_to_draft(by,
    reason)`; a document answers the same."""

    customer = None
    total = None
    currency = None

    def content_hash(self):
        """SHA-256 over what is said: an approval is for exactly this."""
        return hashlib.sha256(canonical(self.approvable_content()).encode()).hexdigest()
