"""A draft that was begun for the wrong customer is made over to another one."""

from models.core.errors import refuse
from models.products import Product
from models.products.price_list import PriceList


class OtherCustomer:
    def made_over(self, by, customer, head, lines):
        """(head, lines) of the draft as it becomes this customer's: their currency, language and
        payment terms, no contact, and on lines of products the discount of their price list where
        a line had the one of the list before. What somebody typed stays. Refused for what was made
        from another document, and for files that are archived under the customer."""
        by.must("write", customer)
        customer.must_stand()
        self.source_id and refuse("customer_of_source", number=self.source.name)
        self.external_files.exists() and refuse("customer_of_files")
        ids = {line.product_id for line in lines} - {None}
        for product in Product.select().where(Product.id.in_(ids or {0})):
            was, now = (PriceList.discount_for(c, product) for c in (self.customer, customer))
            for line in lines:
                if line.product_id == product.id and line.discount == was:
                    line.discount = now
        terms = {name: getattr(customer, name) for name in ("currency", "language", "terms_days")}
        return {**head, **terms, "customer": customer.id, "contact": None}, lines
