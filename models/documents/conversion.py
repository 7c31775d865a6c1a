"""Along the chain by remaining quantity: quote → order → delivery note → invoice → credit note."""

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


def _taken(line_ids, kind, without=None):
    """Quantity of `kind` already made from these lines, in 1/10000."""
    Document = Line.document.rel_model
    query = (
        Line.select(fn.COALESCE(fn.SUM(Line.quantity), 0))
        .join(Document)
        .where(Line.source.in_(line_ids), Document.kind == kind, Document.state.not_in(GONE))
    )
    return int(query.where(Document.id != without).scalar() if without else query.scalar())


def remaining(line, kind, without=None):
    """How much of the line can still become a paper of `kind`. What an order invoiced directly also
    counts against its delivery notes, so that nothing is invoiced twice."""
    Document = Line.document.rel_model
    left = line.quantity - _taken([line.id], kind, without)
    if kind == "invoice":
        order_line = line.source if line.document.kind == "delivery_note" else line
        if order_line and order_line.document.kind == "order":
            delivered = [
                x.id
                for x in Line.select(Line.id)
                .join(Document)
                .where(
                    Line.source == order_line.id,
                    Document.kind == "delivery_note",
                    Document.state.not_in(GONE),
                )
            ]
            whole = _taken([order_line.id, *delivered], kind, without)
            left = min(left, order_line.quantity - whole)
    return left


class Conversion:
    def can_become(self):
        """Kinds this issued paper can still be turned into."""
        if self.state not in ("issued", "archived") or self.expired:
            return []
        lines = self.ordered_lines()
        return [
            kind for kind in NEXT[self.kind] if any(remaining(line, kind) > 0 for line in lines)
        ]

    def fulfilment(self):
        """How far an issued order went: {"delivery_note": "none" | "partly" | "whole", "invoice":
        …}; derived from lines."""
        if self.kind != "order" or self.state not in ("issued", "archived"):
            return {}
        lines, found = self.ordered_lines(), {}
        for kind in NEXT["order"]:
            made = [(line.quantity, self._reached(line, kind)) for line in lines]
            found[kind] = (
                "none"
                if not any(done for _, done in made)
                else "whole"
                if all(done >= asked for asked, done in made)
                else "partly"
            )
        return found

    @staticmethod
    def _reached(line, kind):
        """What issued papers of `kind` took from this order line, directly or through its delivery
        notes."""
        Document = Line.document.rel_model
        notes = [
            x.id
            for x in Line.select(Line.id)
            .join(Document)
            .where(Line.source == line.id, Document.kind == "delivery_note")
        ]
        query = (
            Line.select(fn.COALESCE(fn.SUM(Line.quantity), 0))
            .join(Document)
            .where(
                Line.source.in_([line.id, *(notes if kind == "invoice" else [])]),
                Document.kind == kind,
                Document.state.in_(("issued", "archived")),
            )
        )
        return int(query.scalar())

    @db.atomic()
    def convert(self, by, kind):
        """A draft of `kind` with what remains of each line. Refused when nothing remains."""
        by.must("write", self)
        kind in NEXT[self.kind] or refuse("no_such_conversion")
        self.state in ("issued", "archived") or refuse("state_changed", now=self.state)
        if self.expired:
            refuse("quote_expired", day=self.valid_until.isoformat())
        lines = []
        for line in self.ordered_lines():
            left = remaining(line, kind)
            if left > 0:
                data = {
                    n: line.__data__[n]
                    for n in (
                        "product code name note unit price discount tax_rate tax_label "
                        "tax_kind rate"
                    ).split()
                    if line.__data__[n] is not None
                }
                lines.append({**data, "quantity": left, "source": line.id})
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
        for line in self.ordered_lines():
            if line.source_id and line.quantity > remaining(
                line.source, self.kind, without=self.id
            ):
                refuse("over_remaining", name=line.name)

    def live_followers(self):
        return self.followers.where(type(self).state.not_in(GONE))

    def chain(self):
        """All papers of this one's family, oldest first."""
        root = self
        while root.source:
            root = root.source
        found, todo = [], [root]
        while todo:
            paper = todo.pop(0)
            found.append(paper)
            todo += list(
                type(self)
                .select()
                .where(type(self).source == paper.id, type(self).state != "discarded")
                .order_by(type(self).id)
            )
        return found
