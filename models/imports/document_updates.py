"""Documents of a file that are here already: the same, or changed as the person chose."""

from models.core.clock import today
from models.core.errors import refuse
from models.documents import Document, Line
from models.imports import document_content
from models.payments import paid
from models.products import Product

COMPARED = "code name unit quantity price discount net tax gross".split()  # of each line
TEXTS = ("code", "name", "unit")  # of a line that stay where the file has no column for them
GIVEN = ("due_on", "delivery_on", "reference", "note")  # where their cell is not blank
PAID = ("payments", "paid", "open", "paid_on")
UPDATING = ("update", "update_or_leave")


class Updating:
    """For DocumentPlan."""

    def compare(self, row, existing, data, lines, settled):
        """Count a document that is here already: the same only where everything is that the file
        gives. Another one is a fault, is updated, or stays as it is: as the person chose."""
        kept = self._kept_lines(existing)
        lines = self._with_kept_texts(lines, kept)
        name = next(filter(None, self._differing(existing, data, lines, kept, settled)), None)
        choice = self.options.get("existing", "refuse")
        if name == "corrects" and choice == "update":
            refuse("corrects_other", column=name, value=existing.number)
        if (
            name
            and name != "corrects"
            and choice in UPDATING
            and self._update(row, existing, data, lines, settled)
        ):
            return self._count("update")
        if name and choice not in ("leave", "update_or_leave"):
            refuse(self._why_not(existing, choice), column=name, value=existing.number)
        if name:
            self.warn_once(row, name, "imported_left", value=existing.number)
        self._count("left" if name else "same")

    def _count(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    def _why_not(self, existing, choice):
        if not existing.imported:
            return "issued_here"
        return "imported_touched" if choice == "update" else "imported_differs"

    def _kept_lines(self, existing):
        rows = Line.select(*(getattr(Line, name) for name in COMPARED))
        rows = rows.where(Line.document == existing.id).order_by(Line.position).tuples()
        return [dict(zip(COMPARED, row, strict=True)) for row in rows]

    def _with_kept_texts(self, lines, kept):
        """The lines with what stays of those at their places: an import changes only what its
        columns give."""
        missing = [name for name in TEXTS if not self.has(name)]
        found = []
        for i, line in enumerate(lines):
            other = kept[i] if i < len(kept) else {}
            same = other and (not self.has("code") or other["code"] == line["code"])
            blank = [n for n in missing if same and not (n == "unit" and line["unit"])]
            found.append({**line, **{name: other[name] for name in blank}})
        return found

    def _differing(self, existing, data, lines, kept, settled):
        """The fields in which the file has another content."""
        if self.has("corrects") and data.get("corrects"):
            yield "corrects" if self._source_of(existing) != data["corrects"] else None
        for name in ("date", "currency", "total"):
            yield name if getattr(existing, name) != data[name] else None
        for name in GIVEN:
            given = self.has(name) and data.get(name)
            yield name if given and getattr(existing, name) != given else None
        owner = self.has("owner") and data["owner"]
        yield "owner" if owner and owner != existing.owner_id else None
        own = [{name: line[name] for name in COMPARED} for line in lines]
        yield "name" if kept != own else None
        column = next((name for name in PAID if self.has(name)), None)
        if column and existing.kind == "invoice":
            given = sum(payment[0] for payment in settled)
            yield column if paid(existing) != given else None

    def _source_of(self, existing):
        source = Document.get_by_id(existing.id).source
        return source and source.number

    def _update(self, row, existing, data, lines, settled):
        """Plan the document's new content; False where somebody has used it."""
        document = Document.get_by_id(existing.id)
        old = document_content.content_of(document)
        new = self._content(document.number, old, data, lines, settled)
        if not document_content.is_possible(document, new):
            return False
        self.updates.append((document, old, new))
        before, after = document_content.texts_of(old, new, self.names)
        self.change(row, document.number, before, after)
        return True

    def _content(self, number, old, data, lines, settled):
        new = {**old, "prices_include_tax": data["prices_include_tax"]}
        new |= {"date": data["date"].isoformat(), "currency": data["currency"]}
        for name in GIVEN:
            if self.has(name) and data.get(name):
                value = data[name]
                new[name] = value.isoformat() if name.endswith("_on") else value
        if self.has("owner") and data["owner"]:
            new["owner"] = data["owner"]
        if data.get("due_on"):
            new |= {"due_on": data["due_on"].isoformat(), "terms_days": data["terms_days"]}
        new["lines"] = self._stored_lines(lines, data["currency"])
        new["paid"] = self._paid_now(number, old, new, settled)
        return new

    def _stored_lines(self, lines, currency):
        """The lines as they are stored. A code that is unknown here makes no product: it would
        stay in use when the import is undone."""
        products = [self.products.get(line["code"]) for line in lines]
        costs = Product.costs(products, currency)
        return [
            {
                **{name: line.get(name) for name in document_content.LINE},
                "product": product,
                "cost": costs.get(product),
            }
            for line, product in zip(lines, products, strict=True)
        ]

    def _paid_now(self, number, old, new, settled):
        """What the file says was paid; where it does not, what was paid in full stays so."""
        if any(self.has(name) for name in PAID):
            return [
                [amount, min(day, today()).isoformat(), text or number]
                for amount, day, text in settled
            ]
        total, before = document_content.total_of(new), document_content.total_of(old)
        paid = sum(amount for amount, *_ in old["paid"])
        if not old["paid"] or paid == total or paid < min(before, total):
            return old["paid"]
        *others, (amount, day, text) = old["paid"]
        left = amount + total - paid
        return [*others, [left, day, text]] if left > 0 else others
