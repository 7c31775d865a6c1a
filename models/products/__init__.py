"""Products and tax rates."""

from models.products.product import Product
from models.products.tax_rate import TaxRate

__all__ = ["Product", "TaxRate"]
