"""Whether a paper would take what a customer owes beyond its credit limit, and by how much."""
from dataclasses import dataclass

from models.customers import Customer
from models.receivables.balance import balance_of, balances

BINDING = ("order", "invoice")


@dataclass
class Exposure:
    """All in minor units of the customer's currency; `paper` is what the order or invoice at hand would add."""
    limit: int | None
    open: int
    credit: int
    paper: int = 0

    @property
    def now(self):
        """What is owed less what stands to the customer's credit."""
        return self.open - self.credit

    @property
    def after(self):
        return self.now + self.paper

    @property
    def left(self):
        """What the limit still allows after the paper; below zero when it is exceeded. None without a limit."""
        return None if self.limit is None else self.limit - self.after

    @property
    def exceeded(self):
        return self.limit is not None and self.after > self.limit

    @property
    def percent(self):
        """How much of the limit is used, at most 100 for a bar."""
        if not self.limit:
            return 0 if self.limit is None else 100 * (self.after > 0)
        return max(0, min(100, self.after * 100 // self.limit))


def exposure(customer, document=None):
    """The customer's exposure in its own currency, with `document` on top when it is an order or invoice not yet issued."""
    found = balance_of(customer, customer.currency)
    adds = document is not None and document.kind in BINDING and document.currency == customer.currency and not document.number
    return Exposure(customer.credit_limit, found["open"], found["credit"], document.total if adds else 0)


def exceeds_credit(document):
    """Whether this order or invoice would take the customer beyond the limit. The limit is in the customer's currency; papers in
    another are not held against it."""
    if document.customer.credit_limit is None or document.kind not in BINDING or document.currency != document.customer.currency:
        return False
    return exposure(document.customer, document).exceeded


def limits(customers):
    """[(customer, exposure)] of the customers in the query that have a limit, the fullest first, by a few grouped queries."""
    rows = list(customers.where(Customer.credit_limit.is_null(False)))
    owed, none = balances(customers=[c.id for c in rows] if len(rows) < 500 else None), {"open": 0, "credit": 0}
    found = []
    for customer in rows:
        mine = owed.get((customer.id, customer.currency), none)
        found.append((customer, Exposure(customer.credit_limit, mine["open"], mine["credit"])))
    return sorted(found, key=lambda pair: (-pair[1].percent, pair[1].left, pair[0].name))
