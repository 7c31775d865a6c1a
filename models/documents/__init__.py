"""Sales documents of every kind, from draft to destroyed."""

from models.documents.confirmation import Opening
from models.documents.document import ISSUABLE, KINDS, Document
from models.documents.line import Line
from models.documents.message import Message

__all__ = ["Document", "ISSUABLE", "KINDS", "Line", "Message", "Opening"]
