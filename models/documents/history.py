"""Documents from before Danju: they keep their own number and are marked as imported."""

from models.core.database import db
from models.core.errors import refuse
from models.core.portions import insert_instances
from models.documents import sales, totals
from models.documents.line import Line
from models.numbering import looks_like
from models.products import Product


class History:
    @classmethod
    @db.atomic()
    def enter_imported(cls, by, kind, number, customer, lines, **head):
        """Enter a document that was issued elsewhere, with lines already computed. Refused for a
        number that could be one of ours."""
        by.must("import")
        if looks_like(kind, number):
            refuse("number_is_ours", value=number)
        codes = [x.get("product") for x in lines]
        costs = Product.costs(codes, head["currency"])
        document = cls.built_imported(kind, number, customer, lines, costs, **head)
        document.save()
        insert_instances(Line, document.lines_of_its_own())
        document.snapshot = document.freeze(base_url=cls.base_url)
        document.save()
        del document.read_lines
        sales.add(document)
        document.record("imported", by, number=number, total=document.total)
        return document

    @classmethod
    def built_imported(cls, kind, number, customer, lines, costs, **head):
        """A document that was issued elsewhere, with its lines in `read_lines`; not written yet.
        `costs`: {product id: unit cost} in its currency."""
        owner = head.pop("owner", None) or customer.owner_id
        rows = [
            Line.of_values({"position": i, **x, "cost": costs.get(x.get("product"))})
            for i, x in enumerate(lines, 1)
        ]
        net, tax, total = totals.total(rows)
        source = head.pop("source", None)
        document = cls.of_values(
            {
                "kind": kind,
                "state": "issued",
                "number": number,
                "language": customer.language,
                "issued_on": head["date"],
                "imported": True,
                "net": net,
                "tax": tax,
                "total": total,
                **head,
            }
        )
        document.customer, document.owner, document.source = customer, owner, source
        document.read_lines = rows
        return document

    def lines_of_its_own(self, first=None):
        """The lines that were built with it, once it has an id; `first`: the id of the first."""
        for i, line in enumerate(self.read_lines):
            line.__data__ |= {"document": self.id, "id": first and first + i}
        return self.read_lines

    @classmethod
    def is_of_unkept_import(cls):
        """The condition that the import of a document may still be undone; models/imports says."""
        return cls.id < 0
