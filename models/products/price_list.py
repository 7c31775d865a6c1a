"""Price lists: a discount for chosen customers on all products or one category, between two
days."""

import peewee as pw

from models.core.clock import today
from models.core.database import db
from models.core.fields import RateField
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer


class PriceList(Journaled, Model):
    """A discount in basis points, on one category or (where it is empty) on all products; in force
    from the first to the last day."""

    name = pw.CharField()
    discount = RateField()
    category = pw.CharField(default="")
    first_day = pw.DateField()
    last_day = pw.DateField()

    def content_rows(self):
        return {
            "list": super().content_rows(),
            "customers": sorted(m.customer_id for m in self.members),
        }

    @classmethod
    @db.atomic()
    def make(cls, by, name, customers, discount, first_day, last_day, category=""):
        """Create a list for these customers; called once it has been approved."""
        row = cls.create(
            name=name[:200],
            discount=discount,
            category=category,
            first_day=first_day,
            last_day=last_day,
        )
        for customer in customers:
            PriceListMember.create(price_list=row, customer=customer)
        row.record("made", by, discount=discount, customers=len(customers))
        return row

    @classmethod
    def discount_for(cls, customer, product, day=None):
        """The best discount (basis points) that the customer gets on the product on that day; 0
        without a list."""
        day = day or today()
        return (
            cls.select(pw.fn.COALESCE(pw.fn.MAX(cls.discount), 0))
            .join(PriceListMember)
            .where(
                PriceListMember.customer == customer.leading,
                cls.first_day <= day,
                cls.last_day >= day,
                cls.category.in_(["", product.category]),
            )
            .scalar()
        )


class PriceListMember(Model):
    """A customer on a price list."""

    price_list = pw.ForeignKeyField(PriceList, backref="members", on_delete="CASCADE")
    customer = pw.ForeignKeyField(Customer, backref="price_lists")

    class Meta:
        indexes = ((("price_list", "customer"), True),)
