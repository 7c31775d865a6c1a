"""Rewriting: a later import corrects a document that an earlier one brought, as long as it is
nothing but history."""

from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import refuse
from models.core.model import present
from models.core.portions import insert_instances
from models.documents import sales, totals
from models.documents.line import Line

# What refers to imported history without anybody having used it: its own parts, what the import
# wrote with it, and that somebody looked at it. Payments and credit notes have blockers.
OWN = {"Document", "Line", "Opening", "Allocation", "Refund"}
FROZEN = ("seller", "customer", "title", "not_tax_invoice")  # as the first import froze them


class Rewriting:
    rewrite_blockers = []  # functions of a document: whether somebody here used it

    @db.atomic()
    def rewrite(self, by, lines, **head):
        """Replace the lines (values as stored) and these columns by those of a later import.
        Refused where somebody has used the document since it came."""
        by.must("import")
        self.is_history() or refuse("imported_touched", value=self.number)
        self.move("issued", to="issued")
        before, old = dict(self.__data__), list(self.ordered_lines())
        sales.take_off(self)
        for name, value in head.items():
            setattr(self, name, value)
        self.issued_on = self.date
        new = [
            Line.of_values({"document": self.id, "position": i, **values})
            for i, values in enumerate(lines, 1)
        ]
        self.net, self.tax, self.total = totals.total(new)
        _replace(old, new)
        changes = self.changes_since(before)
        frozen = {name: self.snapshot[name] for name in FROZEN if name in self.snapshot}
        self.snapshot = {**self.freeze(base_url=self.base_url), **frozen}
        self.save()
        sales.add(self)
        if _contents(old) != _contents(new):
            changes = {"was": {}, "now": {}, **changes}
            changes["changed"] = [*changes.get("changed", ()), "lines"]
        self.record("rewritten", by, **changes)

    def is_history(self):
        """Whether it is as imports left it: issued elsewhere, and used by nobody here."""
        if not self.imported or self.state != "issued" or self.confirmed_at or self.pdf_sha256:
            return False
        cls, lines = type(self), self.lines.select(Line.id)
        used = {
            f"used_{i}": model.select().where(key == self.id)
            for i, (key, model) in enumerate(self._meta.backrefs.items())
            if model.__name__ not in OWN
        }
        used["mailed"] = Mail.about(self)
        used["followed"] = cls.select().where(cls.source == self.id, ~cls.imported)
        used |= {
            f"line_used_{i}": model.select().where(key.in_(lines))
            for i, (key, model) in enumerate(Line._meta.backrefs.items())
        }
        return not present(**used) and not any(blocks(self) for blocks in self.rewrite_blockers)


def _replace(old, new):
    """Write the new lines before the old ones go: SQLite gives the id of a newest row that is gone
    to the next one, and the ids of an import stay its own."""
    insert_instances(Line, new)
    Line.delete().where(Line.id.in_([line.id for line in old] or [0])).execute()


def _contents(lines):
    return [
        {name: value for name, value in line.__data__.items() if name != "id"} for line in lines
    ]
