"""Documents from before Danju: they keep their own number and are marked as imported."""

from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import refuse
from models.documents import sales, totals
from models.documents.confirmation import Opening
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
        owner = head.pop("owner", None) or customer.owner_id
        net, tax, total = totals.total([Line(**x) for x in lines])
        document = cls.create(
            kind=kind,
            state="issued",
            number=number,
            customer=customer,
            owner=owner,
            language=customer.language,
            issued_on=head["date"],
            imported=True,
            net=net,
            tax=tax,
            total=total,
            **head,
        )
        costs = Product.costs([x.get("product") for x in lines], document.currency)
        rows = [
            {"document": document.id, "position": i, **x, "cost": costs.get(x.get("product"))}
            for i, x in enumerate(lines, 1)
        ]
        for start in range(0, len(rows), 40):
            Line.insert_many(rows[start : start + 40]).execute()
        document.snapshot = document.freeze(base_url=cls.base_url)
        document.save()
        sales.add(document)
        document.record("imported", by, number=number, total=total)
        return document

    @classmethod
    def of_unkept_imports(cls):
        """The ids of documents whose import may still be undone; models/imports says which."""
        return cls.select(cls.id).where(cls.id < 0)

    @db.atomic()
    def take_back(self, by):
        """Remove an imported document again. Refused once it has been used in any way."""
        self.imported or refuse("still_used", name=self.name)
        self.state == "issued" and not self.confirmed_at or refuse("still_used", name=self.name)
        if Mail.about(self).exists():
            refuse("still_used", name=self.name)
        if self.disputes.exists():
            refuse("still_used", name=self.name)
        own_lines = Line.select(Line.id).where(Line.document == self.id)
        if Line.select().where(Line.source.in_(own_lines)).exists():
            refuse("still_used", name=self.name)
        super().take_back(by)

    def drop_parts(self):
        """Remove the lines and the sales figures of the document, and who opened it."""
        Opening.delete().where(Opening.document == self.id).execute()
        sales.take_off(self)
        Line.delete().where(Line.document == self.id).execute()
