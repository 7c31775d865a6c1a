"""Whether a document would exceed the customer's credit limit, and by how much."""

from collections import Counter
from dataclasses import dataclass

from peewee import fn

from models.approvals import conditions
from models.customers import Customer
from models.documents import Document, Line
from models.documents.invoice import counts
from models.receivables.balance import NOTHING, balances

LIMITED_KINDS = ("order", "invoice")


@dataclass
class Exposure:
    """A customer's use of the credit limit, in minor units of the customer's currency. `added` is
    the amount of the order or invoice in question."""

    limit: int | None
    open: int
    credit: int
    added: int = 0
    orders: int = 0  # not yet invoiced amount of issued orders

    @property
    def now(self):
        """Open balance less credit, plus the orders that are still to be invoiced."""
        return self.open - self.credit + self.orders

    @property
    def after(self):
        return self.now + self.added

    @property
    def left(self):
        """What the limit still allows after the added amount; negative when it is exceeded, None
        without a limit."""
        return None if self.limit is None else self.limit - self.after

    @property
    def exceeded(self):
        return self.limit is not None and self.after > self.limit

    @property
    def percent(self):
        """How much of the limit is used, above 100 when it is exceeded."""
        if not self.limit:
            return 0 if self.limit is None else 100 * (self.after > 0)
        return max(0, self.after * 100 // self.limit)


def exposure(customer, document=None, found=None):
    """The customer's exposure in its own currency, including `document` if it is an order or
    invoice that is not issued yet; an invoice made from an order is not counted twice. `found`: the
    customer's balances, where they are known already."""
    customer = customer.leading
    found = balances(customers=customer.group) if found is None else found
    mine = found.get((customer.id, customer.currency), NOTHING)
    counts_document = (
        document is not None
        and document.kind in LIMITED_KINDS
        and document.currency == customer.currency
        and not document.number
    )
    orders = to_invoice(customer.group, document if counts_document else None).get(
        (customer.id, customer.currency), 0
    )
    return Exposure(
        customer.credit_limit,
        mine["open"],
        mine["credit"],
        document.total if counts_document else 0,
        orders,
    )


def exceeds_credit(document):
    """Whether this order or invoice would exceed the customer's limit. The limit is in the
    customer's currency; documents in another currency do not count."""
    customer = document.customer.leading
    if (
        customer.credit_limit is None
        or document.kind not in LIMITED_KINDS
        or document.currency != customer.currency
    ):
        return False
    found = balances(customers=customer.group, afresh=True)
    return exposure(customer, document, found).exceeded


def limits(customers):
    """[(customer, exposure)] of the customers in the query that have a limit, the most used limit
    first, in a few grouped queries."""
    rows = list(customers.where(Customer.credit_limit.is_null(False)))
    within = None
    if len(rows) < 500:
        within = [ident for (ident,) in Customer.groups_of([c.id for c in rows]).tuples()]
    owed, orders = balances(customers=within), to_invoice(within)
    found = []
    for customer in rows:
        key = customer.id, customer.currency
        mine = owed.get(key, NOTHING)
        found.append(
            (
                customer,
                Exposure(
                    customer.credit_limit, mine["open"], mine["credit"], 0, orders.get(key, 0)
                ),
            )
        )
    return sorted(found, key=lambda pair: (-pair[1].percent, pair[1].left, pair[0].name))


def to_invoice(customers=None, also=None):
    """{(customer id, currency): minor units} of issued orders that are not invoiced yet: of each
    line the share that no issued invoice contains, directly or through a delivery note. `also`: an
    invoice that counts as if it were issued. Imported orders do not count, since it is not known
    here what was invoiced of them."""
    rows = (
        Line.select(Line.id, Line.quantity, Line.gross, Document.customer, Document.currency)
        .join(Document)
        .where(
            Document.kind == "order",
            Document.state.in_(("issued", "archived")),
            ~Document.imported,
            Line.quantity > 0,
        )
    )
    rows = rows if customers is None else rows.where(Document.customer.in_(customers))
    lines, found = list(rows.tuples()), {}
    mains = Customer.mains() if lines else {}
    taken = _invoiced(rows.select(Line.id), also) if lines else {}
    for ident, quantity, gross, customer, currency in lines:
        remaining = max(0, quantity - taken.get(ident, 0))
        if remaining:
            key = mains.get(customer, customer), currency
            open_part = (2 * gross * remaining + quantity) // (2 * quantity)
            found[key] = found.get(key, 0) + open_part
    return found


def _invoiced(lines, also):
    """{order line id: invoiced quantity}"""
    step, invoice, found = Line.alias(), Document.alias(), Counter()
    made = (invoice.kind == "invoice") & (
        counts(invoice) | (invoice.id == (also.id if also else 0))
    )
    direct = (
        Line.select(Line.source, fn.SUM(Line.quantity))
        .join(invoice, on=(Line.document == invoice.id))
        .where(made, Line.source.in_(lines))
    )
    through_notes = (
        Line.select(step.source, fn.SUM(Line.quantity))
        .join(invoice, on=(Line.document == invoice.id))
        .switch(Line)
        .join(step, on=(Line.source == step.id))
        .where(made, step.source.in_(lines))
    )
    for query, column in ((direct, Line.source), (through_notes, step.source)):
        for ident, quantity in query.group_by(column).tuples():
            found[ident] += int(quantity)
    return found


conditions.credit_limits.append(exceeds_credit)
