"""Money received, and which invoices it settles."""

from models.payments.allocation import Allocation, open_balance, paid
from models.payments.payment import MOST_SLIP, SLIPS, Payment

__all__ = ["Allocation", "MOST_SLIP", "Payment", "SLIPS", "open_balance", "paid"]
