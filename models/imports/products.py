"""Imports products."""

import re

from models.adapters import cells
from models.company import Company
from models.core.errors import Refused
from models.core.money import format_scaled, half_up
from models.documents.line import WHOLE
from models.imports.plan import Plan
from models.products import Product, TaxRate

PERCENT = re.compile(r"\d+(?:\.\d+)?\s*[%％]")


class Taxes:
    """Tax rates as a file names them: by label, or by percent. `also` are rates that count where
    none of today is meant: those of the past in documents of the past."""

    def __init__(self, also=()):
        rates = [*TaxRate.valid(), *also]
        self.by_label = {
            name.lower(): r for r in reversed(rates) for name in (r.name_en, r.name) if name
        }
        self.by_rate, self.names = {}, {r.id: r.name for r in TaxRate.select()}
        for r in rates:
            if r.kind in ("taxed", "zero"):
                self.by_rate.setdefault(r.rate, r)

    def of(self, cell):
        """The rate, or None. 13, 13%, 0.13, 增值税13% and 免税 are all understood."""
        rate = self.by_label.get(cell.strip().lower())
        if rate:
            return rate
        percents = PERCENT.findall(cell)
        if len(percents) == 1:
            cell = percents[0]
        try:
            value = cells.number(cell.rstrip("%％ "), 6, 0)
        except Refused:
            return None
        return self.by_rate.get(
            value // 100 if cell[-1] not in "%％" and 0 < value < 10**6 else value // 10**4
        )


class ProductPlan(Plan):
    """One row is one product; an existing one is recognised by code or name."""

    target = "products"
    numbers = money = ("price", "price_with_tax", "cost")
    identifiers = ("code",)
    telling = "币 税 价 currency tax price".split()

    def ask_what_values_mean(self):
        super().ask_what_values_mean()
        for name in self.numbers:
            exact = [c for c in self.values(name) if self._is_too_exact(c, name)]
            if exact and not self.options.get("rounding"):
                shown = [
                    format_scaled(cells.rounded(cells.plain(c, self.decimals[name]), 4), 4)
                    for c in exact[:3]
                ]
                return self.ask("rounding", name, "price_too_exact", exact[:3], [("round", shown)])

    def _is_too_exact(self, text, name):
        try:
            self.number_of(text, name, 4)
        except Refused as error:
            return error.code == "cell_too_exact"
        return False

    def prepare(self):
        self.key = self.options["key"]
        self.taxes = Taxes()
        self.include_tax = Company.current().setting("prices_include_tax")
        self.existing, self.ambiguous, self.row_of_key = {}, set(), {}
        for p in Product.select().order_by(Product.id):
            key_value = getattr(p, self.key)
            self.ambiguous |= {key_value} & set(self.existing)
            self.existing[key_value] = p
        self.codes = {p.code: p.id for p in Product.select(Product.id, Product.code)}

    def add_row(self, number, row):
        faults_before = self.fault_count
        data = {
            "code": self.read_identifier(number, row, "code"),
            "name": self.name_with_spec(number, row) or None,
            "name_en": self.read(number, row, "name_en"),
            "unit": self.read(number, row, "unit") or self.unit_of_price(number, row) or None,
            "unit_en": self.read(number, row, "unit_en"),
            "category": self.read(number, row, "category"),
            "cost": self.read_number(number, row, "cost", scale=4, least=0),
            "active": self.read(number, row, "active", cells.flag),
        }
        currency = self.read_currency(number, row)
        self.compare_currency_of_cells(number, row, currency or self.options["currency"])
        priced = self.has("price") or self.has("price_with_tax")
        data["currency"] = currency or (self.options["currency"] if priced else None)
        tax, rate = self.cell(row, "tax"), None
        if tax:
            rate = self.taxes.of(tax)
            data["tax"] = rate and rate.id
            if not rate:
                self.fault(number, "tax", "tax_unknown", value=tax)
        data["price"] = self._price(number, row, rate)
        data = {k: v for k, v in data.items() if v is not None}
        for name in ("code", "name"):
            if not data.get(name) and not self.cell(row, name):
                self.fault(number, name, "cell_needed")
        key_value = data.get(self.key)
        if key_value in self.row_of_key:
            first_row = self.row_of_key[key_value]
            self.fault(number, self.key, "key_twice", value=key_value, row=first_row)
        elif key_value in self.ambiguous:
            self.fault(number, self.key, "key_unclear", value=key_value)
        self.row_of_key.setdefault(key_value, number)
        product = self.existing.get(key_value)
        if self.codes.get(data.get("code"), product and product.id) != (product and product.id):
            self.fault(number, "code", "code_taken", value=data["code"])
        if self.key != "code":
            self.code_is_new(number, data.get("code"))
        if self.fault_count > faults_before:
            return
        if product:
            data = {k: v for k, v in data.items() if product.__data__[k] != v}
            currency or data.pop("currency", None)
        self.steps.append((number, (product, data)))
        self.counts["create" if not product else "update" if data else "same"] += 1
        if product and data:
            self.change(number, product.name, *self._before_after(product, data))

    def _price(self, number, row, rate):
        """The price as the company states its prices, with the tax in it or without."""
        given = self.has("price_with_tax") and (self.include_tax or not self.has("price"))
        name = "price_with_tax" if given else "price"
        price = self.read_number(number, row, name, scale=4, least=0)
        if not given or self.include_tax or not price or not rate:
            return price
        return half_up(price * WHOLE, WHOLE + rate.rate)

    def _before_after(self, product, data):
        texts = {name: lambda value: format_scaled(value, 4) for name in ("price", "cost")} | {
            "tax": lambda ident: self.taxes.names[ident]
        }
        before = {name: product.__data__[name] for name in data}
        return [
            {name: texts.get(name, str)(v) for name, v in values.items() if v not in (None, "")}
            for values in (before, data)
        ]
