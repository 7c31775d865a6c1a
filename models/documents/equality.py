"""Is a draft its source again? Then a flow may ask nobody a second time (DESIGN, rule 5a)."""

from models.documents import approval_gate
from models.documents.conversion import remaining

TERMS = ("currency", "terms_days", "discount", "prices_include_tax")
LINE = (
    "heading",
    "subtotal",
    "code",
    "name",
    "unit",
    "quantity",
    "price",
    "discount",
    "tax_label",
    "tax_kind",
    "rate",
)


class Equality:
    def equals_source(self):
        """Whether customer, lines, prices and terms are those of the source, each of its
        quantities whole and for the first time, and people approved the source, or what that
        equals."""
        source = self.source
        return bool(
            source
            and source.state in ("issued", "archived")
            and source.customer.leading == self.customer.leading
            and self.due_on is None  # a day of its own is no term of the source
            and all(getattr(self, name) == getattr(source, name) for name in TERMS)
            and self._repeats_lines(source)
            and approval_gate.requests().vouches_for(source)
        )

    def _repeats_lines(self, source):
        lines, theirs = list(self.ordered_lines()), list(source.ordered_lines())
        if {line.source_id for line in lines} != {line.id for line in theirs}:
            return False
        left, by_id = remaining(theirs, self.kind, without=self.id), {x.id: x for x in theirs}
        return len(lines) == len(theirs) and all(
            left[line.source_id] >= line.quantity
            and all(getattr(line, name) == getattr(by_id[line.source_id], name) for name in LINE)
            for line in lines
        )
