"""What an import of documents writes: customers and products that are new, the documents with their
lines, and the payments and refunds that settled them."""

import functools
import itertools
from typing import NamedTuple

from models.company import Company
from models.customers import Address, Customer
from models.documents import Document, Line
from models.payments import Allocation, Payment
from models.payments.allocation import open_balance
from models.payments.refund import Refund
from models.people import User
from models.products import Product


def write(plan, to):
    """Write the steps of the plan."""
    _Documents(plan, to).write()


class _Paper(NamedTuple):
    id: int
    number: str
    customer_id: int
    currency: str


class _Documents:
    def __init__(self, plan, to):
        self.plan, self.to, self.steps = plan, to, plan.steps
        self.firm = Company.current()
        self.people = {user.id: user for user in User.select()}
        self.places = {(s[1][0], s[1][1]): i for i, s in enumerate(self.steps)}
        self.products, self.first = dict(plan.products), None

    def write(self):
        self._write_customers()
        self._write_products()
        lines = [len(step[4]) for _row, step in self.steps]
        self.lines_before = list(itertools.accumulate(lines, initial=0))
        self.first = self.to.create(
            Document, len(lines), self._document, Line, self.lines_before[-1]
        )
        payments, credits, refunds = self._settlements()
        self._write_payments(payments, credits)
        self.to.create_all(Refund, refunds)
        for document, old, new in self.plan.updates:
            self.to.replace(document, old, new)

    def _write_customers(self):
        keys = dict.fromkeys(step[2] for _row, step in self.steps)
        new = [key for key in keys if isinstance(key, tuple)]
        new and self.plan.by.must("write_customer")
        rows = [
            Customer.built(self.plan.by, self.firm, **self.plan.new_customers[key]) for key in new
        ]
        self.to.create_all(Customer, rows)
        self.customers = dict(zip(new, rows, strict=True))
        old = [key for key in keys if not isinstance(key, tuple)]
        for start in range(0, len(old), 500):
            found = Customer.select().where(Customer.id.in_(old[start : start + 500]))
            self.customers |= {customer.id: customer for customer in found}

    def _write_products(self):
        codes = dict.fromkeys(line["code"] for _row, step in self.steps for line in step[4])
        new = self.plan.new_products
        rows = [
            Product.built(self.firm, **new[code])
            for code in codes
            if code in new and code not in self.products
        ]
        rows and self.plan.by.must("write_product")
        self.to.create_all(Product, rows)
        self.products |= {row.code: row.id for row in rows}

    @functools.cached_property
    def addresses(self):
        """{customer id: {kind: text}} of those that exist, as Customer.address_texts has them."""
        found = {}
        for row in Address.select().order_by(Address.id.desc()):
            found.setdefault(row.customer_id, {})[row.kind] = row.text
        return found

    @functools.cached_property
    def costs(self):
        """{currency: {product id: unit cost}}"""
        found = {}
        rows = Product.select(Product.currency, Product.id, Product.cost)
        for currency, ident, cost in rows.where(Product.cost.is_null(False)).tuples():
            found.setdefault(currency, {})[ident] = cost
        return found

    def _document(self, i, ident):
        """The document of the i-th step and its lines."""
        kind, number, customer, data, lines, _paid = self.steps[i][1]
        customer, data = self.customers[customer], dict(data)
        if corrects := data.pop("corrects", None):
            data["source"] = self._invoice(corrects, ident - i)
        owner = self.people.get(data.pop("owner", None) or customer.owner_id)
        lines = [{**line, "product": self.products.get(line["code"])} for line in lines]
        costs = self.costs.get(data["currency"], {})
        document = Document.built_imported(
            kind, number, customer, lines, costs, owner=owner, **data
        )
        document.id, document.import_id = ident, self.to.import_.id
        addresses = self.addresses.get(customer.id, {})
        document.snapshot = document.freeze(None, Document.base_url, self.firm, addresses)
        first_line = self.to.first_part + self.lines_before[i]
        return [document, *document.lines_of_its_own(first_line)]

    def _invoice(self, number, first):
        """The invoice of this number, in the file or known before."""
        i = self.places.get(("invoice", number))
        if i is None:
            return self.plan.existing["invoice", number]
        return Document(id=first + i, kind="invoice", number=number)

    def _settlements(self):
        """The payments as (place of the invoice, which of its payments, amount, day, reference),
        the allocations of credit notes, the refunds."""
        payments, credits, refunds, self.left = [], [], [], {}
        for i, (_row, step) in enumerate(self.steps):
            kind, _number, _customer, data, lines, paid = step
            total = sum(line["gross"] for line in lines)
            if kind != "credit_note":
                payments += [(i, part, *payment) for part, payment in enumerate(paid, 1)]
                self.left[self.first + i] = total - sum(payment[0] for payment in paid)
                continue
            left = total
            # What the file says is open has been reduced by its credit notes already.
            if data.get("corrects") and not self.plan.has("open"):
                left -= self._credit(i, data["corrects"], total, credits)
            if paid and left:
                refunds.append(Refund.built_imported(self._paper(i), left, paid[0][1]))
        return payments, credits, refunds

    def _credit(self, i, corrects, total, credits):
        """Set a credit note off against the invoice that it names, as far as that is open."""
        invoice = self._invoice(corrects, self.first)
        if invoice.id not in self.left:
            self.left[invoice.id] = open_balance(invoice)
            self.to.settled.add(invoice.id)
        amount = max(min(total, self.left[invoice.id]), 0)
        if amount:
            self.left[invoice.id] -= amount
            note = self.first + i
            credits.append(Allocation(credit_note=note, invoice=invoice.id, amount=amount))
        return amount

    def _paper(self, i):
        """As much of the i-th document as its payment has to know."""
        _kind, number, customer, data, _lines, _paid = self.steps[i][1]
        return _Paper(self.first + i, number, self.customers[customer].id, data["currency"])

    def _write_payments(self, payments, credits):
        """Write each payment, and what payments and credit notes settle."""

        def payment(n, ident):
            i, part, amount, day, reference = payments[n]
            row = Payment.built_imported(self._paper(i), amount, day, reference, part)
            row.id = ident
            return [row]

        def allocation(n, ident):
            if n < len(payments):
                i, _part, amount, *_ = payments[n]
                row = Allocation(payment=first + n, invoice=self.first + i, amount=amount)
            else:
                row = credits[n - len(payments)]
            row.id = ident
            return [row]

        first = self.to.create(Payment, len(payments), payment)
        self.to.create(Allocation, len(payments) + len(credits), allocation)
