"""The parts of a line add up to it: the last one takes what remains of its net and tax.

3 × 33.3333 is 100.00. Three parts of 1 are 33.33 each by their price, so the last is 33.34."""

from models.documents.line import Line

INACTIVE = ("voided", "discarded")
LINE_TERMS = ("price", "discount", "rate", "tax_kind")
DOCUMENT_TERMS = ("currency", "discount", "prices_include_tax")


def fit(lines, document):
    """Set the amounts of the lines that are parts, on unchanged terms, of the line that they were
    made from, and of the order line behind a delivery. No part takes more than remains, so the last
    is never negative."""
    wholes = {line.id: line for line in _sources(lines)}
    if document.kind == "invoice":
        delivered = [w for w in wholes.values() if w.document.kind == "delivery_note"]
        wholes |= {line.id: line for line in _sources(delivered)}
    parts = _other_parts(wholes, document) if wholes else {}
    for line in lines:
        whole = wholes.get(line.source_id)
        of_line = [w for w in (whole, whole and wholes.get(whole.source_id)) if w]
        for whole in of_line:
            _fit_one(line, whole, parts[whole.id])
        for whole in of_line:
            parts[whole.id].append(line)


def _fit_one(line, whole, parts):
    if any(_terms(part) != _terms(whole) for part in [line, *parts]):
        return
    quantity_left = whole.quantity - sum(part.quantity for part in parts) - line.quantity
    for name in ("net", "tax"):
        left = getattr(whole, name) - sum(getattr(part, name) for part in parts)
        if quantity_left > 0:
            left = sorted((0, getattr(line, name), left))[1]
        if quantity_left >= 0:
            setattr(line, name, left)
    line.gross = line.net + line.tax


def _terms(line):
    return (
        [getattr(line, name) for name in LINE_TERMS],
        [getattr(line.document, name) for name in DOCUMENT_TERMS],
    )


def _with_documents(*conditions):
    Document = Line.document.rel_model
    return list(Line.select(Line, Document).join(Document).where(*conditions))


def _sources(lines):
    ids = {line.source_id for line in lines if line.source_id}
    return _with_documents(Line.id.in_(ids)) if ids else []


def _other_parts(wholes, document):
    """{id of the whole line: lines of other documents of this kind that were made from it}, for an
    order line also those made from its delivery notes."""
    Document, parts, orders = Line.document.rel_model, {ident: [] for ident in wholes}, {}
    if document.kind == "invoice":
        delivery = (Document.kind == "delivery_note") & Line.source.in_(list(wholes))
        orders = {line.id: line.source_id for line in _with_documents(delivery)}
    for part in _with_documents(
        Line.source.in_({*wholes, *orders}),
        Document.kind == document.kind,
        Document.state.not_in(INACTIVE),
        Document.id != document.id,
    ):
        for ident in {part.source_id, orders.get(part.source_id)} & parts.keys():
            parts[ident].append(part)
    return parts
