"""Sales documents of every kind, from draft to destroyed."""

from models.documents.confirmation import Opening
from models.documents.document import ISSUABLE, ISSUED, KINDS, Document
from models.documents.line import Line
from models.documents.link import DocumentLink, LinkVisit
from models.documents.message import Message

__all__ = [
    "Document",
    "DocumentLink",
    "ISSUABLE",
    "ISSUED",
    "KINDS",
    "Line",
    "LinkVisit",
    "Message",
    "Opening",
]
