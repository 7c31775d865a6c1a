"""A document becomes the next one of its chain, by the quantity that remains of each line.

quote → order → delivery note → invoice → credit note"""

from collections import Counter

from peewee import fn

from models.core.database import db
from models.core.errors import refuse
from models.core.money import format_scaled
from models.documents import grouping
from models.documents.line import Line
from models.documents.parts import INACTIVE

NEXT = {
    "quote": ("order",),
    "order": ("delivery_note", "invoice"),
    "delivery_note": ("invoice",),
    "invoice": ("credit_note",),
    "credit_note": (),
}


def _sums(rows, column):
    """{value of the column: sum of the quantities, in 1/10000} of the lines in the query."""
    query = rows.select(column, fn.SUM(Line.quantity)).group_by(column)
    return Counter({key: int(quantity) for key, quantity in query.tuples()})


def _made(line_ids, kind, counted):
    """{line id: quantity} in documents of `kind` that were made directly from these lines and that
    meet the condition `counted`."""
    Document = Line.document.rel_model
    rows = Line.select().join(Document).where(Line.source.in_(line_ids))
    return _sums(rows.where(Document.kind == kind, counted), Line.source)


def _made_through_notes(line_ids, kind, counted, excluded=()):
    """The same for documents made from the delivery notes of these order lines; delivery notes in
    the `excluded` states do not count."""
    Document, step = Line.document.rel_model, Line.alias()
    note = Document.alias()
    rows = (
        Line.select()
        .join(Document, on=(Line.document == Document.id))
        .switch(Line)
        .join(step, on=(Line.source == step.id))
        .join(note, on=(step.document == note.id))
        .where(step.source.in_(line_ids), note.kind == "delivery_note", note.state.not_in(excluded))
    )
    return _sums(rows.where(Document.kind == kind, counted), step.source)


def remaining(lines, kind, without=None):
    """{line id: quantity that can still become a document of `kind`}, in a fixed number of queries.

    What was invoiced directly from an order also counts against its delivery notes, so that nothing
    is invoiced twice. `without`: id of a document that does not count."""
    Document = Line.document.rel_model
    counted = Document.state.not_in(INACTIVE)
    counted = counted & (Document.id != without) if without else counted
    taken = _made([line.id for line in lines], kind, counted)
    rest = {line.id: line.quantity - taken[line.id] for line in lines}
    if kind == "invoice":
        ordered = _order_lines(lines)
        ids = [line.id for line in ordered.values()]
        invoiced = _made(ids, kind, counted)
        invoiced.update(_made_through_notes(ids, kind, counted, INACTIVE))
        for ident, line in ordered.items():
            rest[ident] = min(rest[ident], line.quantity - invoiced[line.id])
    return rest


def fulfilments(documents):
    """{document id: {next kind: "none" | "partly" | "whole"}}: how much of each issued quote, order
    and delivery note was made into issued documents, directly or through delivery notes; derived
    from the lines, in a fixed number of queries."""
    Document = Line.document.rel_model
    found = {
        d.id: dict.fromkeys(NEXT[d.kind], "none")
        for d in documents
        if d.kind in ("quote", "order", "delivery_note") and d.state in ("issued", "archived")
    }
    rows = Document.select(Document.source).where(Document.source.in_(list(found)))
    followed = [i for (i,) in rows.tuples()] if found else []
    lines, rows = {}, Line.select(Line.id, Line.document, Line.quantity)
    for line in rows.where(Line.document.in_(followed)) if followed else ():
        lines.setdefault(line.document_id, []).append(line)
    ids = [line.id for rows in lines.values() for line in rows]
    made = {kind: _issued_of(ids, kind) for kind in {k for i in lines for k in found[i]}}
    for ident, rows in lines.items():
        found[ident] = {kind: _extent(rows, made[kind]) for kind in found[ident]}
    return found


def _issued_of(line_ids, kind):
    issued = Line.document.rel_model.state.in_(("issued", "archived"))
    found = _made(line_ids, kind, issued)
    if kind == "invoice":
        found.update(_made_through_notes(line_ids, kind, issued))
    return found


def _extent(lines, made):
    if not any(made[line.id] for line in lines):
        return "none"
    return "whole" if all(made[line.id] >= line.quantity for line in lines) else "partly"


