"""Whether a paper would take what a customer owes beyond its credit limit, and by how much."""

from collections import Counter
from dataclasses import dataclass

from peewee import fn

from models.approvals import conditions
from models.customers import Customer
from models.documents import Document, Line
from models.documents.invoice import counts
from models.receivables.balance import NOTHING, balances

BINDING = ("order", "invoice")


@dataclass
class Exposure:
    """All in minor units of the customer's currency; `paper` is what the order or invoice at hand
    would add."""

    limit: int | None
    open: int
    credit: int
    paper: int = 0
    orders: int = 0  # what issued orders still leave to be invoiced

    @property
    def now(self):
        """What is owed less what stands to the customer's credit, and what its orders will add."""
        return self.open - self.credit + self.orders

    @property
    def after(self):
        return self.now + self.paper

    @property
    def left(self):
        """What the limit still allows after the paper; below zero when it is exceeded. None without
        a limit."""
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
    """The customer's exposure in its own currency, with `document` on top when it is an order or
    invoice not yet issued; what an invoice takes from an order is not counted twice. `found`: the
    customer's balances, where they are known already."""
    found = balances(customers=[customer.id]) if found is None else found
    mine = found.get((customer.id, customer.currency), NOTHING)
    adds = (
        document is not None
        and document.kind in BINDING
        and document.currency == customer.currency
        and not document.number
    )
    orders = to_invoice([customer.id], document if adds else None).get(
        (customer.id, customer.currency), 0
    )
    return Exposure(
        customer.credit_limit, mine["open"], mine["credit"], document.total if adds else 0, orders
    )


def exceeds_credit(document):
    """Whether this order or invoice would take the customer beyond the limit. The limit is in the
    customer's currency; papers in another are not held against it."""
    if (
        document.customer.credit_limit is None
        or document.kind not in BINDING
        or document.currency != document.customer.currency
    ):
        return False
    return exposure(document.customer, document).exceeded


def limits(customers):
    """[(customer, exposure)] of the customers in the query that have a limit, the fullest first, by
    a few grouped queries."""
    rows = list(customers.where(Customer.credit_limit.is_null(False)))
    within = [c.id for c in rows] if len(rows) < 500 else None
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
    """{(customer id, currency): minor units} that issued orders leave to be invoiced: of each line
    the share of its amount that no issued invoice took, directly or through a delivery note.
    `also`: an invoice not yet issued that counts as if it were. Imported orders do not count: what
    became of them is not known here."""
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
    taken = _taken(rows.select(Line.id), also) if lines else {}
    for ident, quantity, gross, customer, currency in lines:
        left = max(0, quantity - taken.get(ident, 0))
        if left:
            found[customer, currency] = found.get((customer, currency), 0) + (
                2 * gross * left + quantity
            ) // (2 * quantity)
    return found


def _taken(lines, also):
    """{order line id: quantity that issued invoices took}"""
    step, paper, found = Line.alias(), Document.alias(), Counter()
    made = (paper.kind == "invoice") & (counts(paper) | (paper.id == (also.id if also else 0)))
    direct = (
        Line.select(Line.source, fn.SUM(Line.quantity))
        .join(paper, on=(Line.document == paper.id))
        .where(made, Line.source.in_(lines))
    )
    noted = (
        Line.select(step.source, fn.SUM(Line.quantity))
        .join(paper, on=(Line.document == paper.id))
        .switch(Line)
        .join(step, on=(Line.source == step.id))
        .where(made, step.source.in_(lines))
    )
    for query, column in ((direct, Line.source), (noted, step.source)):
        for ident, quantity in query.group_by(column).tuples():
            found[ident] += int(quantity)
    return found


conditions.credit_limits.append(exceeds_credit)
