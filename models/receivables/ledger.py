"""A customer's account in one currency: the rows between an opening and a closing balance."""

import datetime as dt
import functools

import peewee as pw
from peewee import fn

from models.core.database import db
from models.core.dates import as_day
from models.customers import Customer
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables import ageing
from models.receivables.balance import balance_of, balances

ORDER = ("invoice", "credit_note", "payment", "refund", "write_off", "voiding", "reversal")


def account(customer, currency, since, until, afresh=False):
    """{"opening", "rows", "closing", "open", "credit", "ageing"}; a row is a debit (more is owed)
    or a credit (less is). closing = opening + debits − credits = open invoices − unused credit.
    `afresh`: the balances are reckoned from all rows ever, for what is frozen."""
    rows = _rows(customer, currency, since, until)
    closing = (_reckoned if afresh else _kept)(customer, currency, until)
    running = opening = closing - sum(row["debit"] - row["credit"] for row in rows)
    assert not afresh or opening == _reckoned(customer, currency, _before(since)), (
        "the rows do not lead from the opening to the closing balance"
    )
    for row in rows:
        running += row["debit"] - row["credit"]
        row["balance"] = running
    owed = ageing.owed(until, customers=customer.group, afresh=afresh)
    owed = owed.get((customer.leading.id, currency), {})
    left = owed.get("total", 0)
    return {
        "opening": opening,
        "rows": rows,
        "closing": closing,
        "open": left,
        "credit": left - closing,
        "ageing": owed.get("buckets", [0] * len(ageing.BUCKETS)),
    }


def has_rows(customer, currency, since, until):
    moves = _moves(customer, currency, _before(since), until)
    return bool(
        db.execute(_united(moves, lambda _kind, ident, *_more: [ident]).limit(1)).fetchall()
    )


def _before(day):
    return day - dt.timedelta(days=1)


def _reckoned(customer, currency, day):
    return balance_of(customer, currency, day)["balance"]


def _kept(customer, currency, day):
    """The balance at the end of the day: what is kept of now, less all that came later."""
    later = _united(
        _moves(customer, currency, day), lambda _kind, _id, sum_, *_more: [fn.SUM(sum_)]
    )
    moved = sum(int(amount or 0) for (amount,) in db.execute(later))
    return balance_of(customer, currency)["balance"] - moved


def _rows(customer, currency, since, until):
    """The rows of the period, in their order. What was reversed or voided later is a row of its own
    on that later day, so that older statements stay correct."""
    moves = _moves(customer, currency, _before(since), until)
    rows = [
        {
            "kind": kind,
            "id": ident,
            "date": as_day(day).isoformat(),
            "number": number,
            "debit": max(0, amount),
            "credit": max(0, -amount),
            "document": document,
            "note": note,
            "due_on": as_day(due_on).isoformat() if due_on else None,
        }
        for kind, ident, amount, day, number, document, note, due_on in db.execute(
            _united(moves, lambda *columns: columns)
        )
    ]
    return sorted(rows, key=lambda r: (r["date"], ORDER.index(r["kind"]), r["id"]))


def _united(moves, chosen):
    """One query of all the moves, with those of their columns that are chosen."""
    return functools.reduce(
        lambda found, query: found.union_all(query),
        [query.select(*chosen(*columns)) for query, *columns in moves],
    )


def _moves(customer, currency, after, until=None):
    """[(query, kind, id, minor units more that are owed, day, number, document, note, due date)] of
    what moved the account after one day, and until another one."""
    none, no_day, nothing = (
        pw.SQL(s) for s in ("CAST(NULL AS INTEGER)", "CAST(NULL AS DATE)", "''")
    )
    # Of other kinds nothing is owed. Not a condition on the kind, by whose index the database would
    # go through all documents that the customer ever had.
    owed = pw.Case(
        Document.kind, [("invoice", Document.total), ("credit_note", -1 * Document.total)]
    )
    due_on = pw.Case(Document.kind, [("invoice", Document.due_on)])
    D, P, R, W = Document, Payment, Refund, WriteOff
    found = []
    for model, kind, amount, day, *more in (
        (D, D.kind, owed, D.issued_on, D.number, D.id, D.reference, due_on),
        (D, "voiding", -1 * owed, D.voided_on, D.number, D.id, D.void_reason, no_day),
        (P, "payment", -1 * P.amount, P.received_on, P.number, none, P.reference, no_day),
        (P, "reversal", P.amount, P.reversed_on, P.number, none, P.reverse_reason, no_day),
        (R, "refund", R.amount, R.paid_on, R.number, none, R.reference, no_day),
        (R, "reversal", -1 * R.amount, R.reversed_on, R.number, none, R.reverse_reason, no_day),
        (W, "write_off", -1 * W.amount, W.decided_on, D.number, W.invoice, nothing, no_day),
        (W, "reversal", W.amount, W.reversed_on, D.number, W.invoice, W.note, no_day),
    ):
        query = model.select().where(
            model.customer.in_(customer.group),
            model.currency == currency,
            day > after,
            amount.is_null(False),
            _counted(model),
        )
        query = query if until is None else query.where(day <= until)
        query = query.join(Document, on=W.invoice) if model is WriteOff else query
        kind = pw.SQL(f"'{kind}'") if isinstance(kind, str) else kind
        found.append((query, kind, model.id, amount, day, *more))
    return found


def _counted(model):
    """The condition that a row counts, or did from its own day to the one on which it was voided or
    reversed. What was taken back before its own day came never counted."""
    day, taken_back = {
        Document: (ISSUED, Document.voided_on),
        Payment: (Payment.received_on, Payment.reversed_on),
        Refund: (Refund.paid_on, Refund.reversed_on),
        WriteOff: (WriteOff.decided_on, WriteOff.reversed_on),
    }[model]
    holds = counts(Document) if model is Document else model.counts()
    return holds | (taken_back >= day)


def active_accounts(since, until):
    """{(customer id, currency)} with a balance at the end of the period, or a row in it."""
    found = {key for key, row in balances(until).items() if row["open"] or row["credit"]}
    invoices_and_notes = Document.kind.in_(("invoice", "credit_note"))
    for model, day, holds in (
        (Document, ISSUED, invoices_and_notes & _counted(Document)),
        (Document, Document.voided_on, invoices_and_notes & _counted(Document)),
        (Payment, Payment.received_on, _counted(Payment)),
        (Payment, Payment.reversed_on, _counted(Payment)),
    ):
        found |= set(
            model.select(model.customer, model.currency)
            .where(day >= since, day <= until, holds)
            .distinct()
            .tuples()
        )
    mains = Customer.mains()
    return {(mains.get(customer, customer), currency) for customer, currency in found}
