"""MT940 (SWIFT) by the library mt-940, with the German, the Dutch and the SEPA way of writing the
purpose."""

import datetime as dt
import re

import mt940

from models.adapters.tables import encodings
from models.bank.row import Row, tell_difference
from models.core.errors import refuse
from models.core.money import digits

MOVEMENT = re.compile(r"^:61:.*$", re.MULTILINE)
RIGHT = re.compile(r":61:\d{6}(?:\d{4}|    )?[ER]?[CD][A-Z]?\s*(?:\d[\d,]*\d?|$)", re.IGNORECASE)
EXPECTED = re.compile(r"^(:61:\d{6}(?:\d{4})?)E(?=[CD])", re.MULTILINE | re.IGNORECASE)
SLASHED = re.compile(
    r"/(NAME|IBAN|REMI|EREF|CNTP|ACCT|ORDP|BENM|BIC|TRTP|CSID|MARF|USTD|STRD|ADDR|ISDT|PURP)(?=/)"
)
SUBFIELD = re.compile(r"[?~<^](\d\d)")  # Polish banks write ~20 and <20


def rows(data, currency, choices, found):
    text = encodings.text(data).replace("\r\n", "\n").replace("\r", "\n")
    _check_movements(text)
    expected = {
        n for n, line in enumerate(MOVEMENT.findall(text)) if EXPECTED.match(line)
    }  # told before they are booked
    movements = []
    try:
        statements = mt940.parse_statements(EXPECTED.sub(r"\1", text), options=mt940.Options.all())
        for statement in statements:
            account = str(statement.data.get("account_identification") or "").strip()
            made = [_row(t.data, account) for t in statement.transactions]
            for place, row in enumerate(made, len(movements)):
                row.left_out = "pending" if place in expected else row.left_out
            movements += made
            _check_balances(statement, made, found)
    except (ValueError, KeyError, AttributeError, RuntimeError, ArithmeticError, TypeError):
        refuse("bank_unreadable")
    len(MOVEMENT.findall(text)) == len(movements) or refuse("bank_unreadable")
    return movements


def _check_movements(text):
    """Name the first movement that is not written as one."""
    for match in MOVEMENT.finditer(text):
        if not RIGHT.match(match[0]):
            number = text.count("\n", 0, match.start()) + 1
            refuse("bank_row", row=number, value=match[0][:40])


def _check_balances(statement, made, found):
    """Tell where the movements do not lead from the opening to the closing balance; a page in the
    middle of a statement has both of its own."""
    opening, closing = (
        statement.data.get(f"final_{end}_balance")
        or statement.data.get(f"intermediate_{end}_balance")
        for end in ("opening", "closing")
    )
    if opening and closing:
        reached = _minor(opening.amount) + sum(row.amount for row in made if row.changes_balance)
        tell_difference(found, reached, _minor(closing.amount), closing.amount.currency)


def _minor(amount):
    return int(amount.amount.scaleb(digits(amount.currency)))


def _row(data, account):
    amount, details = data["amount"], data.get("transaction_details") or ""
    name, iban = (
        data.get("applicant_name") or "",
        data.get("applicant_iban") or data.get("gvc_applicant_iban") or "",
    )
    text = " ".join(
        filter(
            None,
            [
                data.get("purpose"),
                details,
                data.get("additional_purpose"),
                data.get("extra_details"),
                data.get("end_to_end_reference"),
                _reference(data.get("customer_reference")),
            ],
        )
    )
    if not name:
        name, other = _other_side(details or text)
        iban = iban or other
    valued, booked = _day(data["date"]), data.get("entry_date")
    return Row(
        _day(booked) if booked else valued,
        _minor(amount),
        amount.currency,
        name,
        iban,
        text,
        _reference(data.get("bank_reference")),
        account,
        valued_on=valued,
        left_out="reversal" if data.get("status", "").upper() == "RD" else "",
    )


def _other_side(details):
    """(name, account) in a purpose of ?32 fields without a code before them, or of /NAME/ words."""
    parts = SUBFIELD.split(details.replace("\n", ""))
    fields = dict(zip(parts[1::2], parts[2::2], strict=False))
    if "32" in fields:
        return (fields["32"] + fields.get("33", "")).strip(), fields.get("31", "").strip()
    parts = SLASHED.split(details.replace("\n", ""))
    words = {k: v.strip("/ ") for k, v in zip(parts[1::2], parts[2::2], strict=False)}
    if words.get("CNTP"):  # account/bank/name/place
        pieces = [*parts[parts.index("CNTP") + 1].lstrip("/").split("/"), "", ""]
        return pieces[2].strip(), pieces[0].strip()
    account = words.get("IBAN") or words.get("ACCT", "")
    name = words.get("NAME") or words.get("ORDP") or words.get("BENM", "")
    return name.split("//")[0], account.split("/")[0]


def _day(day):
    """Databases do not know the library's own date."""
    return dt.date(day.year, day.month, day.day)


def _reference(reference):
    return "" if reference in (None, "NONREF") else reference
