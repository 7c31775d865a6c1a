"""How a customer pays an invoice, or all that they owe: where to, how much, by which reference."""

from typing import NamedTuple

from flask import abort

from models import payment_details
from models.company import Company
from models.payments import Payment
from views.web.downloads import send_data
from views.web.language import language

MOST_REFERENCE = 140  # characters that a SEPA transfer carries


class Transfer(NamedTuple):
    """One transfer, as its card shows it."""

    currency: str
    amount: int
    reference: str
    bank: list  # [(name, value)], empty where the firm has no account for the currency
    epc: dict | None  # what its QR code says
    code_at: str = ""  # where the picture of that code is


def transfer(firm, currency, amount, reference, words, code_at=""):
    """`words`: the language of the bank's and the payee's name."""
    return Transfer(
        currency,
        amount,
        reference,
        payment_details.details_of(firm, currency, words),
        payment_details.epc_of(firm, currency, amount, reference, words),
        code_at,
    )


def ways_to_pay(found, code_at, reported=None):
    """A transfer for each currency of the open invoices that nobody has reported as paid; its
    reference names them as far as there is room. `reported`: what of each they say they paid, where
    it is known already."""
    if reported is None:
        reported = Payment.reported_amounts([invoice.id for invoice in found])
    owed = {}
    for invoice in found:
        left = invoice.left - reported.get(invoice.id, 0)
        if left > 0:
            owed.setdefault(invoice.currency, []).append((invoice.number, left))
    firm = Company.current() if owed else None
    return [
        transfer(
            firm, currency, sum(left for _, left in rows), _reference(rows), language(), code_at
        )
        for currency, rows in owed.items()
    ]


def _reference(rows):
    numbers = [number for number, _left in rows]
    while len(text := " ".join(numbers)) > MOST_REFERENCE:
        numbers.pop()
    return text


def picture_of(transfers):
    """The EPC QR code of the one in euros, as PNG; 404 where there is none."""
    facts = next((each.epc for each in transfers if each.epc), None) or abort(404)
    return send_data(payment_details.epc_png(facts), mimetype="image/png")
