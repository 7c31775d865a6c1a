"""The gate from documents to the approval engine, which is a floor above and registers itself here.

It is the only dependency of documents on a higher floor: a document is submitted to the engine, and
nothing is issued or voided unless it agrees."""

_engine = {}


def register(engine):
    """Make this class the approval engine; models/approvals/request.py calls it."""
    _engine["requests"] = engine


def requests():
    """The approval requests: covers(), vouches_for(), open_for(), recall(), drop(), current(),
    asks_for_void(), may_exceed_invoice(), exceeded_invoice()."""
    return _engine["requests"]
