"""What an import of documents writes: customers and products that are new, the documents with their
lines, and the payments and refunds that settled them."""

from array import array
from functools import cache, partial
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
    """No list here has a line of the file in it: half a million would fill the memory."""

    def __init__(self, plan, to):
        self.plan, self.to = plan, to
        self.firm = Company.current()
        self.firm.as_seller = cache(self.firm.as_seller)  # the same for all papers of a kind
        self.people = {user.id: user for user in User.select()}
        self.products, self.first = dict(plan.products), None
        # Of each document how many lines stand before it, of each payment its document and amount.
        self.lines_before, self.paid, self.amounts = array("q", [0]), array("q"), array("q")
        self.parts = array("q")
        self.credit_notes = array("q")
        self.addresses, self.costs = _addresses(), _costs()

    def write(self):
        self._write_customers()
        self._write_products()
        self._count()
        count = len(self.plan.heads)
        self.first = self.to.create(Document, count, self._document, Line, self.lines_before[-1])
        credits, refunds = self._settlements()
        self._write_payments(credits)
        self.to.create(Refund, len(refunds), partial(self._refund, refunds))
        for document, old, new in self.plan.updates:
            self.to.replace(document, old, new)

    def _count(self):
        for i, head in enumerate(self.plan.heads):
            self.lines_before.append(self.lines_before[-1] + head.line_count)
            if head.kind == "credit_note":
                self.credit_notes.append(i)
                continue
            for part, (amount, _day, _reference) in enumerate(head.paid):
                self.paid.append(i)
                self.parts.append(part)
                self.amounts.append(amount)

    def _write_customers(self):
        keys = self.plan.customers_named
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
        new = self.plan.new_products
        rows = [
            Product.built(self.firm, **new[code])
            for code in self.plan.codes_named
            if code in new and code not in self.products
        ]
        rows and self.plan.by.must("write_product")
        self.to.create_all(Product, rows)
        self.products |= {row.code: row.id for row in rows}

    def _document(self, i, ident):
        """The i-th document and its lines."""
        head = self.plan.heads[i]
        customer, data = self.customers[head.customer], dict(head.data)
        if corrects := data.pop("corrects", None):
            data["source"] = self._invoice(corrects, ident - i)
        owner = self.people.get(data.pop("owner", None) or customer.owner_id)
        lines = [{**x, "product": self.products.get(x["code"])} for x in self.plan.lines[i]]
        costs = self.costs.get(data["currency"], {})
        document = Document.built_imported(
            head.kind, head.number, customer, lines, costs, owner=owner, **data
        )
        document.id, document.import_id = ident, self.to.import_.id
        addresses = self.addresses.get(customer.id, {})
        document.snapshot = document.freeze(None, Document.base_url, self.firm, addresses)
        first_line = self.to.first_part + self.lines_before[i]
        return [document, *document.lines_of_its_own(first_line)]

    def _invoice(self, number, first):
        """The invoice of this number, in the file or known before."""
        i = self.plan.place_of("invoice", number)
        if i is None:
            return self.plan.existing.get("invoice", number)
        return Document(id=first + i, kind="invoice", number=number)

    def _settlements(self):
        """The allocations of credit notes as (credit note, invoice, amount), and the refunds as
        (place of the credit note, amount, day)."""
        credits, refunds, self.left = [], [], {}
        for i in self.credit_notes:
            head = self.plan.heads[i]
            left = head.total
            # What the file says is open has been reduced by its credit notes already.
            corrects = not self.plan.has("open") and head.data.get("corrects")
            if corrects:
                left -= self._credit(i, corrects, left, credits)
            if head.paid and left:
                refunds.append((i, left, head.paid[0][1]))
        return credits, refunds

    def _credit(self, i, corrects, total, credits):
        """Set a credit note off against the invoice that it names, as far as that is open."""
        invoice = self._invoice(corrects, self.first)
        if invoice.id not in self.left:
            self.left[invoice.id] = self._open_of(corrects, invoice)
        amount = max(min(total, self.left[invoice.id]), 0)
        if amount:
            self.left[invoice.id] -= amount
            credits.append((self.first + i, invoice.id, amount))
        return amount

    def _open_of(self, number, invoice):
        i = self.plan.place_of("invoice", number)
        if i is None:
            self.to.settled.add(invoice.id)
            return open_balance(invoice)
        head = self.plan.heads[i]
        return head.total - sum(amount for amount, *_ in head.paid)

    def _paper(self, i, head):
        """As much of the i-th document as its payment has to know."""
        customer = self.customers[head.customer].id
        return _Paper(self.first + i, head.number, customer, head.data["currency"])

    def _refund(self, refunds, n, ident):
        i, amount, day = refunds[n]
        row = Refund.built_imported(self._paper(i, self.plan.heads[i]), amount, day)
        row.id = ident
        return [row]

    def _payment(self, n, ident):
        i = self.paid[n]
        head = self.plan.heads[i]
        part = self.parts[n]
        row = Payment.built_imported(self._paper(i, head), *head.paid[part], part + 1)
        row.id = ident
        return [row]

    def _write_payments(self, credits):
        """Write each payment, and what payments and credit notes settle."""
        count = len(self.paid)
        first = self.to.create(Payment, count, self._payment)

        def allocation(n, ident):
            row = {"id": ident}
            if n < count:
                row |= {"payment": first + n, "invoice": self.first + self.paid[n]}
                row["amount"] = self.amounts[n]
            else:
                row["credit_note"], row["invoice"], row["amount"] = credits[n - count]
            return [Allocation.of_values(row)]

        self.to.create(Allocation, count + len(credits), allocation)


def _addresses():
    """{customer id: {kind: text}} of those that exist, as Customer.address_texts has them."""
    found = {}
    rows = Address.select(Address.customer, Address.kind, Address.text)
    for customer, kind, text in rows.order_by(Address.id.desc()).tuples():
        found.setdefault(customer, {})[kind] = text
    return found


def _costs():
    """{currency: {product id: unit cost}}"""
    found = {}
    rows = Product.select(Product.currency, Product.id, Product.cost)
    for currency, ident, cost in rows.where(Product.cost.is_null(False)).tuples():
        found.setdefault(currency, {})[ident] = cost
    return found
