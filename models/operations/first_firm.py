"""Founding a firm with its administrator, tax rates and approval flows."""

from models.approvals import ApprovalFlow
from models.approvals.ready import named
from models.archive.destruction import ready_flow
from models.company import Company
from models.core.database import db
from models.dunning import ReminderLevel
from models.people import User
from models.products import TaxRate

CHINA = [
    ("13%", "taxed", 1300),
    ("9%", "taxed", 900),
    ("6%", "taxed", 600),
    ("3%", "taxed", 300),
    ("0%", "zero", 0),
    ("免税", "exempt", 0, "Exempt"),
    ("不征税", "out_of_scope", 0, "Outside the scope of tax"),
]
ELSEWHERE = [
    ("20%", "taxed", 2000),
    ("19%", "taxed", 1900),
    ("0%", "zero", 0),
    ("Exempt", "exempt", 0),
    ("Out of scope", "out_of_scope", 0),
]
LEVELS = [
    (0, [], "小额免审 / small amounts: no approver"),
    (100_000, ["manager"], "经理 / manager"),
    (1_000_000, ["manager", "finance"], "经理、财务 / manager, finance"),
]


def begin(
    firm,
    language,
    currency,
    name,
    email,
    password,
    fill=None,
    zone="",
    prices_include_tax=False,
):
    """Found the firm with its first administrator; returns that person. Quotes, orders, invoices
    and credit notes from 1,000.00 need a manager, from 10,000.00 a manager and finance.
    `fill(person)` adds the demo's year of trade, for which the currency is always CNY; what it
    returns is called after the commit, since nothing is printed inside a transaction."""
    with db.atomic():
        # taxes and limits of the demo are those of a Chinese firm
        person = _found(
            firm, language, "CNY" if fill else currency, name, email, password, bool(fill), zone
        )
        if prices_include_tax:
            Company.current().revise(person, settings={"prices_include_tax": True})
        finish = fill(person) if fill else None
    if finish:
        finish()
    return person


def _found(firm, language, currency, name, email, password, demo, zone):
    Company.found(
        name=firm,
        language=language,
        currency=currency,
        demo=demo,
        zone=zone
        or ("Asia/Shanghai" if language == "zh" or currency == "CNY" else "Europe/London"),
    )
    person = User.enter(
        None,
        name=name,
        email=email,
        roles=["admin", "manager", "finance", "sales"],
        language=language,
        password=password,
    )
    for label, kind, rate, *english in CHINA if currency == "CNY" else ELSEWHERE:
        TaxRate.enter(None, name=label, kind=kind, rate=rate, name_en="".join(english))
    for kind in ("quote", "order", "delivery_note", "invoice", "credit_note"):
        for least, steps, label in LEVELS[:1] if kind == "delivery_note" else LEVELS:
            ApprovalFlow.define(
                None, kind=kind, least=least, steps=steps, currency=currency, name=named(label)
            )
    ready_flow()
    ReminderLevel.begin()
    return person
