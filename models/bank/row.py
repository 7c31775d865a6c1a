"""One line of a bank's file, as every reader returns it."""

import datetime as dt
from dataclasses import dataclass

DAYS = ("booked_on", "valued_on")


@dataclass
class Row:
    """One movement: money in is positive, in minor units. `number` is its row in the file;
    `left_out` says why it moves no money of a customer (pending, closed, neutral, reversal, or
    status where that is not known); `whole` is
    the bank's reference of the collective booking that it is a part of, `whole_amount` that
    booking's amount. Earlier versions kept the day of value where a file gives both days."""

    booked_on: dt.date
    amount: int
    currency: str
    payer: str = ""
    payer_account: str = ""
    text: str = ""
    reference: str = ""
    account: str = ""
    balance: int | None = None
    number: int = 0
    left_out: str = ""
    whole: str = ""
    whole_amount: int = 0
    valued_on: dt.date | None = None

    @property
    def changes_balance(self):
        return self.left_out not in ("pending", "closed", "neutral", "status")

    def plain(self):
        """As JSON values, without what is empty."""
        values = {name: value for name, value in vars(self).items() if value not in ("", None)}
        return {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in values.items()}

    @classmethod
    def of(cls, plain):
        days = {n: dt.date.fromisoformat(plain[n]) for n in DAYS if n in plain}
        return cls(**{**plain, **days})


def clean(text, most):
    """One printable line of at most that length."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())[:most]


def tell_difference(found, reached, closing, currency):
    """Note where the movements do not lead to the closing balance: something is missing."""
    if reached != closing:
        facts = {"reached": reached, "closing": closing, "currency": currency}
        found["notes"].append(["bank_difference", facts])
