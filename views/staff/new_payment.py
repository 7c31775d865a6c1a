"""A payment while it is typed: what is filled in, what it settles and what is left over."""

from functools import cached_property

from flask import request

from models.company import Company
from models.core.errors import refuse
from models.core.money import SYMBOLS, digits, format_money, parse_money
from models.payment_details import account_of
from views.allocations import open_invoices
from views.web.scope import person, sees


class NewPayment:
    """The form of a payment of this customer; `invoice` is the one from which it was opened."""

    def __init__(self, customer, currency, typed, invoice=None):
        self.customer, self.currency, self.invoice = customer, currency, invoice
        every = open_invoices(sees(), customer.group)
        self.invoices = [each for each in every if each.currency == currency]
        self.others = [
            code
            for code in SYMBOLS
            if code != currency and code in {each.currency for each in every}
        ]
        self.typed = typed or self._proposed()

    def _proposed(self):
        """What is open on the invoice, which this settles."""
        left = [each.left for each in self.invoices if self.invoice == each]
        if not left:
            return {}
        whole = format_money(left[0], self.currency)
        return {"amount": whole, f"part-{self.invoice.id}": whole}

    def part(self, invoice):
        return self._number(self.typed.get(f"part-{invoice.id}", ""))

    def _number(self, text):
        try:
            return parse_money(text, self.currency)
        except ValueError:
            return 0

    @cached_property
    def open(self):
        return sum(each.left for each in self.invoices)

    @cached_property
    def received(self):
        return self._number(self.typed.get("amount", ""))

    @cached_property
    def applied(self):
        return sum(self.part(each) for each in self.invoices)

    @property
    def left_over(self):
        return self.received - self.applied

    @property
    def decimals(self):
        return digits(self.currency)

    @cached_property
    def account(self):
        """The firm's account of the currency, where such money arrives."""
        found = account_of(Company.current(), self.currency, person().language)
        return " ".join(found[name] for name in ("bank_name", "bank_account") if found[name])


def spread(invoices, amount, parts):
    """The parts [(invoice, amount)], and with the press that asks for it what they leave of the
    amount, over the oldest. Refused while something is left over and other invoices are open,
    unless the person said that it stays a credit."""
    given = {invoice.id: part for invoice, part in parts}
    left = amount - sum(given.values())
    room = {each.id: each.left - given.get(each.id, 0) for each in invoices}
    if left <= 0 or not any(more > 0 for more in room.values()) or "keep" in request.form:
        return parts
    if "oldest" not in request.form:
        refuse("left_over")
    for each in invoices:
        more = max(0, min(left, room[each.id]))
        given[each.id] = given.get(each.id, 0) + more
        left -= more
    known = {each.id: each for each in invoices} | {each.id: each for each, _ in parts}
    return [(known[ident], part) for ident, part in given.items() if part]
