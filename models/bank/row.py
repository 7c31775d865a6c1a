"""One line of a bank's file, as every reader returns it."""

import datetime as dt
from dataclasses import dataclass


@dataclass
class Row:
    """One movement: money in is positive, in minor units."""

    booked_on: dt.date
    amount: int
    currency: str
    payer: str = ""
    payer_account: str = ""
    text: str = ""
    reference: str = ""
    account: str = ""
    balance: int | None = None
