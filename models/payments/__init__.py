"""Payments, refunds and write-offs, and the invoices that they settle."""

from models.payments.allocation import Allocation, open_balance, paid, settled
from models.payments.payment import MOST_SLIP, SLIP_TYPES, Payment

__all__ = ["Allocation", "MOST_SLIP", "Payment", "SLIP_TYPES", "open_balance", "paid", "settled"]
