"""Imports historical documents: one row is one line, rows with the same number are one document."""

import datetime as dt
from decimal import Decimal

from models.adapters import cells
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.core.money import digits, round_half_up
from models.customers import Customer
from models.documents import Document
from models.documents.draft import MOST
from models.documents.line import amounts, split
from models.imports.plan import CURRENCIES, Plan
from models.imports.products import Taxes
from models.numbering import looks_like
from models.people import User
from models.products import Product, TaxRate

UNTAXED = {"rate": 0, "tax_rate": None, "tax_label": "", "tax_kind": "out_of_scope"}
HEADS = {"date": cells.day, "due_on": cells.day, "delivery_on": cells.day, "paid_on": cells.day}


class DocumentPlan(Plan):
    """Documents of one kind; an existing one is recognised by its number and customer."""

    target = "documents"

    def prepare(self):
        self.kind = self.options["kind"]
        self.as_fraction = cells.fractions(self.column("discount"))
        self.orders = {
            name: self.options["date_order"] or cells.day_order(self.column(name)) for name in HEADS
        }
        self.taxes = Taxes()
        self.rate = TaxRate.by_id().get(self.options["tax"])
        self.products = {p.code: p.id for p in Product.select(Product.id, Product.code)}
        self.people = {
            name_or_email.lower(): u.id
            for u in User.select().where(User.active)
            for name_or_email in (u.name, u.email)
        }
        self.by_code, self.by_name, self.languages = {}, {}, {}
        for c in Customer.select(
            *(Customer.id, Customer.code, Customer.name, Customer.terms_days),
            *(Customer.currency, Customer.language),
        ):
            self.languages[c.id] = c.language
            if c.code:
                self.by_code.setdefault(c.code, c)
            self.by_name.setdefault(c.name, []).append(c)
        self.existing = {(d.kind, d.number): d for d in Document.given_out()}
        self.new_customers, self.new_products, self.groups, self.used_numbers = {}, {}, {}, {}

    def add_row(self, number, row):
        faults_before = len(self.faults)
        name = self.read(number, row, "number", most=60) or self.fault(
            number, "number", "cell_needed"
        )
        customer = self._customer(number, row)
        currency = (
            self.read(number, row, "currency", empty="") or self.options["currency"]
        ).upper()
        if currency not in CURRENCIES:
            self.fault(number, "currency", "cell_unknown", value=currency)
            currency = self.options["currency"]
        language = self.languages.get(customer, self.options["language"])
        line = self._line(number, row, currency, language)
        head = {
            "currency": currency,
            **{
                n: self.read(number, row, n, convert, order=self.orders[n])
                for n, convert in HEADS.items()
            },
        }
        head |= {
            n: self.read(number, row, n, empty="", most=most)
            for n, most in (("reference", 250), ("note", 4000), ("corrects", 60))
        }
        for n in ("total", "paid"):
            head[n] = self.read(number, row, n, cells.number, scale=digits(currency), least=-MOST)
        if not self.cell(row, "date"):
            self.fault(number, "date", "cell_needed")
        if not name or not customer or len(self.faults) > faults_before:
            return
        separate_day = head["date"] if self.options["same_number"] == "separate" else None
        group = self.groups.setdefault(
            (name, customer, separate_day),
            {"row": number, "head": head, "lines": [], "owner": self._owner(number, row)},
        )
        for n in ("date", "due_on", "currency"):
            if head[n] != group["head"][n] and head[n] is not None:
                self.fault(number, n, "head_differs", value=str(head[n]), row=group["row"])
        group["lines"].append(line)

    def _owner(self, number, row):
        name_or_email = self.read(number, row, "owner", empty="")
        if name_or_email and name_or_email.lower() not in self.people:
            self.warn(number, "owner", "owner_unknown", value=name_or_email)
        return self.people.get(name_or_email.lower())

    def _customer(self, number, row):
        """The id of an existing customer, or the key ("new", …) of one to be created; None with a
        fault."""
        code, name = (
            self.read(number, row, "customer_code", empty=""),
            self.read(number, row, "customer_name", empty=""),
        )
        if not code and not name:
            name = self.options["fallback"]
            if not name:
                self.fault(
                    number,
                    "customer_code" if self.has("customer_code") else "customer_name",
                    "customer_missing",
                )
                return None
        if code in self.by_code:
            return self.by_code[code].id
        if not code and len(self.by_name.get(name, [])) > 1:
            self.fault(number, "customer_name", "key_unclear", value=name)
            return None
        if not code and name in self.by_name:
            return self.by_name[name][0].id
        if not self.options["create_customers"] and name != self.options["fallback"]:
            self.fault(
                number,
                "customer_code" if code else "customer_name",
                "customer_unknown",
                value=code or name,
            )
            return None
        key = ("new", code or name)
        new_customer = self.new_customers.setdefault(
            key,
            {
                "code": code or None,
                "name": name or code,
                "currency": self.options["currency"],
                "language": self.options["language"],
            },
        )
        if name and new_customer["name"] != name:
            first = new_customer["name"]
            self.warn(number, "customer_name", "customer_named_twice", value=name, first=first)
        return key

    def _line(self, number, row, currency, language):
        code, quantity = self.read(number, row, "code", empty="", most=100), 10000
        if self.has("quantity"):
            quantity = self.read(
                number, row, "quantity", cells.number, scale=4, least=-(10**13), most=10**13
            )
            if not quantity:
                return (
                    self.cell(row, "quantity")
                    and quantity is None
                    or self.fault(number, "quantity", "cell_needed")
                )
        discount = self.read(
            number, row, "discount", cells.percent, 0, as_fraction=self.as_fraction
        )
        price = self.read(number, row, "price", cells.number, scale=4, least=-(10**14))
        amount = self._amount(number, row, currency)
        rate = self.rate
        if self.cell(row, "tax"):
            rate = self.taxes.of(self.cell(row, "tax")) or self.fault(
                number, "tax", "tax_unknown", value=self.cell(row, "tax")
            )
        if price is None and amount is None:
            return self.fault(number, "price" if self.has("price") else "amount", "cell_needed")
        bps, include = rate.rate if rate else 0, self.options["include_tax"]
        if price is None:
            price = _price(amount, quantity, discount, digits(currency))
            net, tax, gross = split(amount, bps, include)
        else:
            net, tax, gross = amounts(quantity, price, discount, bps, 0, currency, include)
            if amount is not None and amount != (gross if include else net):
                self.fault(number, "amount", "amount_differs", value=self.cell(row, "amount"))
        name = self.read(number, row, "name", empty="") or code or self.options["line_name"]
        line = {
            "code": code,
            "name": name,
            "unit": self.read(number, row, "unit", empty="", most=50),
            "quantity": quantity,
            "price": price,
            "discount": discount,
            "net": net,
            "tax": tax,
            "gross": gross,
            **(rate.on_line(language) if rate else UNTAXED),
        }
        if code and code not in self.products and self.options["create_products"]:
            self.new_products.setdefault(
                code,
                {
                    "code": code,
                    "name": name,
                    "unit": line["unit"],
                    "price": max(price, 0),
                    "currency": currency,
                    "category": self.read(number, row, "category", empty=""),
                    **({"tax": rate.id} if rate else {}),
                },
            )
        return line

    def _amount(self, number, row, currency):
        """A line's amount in minor units, rounded with a warning where the file has more
        decimals."""
        text = self.cell(row, "amount")
        if not text:
            return None
        try:
            return cells.number(text, digits(currency), -MOST)
        except Refused as error:
            if error.code != "cell_too_exact":
                return self.fault(number, "amount", error.code, value=text[:60], **error.facts)
        self.warn(number, "amount", "amount_rounded")
        return round_half_up(
            Decimal(cells.number(text, 9, -MOST * 10**9, MOST * 10**9)).scaleb(digits(currency) - 9)
        )

    def finish(self):
        # Credit notes come last, so that the invoices that they name are known and written.
        for (name, customer, _), group in sorted(self.groups.items(), key=self._corrects_others):
            try:
                self._add_document(name, customer, group)
            except Refused as error:
                self.fault(
                    group["row"], error.facts.pop("column", "number"), error.code, **error.facts
                )
        self.counts["customers"] = len(self.new_customers)
        self.counts["products"] = len(self.new_products)

    def _kind_of(self, name):
        prefix = self.options["credit_prefix"]
        return "credit_note" if prefix and name.startswith(prefix) else self.kind

    def _corrects_others(self, item):
        return self._kind_of(item[0][0]) == "credit_note"

    def _check_corrected(self, number, customer):
        """Refused unless the invoice that a credit note names is the customer's, here or in the
        file."""
        known = self.existing.get(("invoice", number))
        owners = {known and known.customer_id, *self.used_numbers.get(("invoice", number), ())[:1]}
        customer in owners or refuse("cell_unknown", column="corrects", value=number)

    def _add_document(self, name, customer, group):
        lines, head, kind = group["lines"], group["head"], self._kind_of(name)
        if kind == "credit_note" and sum(x["gross"] for x in lines) < 0:
            lines = [
                {**x, **{n: -x[n] for n in ("quantity", "net", "tax", "gross")}} for x in lines
            ]
        total = sum(x["gross"] for x in lines)
        total >= 0 or refuse("total_negative", column="amount")
        total <= MOST or refuse("amount_too_large", column="amount")
        if head["total"] is not None and abs(head["total"]) != total:
            refuse("total_differs", column="total", value=str(head["total"]), sum=str(total))
        due = head["due_on"]
        if due and due < head["date"]:
            refuse("due_before_date", column="due_on")
        for column in ("date", "paid_on"):
            if head[column] and head[column] > today():
                refuse("day_in_future", column=column)
        number, existing = self._number(kind, name, (customer, head["date"]))
        if looks_like(kind, number):
            refuse("number_is_ours", value=number)
        data = {
            "date": head["date"],
            "delivery_on": head["delivery_on"],
            "reference": head["reference"],
            "note": head["note"],
            "currency": head["currency"],
            "prices_include_tax": self.options["include_tax"],
            "owner": group["owner"],
        }
        if kind == "credit_note" and head["corrects"]:
            self._check_corrected(head["corrects"], customer)
            data["corrects"] = head["corrects"]
        if kind == "invoice":
            known_terms = self._terms(customer)
            data["due_on"] = due or head["date"] + dt.timedelta(days=known_terms)
            data["terms_days"] = (data["due_on"] - head["date"]).days
        self.used_numbers[kind, number] = (customer, head["date"])
        if existing:
            (existing.date, existing.total, existing.currency) == (
                head["date"],
                total,
                head["currency"],
            ) or refuse("imported_differs", value=number)
            self.counts["same"] += 1
            return
        self.counts["create"] += 1
        self.steps.append(
            (
                group["row"],
                (kind, number, customer, data, lines, self._paid(kind, head, total, data)),
            )
        )

    def _number(self, kind, name, key):
        """(number, the existing document): the same number of another customer or day gets -2, -3
        … if the options allow it."""
        for i in range(1, 100):
            number = name if i == 1 else f"{name}-{i}"
            existing = self.existing.get((kind, number))
            used_by = (
                (existing.customer_id, existing.date)
                if existing and existing.imported
                else self.used_numbers.get((kind, number))
            )
            if existing and not existing.imported:
                refuse("number_taken", value=number)
            if used_by is None or used_by == key:
                return number, existing
            if existing and self.options["same_number"] != "separate" and used_by[0] == key[0]:
                refuse("imported_differs", value=name)
            self.options["same_number"] == "separate" or refuse("number_two_customers", value=name)
        refuse("number_taken", value=name)

    def _terms(self, customer):
        return next((c.terms_days for c in self.by_code.values() if c.id == customer), 30)

    def _paid(self, kind, head, total, data):
        """(amount, day) that settles the invoice or pays back the credit note, or None."""
        by_column = self.has("paid_on") or self.has("paid")
        if kind == "credit_note" and total and self.options["settled"] and not by_column:
            return total, data["date"]
        if kind != "invoice" or not total:
            return None
        if by_column:
            amount = head["paid"] if self.has("paid") else total if head["paid_on"] else 0
            amount = total if head["paid_on"] and amount is None else amount or 0
            0 <= amount <= total or refuse("paid_more", column="paid")
            return (amount, head["paid_on"] or data["due_on"]) if amount else None
        return (total, data["due_on"]) if self.options["settled"] else None


def _price(amount, quantity, discount, places):
    """The unit price in 1/10000 of the major unit, computed from a line's amount, before its
    discount."""
    remaining = Decimal(10000 - discount) / 10000
    if not remaining:
        return 0
    return round_half_up(Decimal(amount).scaleb(4 - places) * 10000 / quantity / remaining)
