"""Along the chain by remaining quantity: quote → order → delivery note → invoice → credit note."""

from collections import Counter

from peewee import fn

from models.core.database import db
from models.core.errors import refuse
from models.documents.line import Line

NEXT = {
    "quote": ("order",),
    "order": ("delivery_note", "invoice"),
    "delivery_note": ("invoice",),
    "invoice": ("credit_note",),
    "credit_note": (),
}
GONE = ("voided", "discarded")


def _sums(rows, ident):
    """{id: quantity in 1/10000} of the lines in the query, added up by the column."""
    query = rows.select(ident, fn.SUM(Line.quantity)).group_by(ident)
    return Counter({key: int(quantity) for key, quantity in query.tuples()})


def _made(line_ids, kind, counted):
    """{line id: quantity} of papers of `kind` made directly from these lines. `counted`: the
    condition on the papers."""
    Document = Line.document.rel_model
    rows = Line.select().join(Document).where(Line.source.in_(line_ids))
    return _sums(rows.where(Document.kind == kind, counted), Line.source)


def _made_through_notes(line_ids, kind, counted, but=()):
    """The same by way of the delivery notes of these order lines, `but` for notes in these
    states."""
    Document, step = Line.document.rel_model, Line.alias()
    note = Document.alias()
    rows = (
        Line.select()
        .join(Document, on=(Line.document == Document.id))
        .switch(Line)
        .join(step, on=(Line.source == step.id))
        .join(note, on=(step.document == note.id))
        .where(step.source.in_(line_ids), note.kind == "delivery_note", note.state.not_in(but))
    )
    return _sums(rows.where(Document.kind == kind, counted), step.source)


def remaining(lines, kind, without=None):
    """{line id: how much of the line can still become a paper of `kind`}, by a few queries however
    many lines. What an order invoiced directly also counts against its delivery notes, so that
    nothing is invoiced twice. `without`: a paper that does not count."""
    Document = Line.document.rel_model
    counted = Document.state.not_in(GONE)
    counted = counted & (Document.id != without) if without else counted
    taken = _made([line.id for line in lines], kind, counted)
    left = {line.id: line.quantity - taken[line.id] for line in lines}
    if kind == "invoice":
        ordered = _order_lines(lines)
        ids = [line.id for line in ordered.values()]
        whole = _made(ids, kind, counted)
        whole.update(_made_through_notes(ids, kind, counted, GONE))
        for ident, line in ordered.items():
            left[ident] = min(left[ident], line.quantity - whole[line.id])
    return left


def _order_lines(lines):
    """{line id: the order's line that it is, or that it was delivered from}."""
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
        """Kinds this issued paper can still be turned into."""
        if self.state not in ("issued", "archived") or self.expired:
            return []
        lines = self.ordered_lines()
        return [
            kind for kind in NEXT[self.kind] if any(x > 0 for x in remaining(lines, kind).values())
        ]

    def fulfilment(self):
        """How far an issued order went: {"delivery_note": "none" | "partly" | "whole", "invoice":
        …}; derived from lines."""
        if self.kind != "order" or self.state not in ("issued", "archived"):
            return {}
        lines, found = self.ordered_lines(), {}
        for kind in NEXT["order"]:
            reached = self._reached([line.id for line in lines], kind)
            made = [(line.quantity, reached[line.id]) for line in lines]
            found[kind] = (
                "none"
                if not any(done for _, done in made)
                else "whole"
                if all(done >= asked for asked, done in made)
                else "partly"
            )
        return found

    @staticmethod
    def _reached(line_ids, kind):
        """{line id: what issued papers of `kind` took from these order lines}, directly or through
        their delivery notes."""
        issued = Line.document.rel_model.state.in_(("issued", "archived"))
        found = _made(line_ids, kind, issued)
        if kind == "invoice":
            found.update(_made_through_notes(line_ids, kind, issued))
        return found

    @db.atomic()
    def convert(self, by, kind):
        """A draft of `kind` with what remains of each line. Refused when nothing remains."""
        by.must("write", self)
        kind in NEXT[self.kind] or refuse("no_such_conversion")
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        if self.expired:
            refuse("quote_expired", day=self.valid_until.isoformat())
        lines = []
        mine = self.ordered_lines()
        left = remaining(mine, kind)
        for line in mine:
            if left[line.id] > 0:
                data = {
                    n: line.__data__[n]
                    for n in (
                        "product code name note unit price discount tax_rate tax_label "
                        "tax_kind rate"
                    ).split()
                    if line.__data__[n] is not None
                }
                lines.append({**data, "quantity": left[line.id], "source": line.id})
        lines or refuse("nothing_remains")
        made = type(self).draft(
            by,
            kind,
            self.customer,
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
        """Refused when a line takes more than its source still has."""
        lines = [line for line in self.ordered_lines() if line.source_id]
        sources = list(Line.select().where(Line.id.in_([line.source_id for line in lines] or [0])))
        left = remaining(sources, self.kind, without=self.id)
        for line in lines:
            if line.quantity > left[line.source_id]:
                refuse("over_remaining", name=line.name)

    def live_followers(self):
        return self.followers.where(type(self).state.not_in(GONE))

    def chain(self):
        """All papers of this one's family, each before what was made of it; by one query."""
        cls = type(self)
        rows = cls.select().where(cls.id.in_(self.family()), cls.state != "discarded")
        known, made = {row.id: row for row in rows.order_by(cls.id)}, {}
        for row in known.values():
            made.setdefault(row.source_id if row.source_id in known else None, []).append(row)
        found = made[None]
        for paper in found:
            found += made.get(paper.id, [])
        return found

    def family(self):
        """Ids of the papers that this one was made of, and of all that was made of those, as a
        query."""
        cls, kin = type(self), type(self).alias()
        known = (
            cls.select(cls.id, cls.source)
            .where(cls.id == self.id)
            .cte("family", recursive=True, columns=("id", "source"))
        )
        more = kin.select(kin.id, kin.source).join(
            known, on=(kin.source == known.c.id) | (kin.id == known.c.source)
        )
        whole = known.union(more)
        return whole.select_from(whole.c.id)
