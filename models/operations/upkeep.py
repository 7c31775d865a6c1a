"""Derived data, kept for speed and rebuilt from rows at any time: the search index and the sales
summaries."""

from models.adapters import search
from models.documents import Document, sales

DERIVED = {"search": search, "sales": sales}


def rebuild():
    """Rebuild all derived data; [(name, number of rows)]."""
    return [(name, part.rebuild()) for name, part in DERIVED.items()]


def differences():
    """Sentences about what a rebuild would change; empty when nothing."""
    return [text for part in DERIVED.values() for text in part.differences()]


def fill_new():
    """Fill an index or summary that is empty after an upgrade or a restore."""
    search.fill_empty()
    if (
        not sales.SalesDay.select().exists()
        and Document.select()
        .where(Document.kind.in_(list(sales.COUNTS)), Document.issued_on.is_null(False))
        .exists()
    ):
        sales.rebuild()
