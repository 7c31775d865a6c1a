"""MT940 (SWIFT) by the library mt-940, with the German and the SEPA way of writing the purpose."""

import datetime as dt
import re

import mt940

from models.adapters.tables import encodings
from models.bank.row import Row
from models.core.errors import refuse
from models.core.money import digits

STRUCTURED = re.compile(r"/(NAME|IBAN|REMI|EREF|CNTP)/+")


def rows(data, currency, date_order):
    text = encodings.text(data)
    movements = []
    try:
        for statement in mt940.parse_statements(text, options=mt940.Options.all()):
            account = str(statement.data.get("account_identification") or "")
            movements += [_row(t.data, account) for t in statement.transactions]
            _balances_agree(statement) or refuse("bank_sums")
    except (ValueError, KeyError, AttributeError, RuntimeError, ArithmeticError, TypeError):
        refuse("bank_unreadable")
    text.count("\n:61:") + text.startswith(":61:") == len(movements) or refuse("bank_unreadable")
    return movements


def _balances_agree(statement):
    """Whether opening balance and movements add up to the closing balance, where both are given."""
    opening, closing = (
        statement.data.get("final_opening_balance"),
        statement.data.get("final_closing_balance"),
    )
    if not opening or not closing:
        return True
    return (
        opening.amount.amount + sum(t.data["amount"].amount for t in statement.transactions)
        == closing.amount.amount
    )


def _row(data, account):
    amount = data["amount"]
    minor = int(amount.amount.scaleb(digits(amount.currency)))
    name, iban = (
        data.get("applicant_name") or "",
        data.get("applicant_iban") or data.get("gvc_applicant_iban") or "",
    )
    text = " ".join(
        filter(
            None,
            [
                data.get("purpose"),
                data.get("transaction_details"),
                data.get("additional_purpose"),
                data.get("extra_details"),
                data.get("end_to_end_reference"),
                _reference(data.get("customer_reference")),
            ],
        )
    )
    if not name and "/" in text:
        parts = STRUCTURED.split(text)
        fields = dict(zip(parts[1::2], parts[2::2], strict=False))
        name, iban = (
            fields.get("NAME", "").strip("/ ").split("//")[0],
            iban or fields.get("IBAN", fields.get("CNTP", "")).split("/")[0],
        )
    day = data["date"]
    return Row(
        dt.date(day.year, day.month, day.day),  # databases do not know the library's own date
        minor,
        amount.currency,
        name,
        iban,
        text,
        _reference(data.get("bank_reference")),
        account,
    )


def _reference(reference):
    return "" if reference in (None, "NONREF") else reference
