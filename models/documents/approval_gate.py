"""The gate from documents to the approval engine, which stands a floor above and enters here.

The one arrow upward that documents need: a paper is handed in, and nothing is issued or voided
without a yes."""

_engine = {}


def enter(engine):
    """Make this class the one that is asked; models/approvals/request.py does."""
    _engine["requests"] = engine


def requests():
    """The approval requests: covers(), open_for(), recall(), drop(), current(), asks_for_void()."""
    return _engine["requests"]