def _order_lines(lines):
    """{line id: the order line that it is, or from which it was delivered}."""
    Document = Line.document.rel_model
    ids = {line.id for line in lines} | {line.source_id for line in lines if line.source_id}
    rows = Line.select(Line, Document).join(Document).where(Line.id.in_(ids or {0}))
    known = {row.id: row for row in rows}
    found = {}
    for line in lines:
        delivered = known[line.id].document.kind == "delivery_note"
        found[line.id] = known.get(line.source_id if delivered else line.id)
    return {i: row for i, row in found.items() if row and row.document.kind == "order"}


class Conversion:
    def can_become(self):
        """The kinds of document that can still be made from this issued one."""
        if self.state not in ("issued", "archived") or self.expired:
            return []
        lines = self.ordered_lines()
        return [
            kind for kind in NEXT[self.kind] if any(x > 0 for x in remaining(lines, kind).values())
        ]

    def fulfilment(self):
        return fulfilments([self]).get(self.id, {})

    @db.atomic()
    def convert(self, by, kind):
        """Make a draft of `kind` with the remaining quantity of each line. Refused when nothing
        remains."""
        by.must("write", self)
        kind in NEXT[self.kind] or refuse("no_such_conversion")
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        if self.expired:
            refuse("quote_expired", day=self.valid_until.isoformat())
        lines = []
        own_lines = self.ordered_lines()
        rest = remaining(own_lines, kind)
        carried = grouping.carried(own_lines, lambda line: rest[line.id] > 0)
        for line in own_lines:
            if rest[line.id] > 0:
                data = {
                    n: line.__data__[n]
                    for n in (
                        "product code name note unit price discount tax_rate tax_label "
                        "tax_kind rate"
                    ).split()
                    if line.__data__[n] is not None
                }
                part = {"quantity": rest[line.id], "source": line.id}
                lines.append({**data, **carried[line.id], **part})
        lines or refuse("nothing_remains")
        made = type(self).draft(
            by,
            kind,
            self.customer.leading,
            lines,
            source=self,
            contact=self.contact,
            owner=self.owner,
            currency=self.currency,
            language=self.language,
            reference=self.reference,
            terms_days=self.terms_days,
            discount=self.discount,
            prices_include_tax=self.prices_include_tax,
        )
        self.record("converted", by, kind=kind, into=made.id)
        return made

    def check_remaining(self):
        """Refused when the quantity of a line is more than remains of its source line. A quote is
        an offer: the customer may order more, and the order is approved as a new one."""
        if self.kind == "order":
            return
        lines = [line for line in self.ordered_lines() if line.source_id]
        if not lines:
            return
        sources = list(Line.select().where(Line.id.in_([line.source_id for line in lines])))
        rest = remaining(sources, self.kind, without=self.id)
        for line in lines:
            if line.quantity > rest[line.source_id]:
                left = max(0, rest[line.source_id])
                refuse("over_remaining", name=line.name, rest=format_scaled(left, 4))

    def active_followers(self):
        """The documents made from this one, without voided and discarded ones."""
        return self.followers.where(type(self).state.not_in(INACTIVE))

    def chain(self):
        """All documents of the same chain, each before those made from it; one query."""
        cls = type(self)
        rows = cls.select().where(cls.id.in_(self.chain_ids()), cls.state != "discarded")
        known, made = {row.id: row for row in rows.order_by(cls.id)}, {}
        for row in known.values():
            made.setdefault(row.source_id if row.source_id in known else None, []).append(row)
        found = made[None]
        for document in found:  # grows while it is read, so that followers come after their source
            found += made.get(document.id, [])
        return found

    def chain_ids(self):
        """A query of the ids of the documents that this one was made from and of all that were made
        from those."""
        cls, relative = type(self), type(self).alias()
        known = (
            cls.select(cls.id, cls.source)
            .where(cls.id == self.id)
            .cte("chain", recursive=True, columns=("id", "source"))
        )
        more = relative.select(relative.id, relative.source).join(
            known, on=(relative.source == known.c.id) | (relative.id == known.c.source)
        )
        chain = known.union(more)
        return chain.select_from(chain.c.id)
