"""Products that we sell."""

import re

import peewee as pw

from models.adapters import search
from models.company import Company
from models.core.database import db
from models.core.fields import PriceField
from models.core.imported_range import give_way
from models.core.journal import Journaled
from models.core.model import Model
from models.core.unique import unique_or_refuse
from models.products.tax_rate import TaxRate

NUMBERED = re.compile(r"(|.*[^0-9])([0-9]{1,9})")


@search.source("products")
class Product(Journaled, Model):
    """A good or service with its usual price and, where known, its cost to us; both per unit, in
    `currency`."""

    code = pw.CharField(unique=True)
    name = pw.CharField(index=True)
    name_en = pw.CharField(default="")
    unit = pw.CharField(default="")
    unit_en = pw.CharField(default="")
    price = PriceField(default=0)
    cost = PriceField(null=True)
    currency = pw.CharField(max_length=3, default="CNY")
    category = pw.CharField(default="", index=True)
    tax = pw.ForeignKeyField(TaxRate, null=True)
    active = pw.BooleanField(default=True)

    class Meta:
        hidden_by = "id"

    def search_words(self):
        return [self.code, self.name, self.name_en, *search.pinyin(self.name), self.category]

    @classmethod
    def known(cls, texts):
        """Those of the ids, given as texts, that exist."""
        ids = [int(t) for t in texts if t.isdecimal() and len(t) < 10]
        return {p.id for p in cls.select(cls.id).where(cls.id.in_(ids))} if ids else set()

    @classmethod
    def next_code(cls):
        """A free code by the pattern of the last products: A-008 after A-007; nothing where their
        codes do not end in a number."""
        codes = cls.select(cls.code).order_by(cls.id.desc()).limit(20).tuples()
        last = [code for (code,) in codes]
        found = next(filter(None, map(NUMBERED.fullmatch, last)), None)
        if not found:
            return "" if last else "P001"
        alike = cls.select(cls.code).where(cls.code.startswith(found[1])).tuples()
        numbers = [m for (code,) in alike if (m := NUMBERED.fullmatch(code)) and m[1] == found[1]]
        return f"{found[1]}{max(int(m[2]) for m in numbers) + 1:0{len(found[2])}}"

    @classmethod
    def categories(cls):
        """The categories in use, by name."""
        return [
            row[0]
            for row in cls.select(cls.category)
            .where(cls.category != "")
            .distinct()
            .order_by(cls.category)
            .tuples()
        ]

    @classmethod
    def costs(cls, idents, currency):
        """{id: unit cost in 1/10000} of those whose cost is known in this currency."""
        rows = cls.select(cls.id, cls.cost).where(
            cls.id.in_([i for i in idents if i] or [0]),
            cls.cost.is_null(False),
            cls.currency == currency,
        )
        return dict(rows.tuples())

    @classmethod
    def by_code_or_name(cls, code, name):
        """The active product with this code, in large or small letters, or, where no code is given,
        the only one with this name in either language; else None."""
        if code:
            lower = pw.fn.LOWER(cls.code) == code.lower()
            return cls.get_or_none(cls.active, cls.code == code) or cls.get_or_none(
                cls.active, lower
            )
        named = (cls.name == name) | (cls.name_en == name)
        found = list(cls.select().where(cls.active, named).limit(2)) if name else []
        return found[0] if len(found) == 1 else None

    @classmethod
    def fitting(cls, text):
        """Active products whose code, name or pinyin contains the text; first those whose code
        begins with it."""
        contains = [column.contains(text) for column in (cls.code, cls.name, cls.name_en)]
        fits = contains[0] | contains[1] | contains[2] | cls.id.in_(search.find(text, "products"))
        begins = pw.Case(None, [(cls.code.startswith(text), 0)], 1)
        return cls.select().where(cls.active, fits).order_by(begins, cls.code)

    def in_language(self, language):
        """{name: text} of what a document in this language calls it and its unit."""
        english = language == "en"
        return {
            "name": english and self.name_en or self.name,
            "unit": english and self.unit_en or self.unit,
        }

    @classmethod
    @db.atomic()
    def enter(cls, by, **data):
        """Add a product, priced in the firm's currency unless it has its own. The code must be
        new."""
        by.must("write_product")
        product = cls.built(Company.current(), **data)
        give_way(cls.code, product.code)
        with unique_or_refuse("code_taken", value=product.code):
            product.save()
        product.record("entered", by)
        return product

    @classmethod
    def built(cls, firm, **data):
        """A new product, not written yet."""
        return cls(**{"currency": firm.currency, **data})

    @db.atomic()
    def revise(self, by, **data):
        by.must("write_product")
        self.rewrite(by, **data)

    @db.atomic()
    def rewrite(self, by, **data):
        """The same for an import, which was found to have the right to it before."""
        data = self.differing(data)
        if not data:
            return
        for key, value in data.items():
            setattr(self, key, value)
        give_way(Product.code, data.get("code"))
        with unique_or_refuse("code_taken", value=self.code):
            self.save_changes(by)
