"""The firm whose pages these are."""

from flask import g

from models.company import Company


def firm():
    """Read once for a request, or None before the first run is done. For what a page shows: a verb
    reads the row again."""
    if not g.get("firm"):
        g.firm = Company.current()
    return g.firm
