"""How a customer can pay: bank details, a valid EPC QR code for euros, a link by pattern. No card
processor."""

import io
import re
from decimal import Decimal
from urllib.parse import quote

from segno import helpers
from stdnum import bic as bic_numbers
from stdnum import iban as iban_numbers

from models.core.errors import refuse
from models.core.money import digits

LINK = re.compile(r"\{(\w*)\}")
NAMES = {"number", "amount", "currency", "customer"}
ACCOUNT = ("bank_name", "bank_branch", "bank_account", "bank_code")
MOST_EPC = 99_999_999_999  # 999,999,999.99 euros


def checked_iban(text):
    """The IBAN without spaces. Refused when its check digits do not fit."""
    text = "".join(text.split()).upper()
    not text or iban_numbers.is_valid(text) or refuse("iban_wrong")
    return text


def checked_bic(text):
    text = "".join(text.split()).upper()
    not text or bic_numbers.is_valid(text) or refuse("bic_wrong")
    return text


def checked_accounts(typed):
    """{currency: account} of those that are filled in. Refused where a bank is named without an
    account, or an IBAN is wrong."""
    found = {}
    for currency, account in typed.items():
        if any(account.values()):
            account["bank_account"] or refuse("account_needed", currency=currency)
            looks = re.match(r"[A-Za-z]{2}\d\d", account["bank_account"])
            if looks:
                checked_iban(account["bank_account"])
            found[currency] = account
    return found


def checked_link(pattern):
    """A pattern such as https://pay.example/{number}?amount={amount}. Refused unless https, with
    names we know."""
    pattern = pattern.strip()
    if pattern:
        pattern.startswith("https://") and len(pattern) > 12 and set(
            LINK.findall(pattern)
        ) <= NAMES and "{" not in LINK.sub("", pattern) and "}" not in LINK.sub(
            "", pattern
        ) and not any(c.isspace() for c in pattern) or refuse("link_pattern")
    return pattern


def link_of(firm, document, amount):
    """The address at which this amount can be paid, or "" where no pattern is set."""
    pattern = firm.setting("payment_link")
    facts = {
        "number": document.number,
        "currency": document.currency,
        "customer": document.customer.code or str(document.customer_id),
        "amount": f"{Decimal(amount).scaleb(-digits(document.currency)):f}",
    }
    return LINK.sub(lambda m: quote(facts[m.group(1)], safe=""), pattern)


def account_of(firm, currency, language):
    """The one account into which money of this currency is paid, as a paper prints it; all empty
    where the firm has none: an account of another currency is never named in its place."""
    blank = dict.fromkeys(ACCOUNT, "")
    if currency == "EUR" and firm.setting("iban"):
        return {
            **blank,
            "bank_account": iban_numbers.format(firm.setting("iban")),
            "bank_code": firm.setting("bic"),
        }
    if currency == firm.currency:
        return {
            name: text
            for name, text in {**firm.__data__, **firm.in_language(language)}.items()
            if name in ACCOUNT
        }
    return {**blank, **firm.setting("accounts").get(currency, {})}


def epc_of(firm, currency, amount, number, language):
    """What an EPC QR code (SEPA credit transfer) of the amount says, as data to be frozen; None for
    what is not paid so."""
    account = account_of(firm, currency, language)
    if (
        currency != "EUR"
        or not iban_numbers.is_valid(account["bank_account"] or "x")
        or not 0 < amount <= MOST_EPC
    ):
        return None
    code = account["bank_code"] if bic_numbers.is_valid(account["bank_code"] or "x") else ""
    return {
        "name": firm.payee(language)[:70],
        "iban": "".join(account["bank_account"].split()),
        "bic": code,
        "amount": amount,
        "text": number[:140],
    }


def epc_png(facts):
    """The QR code as a picture, level M as the standard (EPC069-12) asks."""
    out = io.BytesIO()
    helpers.make_epc_qr(
        facts["name"],
        facts["iban"],
        Decimal(facts["amount"]).scaleb(-2),
        text=facts["text"],
        bic=facts["bic"] or None,
        encoding="utf-8",
    ).save(out, kind="png", scale=5, border=4)
    return out.getvalue()


def details_of(firm, currency, language):
    """[(name, value)] of the firm's bank account for this currency, without what is empty; [] where
    it has none."""
    account = account_of(firm, currency, language)
    if not account["bank_account"]:
        return []
    iban = iban_numbers.is_valid(account["bank_account"])
    number = (
        ("iban", "".join(account["bank_account"].split()))
        if iban
        else ("account", account["bank_account"])
    )
    rows = [
        ("payee", firm.payee(language)),
        ("bank", " ".join(filter(None, [account["bank_name"], account["bank_branch"]]))),
        number,
        ("bic" if iban else "code", account["bank_code"]),
    ]
    return [(name, value) for name, value in rows if value]
