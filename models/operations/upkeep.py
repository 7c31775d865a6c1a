"""What is derived from rows for speed and can be rebuilt at any time: the search index, the sales
summaries."""

from models.adapters import search
from models.documents import Document, sales

DERIVED = {"search": search, "sales": sales}


def rebuild():
    """[(name, how many rows)]; nothing is lost by it."""
    return [(name, part.rebuild()) for name, part in DERIVED.items()]


def differences():
    """Sentences on what a rebuild would change; empty when all agrees with the rows."""
    return [text for part in DERIVED.values() for text in part.differences()]


def fill_new():
    """Fill an index or summary that is empty after an upgrade or a restore."""
    if not search.is_filled():
        search.rebuild()
    if (
        not sales.SalesDay.select().exists()
        and Document.select()
        .where(Document.kind.in_(list(sales.COUNTS)), Document.issued_on.is_null(False))
        .exists()
    ):
        sales.rebuild()
