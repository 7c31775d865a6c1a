"""A line of a document: quantity, price, discount and tax, and the rule by which it is rounded."""

from decimal import Decimal

import peewee as pw

from models.core.fields import MoneyField, PriceField, QuantityField, RateField
from models.core.model import Model
from models.core.money import digits, half_up, round_half_up
from models.products import Product, TaxRate

WHOLE = 10_000
FULL = Decimal(WHOLE)


def amounts(quantity, price, discount, rate, document_discount, currency, include_tax):
    """(net, tax, gross) in minor units, each rounded half up once: first the discounts of line and
    document, then the tax of the line."""
    value = Decimal(quantity) / FULL * Decimal(price) / FULL
    value *= (FULL - discount) / FULL * (FULL - document_discount) / FULL
    return split(round_half_up(value.scaleb(digits(currency))), rate, include_tax)


def split(stated, rate, include_tax):
    """(net, tax, gross) of a line's stated amount in minor units."""
    if include_tax:
        tax = half_up(stated * rate, WHOLE + rate)
        return stated - tax, tax, stated
    tax = half_up(stated * rate, WHOLE)
    return stated, tax, stated + tax


def translated(lines, before, after):
    """The lines of a document whose language changes: where a line still has the product's name or
    unit or the rate's label in the language before, it gets that in the other; what a person wrote
    stays."""
    if before == after:
        return lines
    products = Product.select().where(Product.id.in_([x.product_id or 0 for x in lines] or [0]))
    products, rates = {product.id: product for product in products}, TaxRate.by_id()
    for line in lines:
        product, rate = products.get(line.product_id), rates.get(line.tax_rate_id)
        if product:
            old, new = product.in_language(before), product.in_language(after)
            for name in old:
                if getattr(line, name) == old[name]:
                    setattr(line, name, new[name])
        if rate and line.tax_label == rate.label(before):
            line.tax_label = rate.label(after)
    return lines


class Line(Model):
    """One line of a document. The tax is copied into it, and at issue the unit cost, so that later
    changes of them change nothing here."""

    document = pw.DeferredForeignKey("Document", backref="lines", on_delete="CASCADE")
    position = pw.IntegerField()
    product = pw.ForeignKeyField(Product, null=True)
    code = pw.CharField(default="")
    name = pw.CharField(max_length=500)
    note = pw.CharField(max_length=500, default="")
    heading = pw.CharField(max_length=500, null=True)  # stands above the line
    subtotal = pw.CharField(max_length=250, null=True)  # stands below it, with the group's sum
    unit = pw.CharField(default="")
    quantity = QuantityField()
    price = PriceField()
    discount = RateField(default=0)
    tax_rate = pw.ForeignKeyField(TaxRate, null=True)
    tax_label = pw.CharField(default="")
    tax_kind = pw.CharField(default="out_of_scope")
    rate = RateField(default=0)
    net = MoneyField(default=0)
    tax = MoneyField(default=0)
    gross = MoneyField(default=0)
    source = pw.ForeignKeyField("self", null=True, backref="followers")
    cost = PriceField(null=True)

    class Meta:
        hidden_by = "id"

    def compute(self, document):
        """Compute net, tax and gross by the document's terms."""
        self.net, self.tax, self.gross = amounts(
            self.quantity,
            self.price,
            self.discount,
            self.rate,
            document.discount,
            document.currency,
            document.prices_include_tax,
        )
        return self
