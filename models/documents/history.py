"""Papers from before Danju: they keep their own number and are marked as imported."""

from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import refuse
from models.documents import sales, totals
from models.documents.line import Line
from models.numbering import looks_like
from models.products import Product


class History:
    @classmethod
    @db.atomic()
    def enter_imported(cls, by, kind, number, customer, lines, **head):
        """Enter a paper as it was once issued elsewhere, lines already reckoned. Refused for a
        number that could be ours."""
        by.must("import")
        if looks_like(kind, number):
            refuse("number_is_ours", value=number)
        owner = head.pop("owner", None) or customer.owner_id
        net, tax, total = totals.total([Line(**x) for x in lines])
        paper = cls.create(
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
        costs = Product.costs([x.get("product") for x in lines], paper.currency)
        rows = [
            {"document": paper.id, "position": i, **x, "cost": costs.get(x.get("product"))}
            for i, x in enumerate(lines, 1)
        ]
        for at in range(0, len(rows), 40):
            Line.insert_many(rows[at : at + 40]).execute()
        paper.snapshot = paper.freeze(base_url=cls.base_url)
        paper.save()
        sales.add(paper)
        paper.record("imported", by, number=number, total=total)
        return paper

    @db.atomic()
    def take_back(self, by):
        """Remove an imported paper again. Refused once anything happened to it."""
        self.imported or refuse("still_used", name=self.name)
        self.state == "issued" and not self.confirmed_at or refuse("still_used", name=self.name)
        if Mail.about(self).exists():
            refuse("still_used", name=self.name)
        if self.disputes.exists():
            refuse("still_used", name=self.name)
        mine = Line.select(Line.id).where(Line.document == self.id)
        if Line.select().where(Line.source.in_(mine)).exists():
            refuse("still_used", name=self.name)
        super().take_back(by)

    def drop_parts(self):
        """The lines go with the paper, and its figures."""
        sales.take_off(self)
        Line.delete().where(Line.document == self.id).execute()
