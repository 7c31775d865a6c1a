"""One row of a file as the line of a document, computed as the file computes it."""

from decimal import Decimal

from models.adapters import cells
from models.adapters.cells import discounts, numbers
from models.core.errors import Refused, refuse
from models.core.money import digits, half_up
from models.documents.draft import MOST
from models.documents.line import split

UNTAXED = {"rate": 0, "tax_rate": None, "tax_label": "", "tax_kind": "out_of_scope"}
NO_PRICE = (None, None, False)
EXACT = 9  # decimal places with which prices are read; four are kept
FLOAT_ERROR = 1000  # of a price, in its last place
FULL = 10_000
PROVING = 2000  # rows
NEAR = Decimal("0.02")


class LineReading:
    """For DocumentPlan: quantity, price, discount, tax and amount of a row. Where the file states
    an amount, that is kept; a price that it rounds is told."""

    def settle_tax_columns(self):
        """Whether prices and amounts include tax: as chosen, or as the only columns say."""
        has = self.has
        only_with_tax = has("price_with_tax") and not has("price")
        only_amount = has("amount_with_tax") and not (has("amount") or has("price"))
        self.include_tax = self.options["include_tax"] or only_with_tax or only_amount
        self.price_name = self._with_tax_or_not("price")
        self.amount_name = self._with_tax_or_not("amount")

    def _with_tax_or_not(self, name):
        with_tax = f"{name}_with_tax"
        return with_tax if self.has(with_tax) and (self.include_tax or not self.has(name)) else name

    def prepare_lines(self):
        """Once for all rows, as they are many."""
        limits = {"scale": 4, "least": -(10**13), "most": 10**13}
        self.read_quantity = self.reader("quantity", self._quantity_of, **limits)
        self.units_behind = self.price_columns or any(map(_may_have_unit, self.values("quantity")))
        self.read_discount = self.reader("discount", self._discount_of, 0)
        self.read_price = self.reader(self.price_name, self._price_of, NO_PRICE)
        self.read_tax = self.reader("tax", self._tax_of, self.rate)
        self.read_code = self.identifier_reader("code", "", most=100)
        self.read_unit = self.reader("unit", empty="", most=50)
        self.taxes_on_line = {}
        self.gives_tax = (
            self.has("tax_amount") or self.has("amount") and self.has("amount_with_tax")
        )

    def line(self, number, row, currency, language):
        """The line's values, or None with a fault."""
        places, before = digits(currency), self.fault_count
        quantity, discount = self._quantity(number, row), self.read_discount(number, row)
        exact, price, is_rounded = self.read_price(number, row)
        amount = self._amount(number, row, places)
        off = 0 if discount else self._money_off(number, row, places)
        rate = self.read_tax(number, row)
        if self.fault_count > before:
            return None
        if price is None and amount is None:
            return self.fault(number, self._first_of_price(), "cell_needed")
        if price is None:
            whole, stated = _away_from_zero(amount, off), amount
            price = _price(whole, quantity, discount, places)
        else:
            whole = off and half_up(quantity * exact, 10 ** (4 + EXACT - places))
            stated = self._stated(number, row, (quantity, exact, discount, off), amount, places)
        if is_rounded:
            value = self.cell(row, self.price_name)
            self.warn_once(number, self.price_name, "price_rounded", value=value)
        if off:
            discount = self._share(number, row, off, whole)
        if self.gives_tax:
            rate = rate or self._rate_by_amount(number, row, stated, places)
        taxes = self._on_line(rate, language)
        parts = split(stated, taxes["rate"], self.include_tax)
        net, tax, gross = (
            self._with_own_tax(number, row, parts, places) if self.gives_tax else parts
        )
        code = self.read_code(number, row)
        line = {
            "code": code,
            "name": self.name_with_spec(number, row) or code or self.options["line_name"],
            "unit": self._unit(number, row),
            "quantity": quantity,
            "price": price,
            "discount": discount,
            "net": net,
            "tax": tax,
            "gross": gross,
            **taxes,
        }
        self._note_product(number, row, line, currency, rate)
        return line if self.fault_count == before else None

    def difference_line(self, amount, places):
        """The line that makes up what the file's total has more, or less, than its lines."""
        price = amount * 10 ** (4 - places)
        name = self.options["difference_name"] or self.head("total")
        line = {"code": "", "name": name, "unit": "", "quantity": FULL, "price": price}
        return line | {"discount": 0, "net": amount, "tax": 0, "gross": amount, **UNTAXED}

    def _first_of_price(self):
        return self.price_name if self.has(self.price_name) else self.amount_name

    def _quantity(self, number, row):
        if "quantity" not in self.columns:
            return FULL
        quantity = self.read_quantity(number, row)
        if quantity is None and not self.cell(row, "quantity"):
            self.fault(number, "quantity", "cell_needed")
        return quantity

    def _quantity_of(self, text, scale, least, most):
        exact, unit = cells.split(text, self.decimals["quantity"])
        exact = exact.scaleb(self.powers["quantity"])
        unit and any(c.isdigit() for c in unit) and refuse("cell_no_number")
        return numbers.scaled(exact, scale, least, most)

    def _unit(self, number, row):
        """The unit's column, else what stands behind the quantity, which is told."""
        unit = self.read_unit(number, row)
        if not self.units_behind:
            return unit
        text = self.cell(row, "quantity")
        if text and _may_have_unit(text):
            behind = cells.unit(text, self.decimals["quantity"])
            if behind:
                self.warn_once(number, "quantity", "quantity_with_unit", value=text[:60])
            unit = unit or behind
        return unit or self.unit_of_price(number, row)

    def _discount_of(self, text):
        return discounts.percent(text, self.parts, self.discount_habit, self.decimals["discount"])

    def _money_off(self, number, row, places):
        """What is taken off the line, in minor units and without a sign."""
        name = "discount_amount"
        if name not in self.columns:
            return 0
        found = self.read(number, row, name, self._amount_of, None, field=name, scale=places)
        return abs(found[0]) if found else 0

    def _share(self, number, row, off, whole):
        """The basis points that an amount is of the whole line."""
        if off > abs(whole):
            self.fault(number, "discount_amount", "cell_out_of_range")
            return 0
        return half_up(off * FULL, abs(whole))

    def _tax_of(self, text):
        return self.taxes.of(text) or refuse("tax_unknown")

    def _amount(self, number, row, places):
        """The line's amount in minor units, rounded where the file has more decimals, which is told
        with the sum of it."""
        name = self.amount_name
        if name not in self.columns:
            return None
        found = self.read(number, row, name, self._amount_of, None, field=name, scale=places)
        if found is None:
            return None
        amount, difference = found
        if difference:
            self.rounding[name] = self.rounding.get(name, 0) + difference
        return amount

    def _amount_of(self, text, field, scale):
        if cells.is_none(text):
            return None
        exact = cells.split(text, self.decimals.get(field, "."))[0].scaleb(
            self.powers.get(field, 0)
        )
        value = numbers.rounded(exact, scale, -MOST, MOST)
        difference = Decimal(value).scaleb(-scale) - exact
        return value, difference if abs(difference) > numbers.FLOAT_ERROR else 0

    def _stated(self, number, row, factors, amount, places):
        """The line's amount: the file's own where it has one and rounding explains it."""
        quantity, price, discount, off = factors
        product = quantity * price * (FULL - discount)
        computed = _away_from_zero(half_up(product, 10 ** (4 + EXACT + 4 - places)), -off)
        if amount is None or amount == computed:
            return computed
        value = self.cell(row, self.amount_name)
        step = 10 ** (EXACT - self._places_of_price(row))
        explained = abs(quantity) * step * 10**places // (2 * 10 ** (4 + EXACT)) + 1
        if abs(amount - computed) > explained:
            self.fault(number, self.amount_name, "amount_differs", value=value)
            return computed
        self.kept_amounts += Decimal(amount - computed).scaleb(-places)
        self.warn_once(number, self.amount_name, "amount_kept", value=value)
        return amount

    def _places_of_price(self, row):
        """How exact the file's price is, at least to the hundredth."""
        _, sign, decimals = self.cell(row, self.price_name).rpartition(
            self.decimals[self.price_name]
        )
        return min(EXACT, max(2, sum(c.isdigit() for c in decimals) if sign else 0))

    def _price_of(self, text):
        """(the price as it is read, as it is kept, whether that differs)."""
        limits = {"scale": EXACT, "least": -(10**19), "most": 10**19}
        exact = self.number_of(text, self.price_name, **limits)
        if exact is None:
            return NO_PRICE
        unit = 10 ** (EXACT - 4)
        kept = half_up(exact, unit)
        return exact, kept, abs(kept * unit - exact) > FLOAT_ERROR

    def _rate_by_amount(self, number, row, stated, places):
        """The rate by which the line's tax is right, where the file gives only that."""
        given = self._given_tax(number, row, places)
        if not given or self.has("tax") and self.cell(row, "tax"):
            return None
        rates = self.taxes.by_rate.values()
        off = {r.id: abs(split(stated, r.rate, self.include_tax)[1] - given) for r in rates}
        best = min(rates, key=lambda r: off[r.id], default=None)
        return best if best and off[best.id] <= 1 else None

    def _given_tax(self, number, row, places):
        """The tax of the line in its own column, or between its amounts without and with it."""
        if "tax_amount" in self.columns:
            return self.read_number(number, row, "tax_amount", scale=places, least=-MOST)
        pair = [
            self.read(number, row, name, self._amount_of, None, field=name, scale=places)
            for name in ("amount", "amount_with_tax")
        ]
        return pair[1][0] - pair[0][0] if all(pair) else None

    def _with_own_tax(self, number, row, parts, places):
        """(net, tax, gross) with the tax that the file states, where that is right to the last
        digit."""
        net, tax, gross = parts
        given = self._given_tax(number, row, places)
        if given is None or given == tax:
            return parts
        name = "tax_amount" if self.has("tax_amount") else "amount_with_tax"
        if abs(given - tax) > 1:
            self.fault(number, name, "tax_differs", value=self.cell(row, name))
            return parts
        self.warn_once(number, name, "tax_kept", value=self.cell(row, name))
        return (gross - given, given, gross) if self.include_tax else (net, given, net + given)

    def _on_line(self, rate, language):
        """What the line copies of its tax rate."""
        key = rate and rate.id, language
        if key not in self.taxes_on_line:
            self.taxes_on_line[key] = rate.on_line(language) if rate else UNTAXED
        return self.taxes_on_line[key]

    def _note_product(self, number, row, line, currency, rate):
        code = line["code"]
        if not code or code in self.products or not self.options["create_products"]:
            return
        if code not in self.new_products:
            self.new_products[code] = {
                "code": code,
                "name": line["name"],
                "unit": line["unit"],
                "price": max(line["price"], 0),
                "currency": currency,
                "category": self.read(number, row, "category", empty=""),
                **({"tax": rate.id} if rate else {}),
            }

    def discount_by_amounts(self):
        """Quantity times price and the amount prove what a discount says, where all rows agree."""
        self.settle_tax_columns()
        if not (self.has(self.price_name) and self.has(self.amount_name)):
            return None
        votes = set()
        for _, row in self.table.rows[:PROVING]:
            try:
                votes |= self._proof(row)
            except Refused:
                continue
        return votes.pop() if len(votes) == 1 else None

    def _proof(self, row):
        """The one reading of a row's discount by which its amount is right."""
        rate, certain = discounts.rate_of(self.cell(row, "discount"), self.parts)
        if certain:
            return set()
        names = ["quantity"] * self.has("quantity") + [self.price_name, self.amount_name]
        values = [cells.split(self.cell(row, n), self.decimals[n])[0] for n in names]
        whole = values[0] * values[1] if len(values) == 3 else values[0]
        readings = {"paid": whole * rate / FULL, "off": whole * (FULL - rate) / FULL}
        near = {h for h, value in readings.items() if abs(value - values[-1]) < NEAR}
        return near if len(near) == 1 else set()


def _may_have_unit(quantity):
    return not (quantity[-1].isdigit() or quantity[-1] in ".,")


def _away_from_zero(amount, more):
    """The amount, larger by so much whatever its sign is."""
    return amount + more if amount >= 0 else amount - more


def _price(amount, quantity, discount, places):
    """The unit price in 1/10000 of the major unit, computed from a line's amount, before its
    discount."""
    rest = quantity * (FULL - discount)
    if not rest:
        return 0
    value = amount * 10 ** (4 - places) * FULL * FULL
    return half_up(value if rest > 0 else -value, abs(rest))
