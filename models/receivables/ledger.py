"""A customer's account in one currency: the rows between an opening and a closing balance."""

import datetime as dt

from models.customers import Customer
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables import ageing
from models.receivables.balance import balance_of, balances

ORDER = ("invoice", "credit_note", "payment", "refund", "write_off", "voiding", "reversal")


def account(customer, currency, since, until):
    """{"opening", "rows", "closing", "open", "credit", "ageing"}; a row is a debit (more is owed)
    or a credit (less is). closing = opening + debits − credits = open invoices − unused credit."""
    opening = balance_of(customer, currency, since - dt.timedelta(days=1))["balance"]
    rows = sorted(
        _rows(customer, currency, since, until),
        key=lambda r: (r["date"], ORDER.index(r["kind"]), r["id"]),
    )
    running = opening
    for row in rows:
        running += row["debit"] - row["credit"]
        row["balance"] = running
        row["date"] = row["date"].isoformat()
    last = balance_of(customer, currency, until)
    assert running == last["balance"], (
        "the rows do not lead from the opening to the closing balance"
    )
    owed = ageing.owed(until, customers=customer.group).get((customer.leading.id, currency))
    return {
        "opening": opening,
        "rows": rows,
        "closing": running,
        "open": last["open"],
        "credit": last["credit"],
        "ageing": owed["buckets"] if owed else [0] * len(ageing.BUCKETS),
    }


def has_rows(customer, currency, since, until):
    return any(True for _row in _rows(customer, currency, since, until))


def _rows(customer, currency, since, until):
    """The rows of the period. What was reversed or voided later is a row of its own on that later
    day, so that older statements stay correct."""

    def within(model, day, *more):
        return model.select().where(
            model.customer.in_(customer.group),
            model.currency == currency,
            day >= since,
            day <= until,
            *more,
        )

    def row(kind, thing, day, number, debit=0, credit=0, document=None, note="", due_on=None):
        return {
            "kind": kind,
            "id": thing.id,
            "date": day,
            "number": number,
            "debit": debit,
            "credit": credit,
            "document": document,
            "note": note,
            "due_on": due_on.isoformat() if due_on else None,
        }

    invoices_and_notes = Document.kind.in_(("invoice", "credit_note"))
    for d in within(Document, ISSUED, invoices_and_notes, _counted(Document)):
        side = {"debit": d.total} if d.kind == "invoice" else {"credit": d.total}
        yield row(
            d.kind,
            d,
            d.issued_on or d.date,
            d.number,
            document=d.id,
            note=d.reference,
            due_on=d.due_on if d.kind == "invoice" else None,
            **side,
        )
    for d in within(Document, Document.voided_on, invoices_and_notes, _counted(Document)):
        side = {"credit": d.total} if d.kind == "invoice" else {"debit": d.total}
        yield row("voiding", d, d.voided_on, d.number, document=d.id, note=d.void_reason, **side)
    for p in within(Payment, Payment.received_on, _counted(Payment)):
        yield row("payment", p, p.received_on, p.number, credit=p.amount, note=p.reference)
    for p in within(Payment, Payment.reversed_on, _counted(Payment)):
        yield row("reversal", p, p.reversed_on, p.number, debit=p.amount, note=p.reverse_reason)
    for r in within(Refund, Refund.paid_on, _counted(Refund)):
        yield row("refund", r, r.paid_on, r.number, debit=r.amount, note=r.reference)
    for r in within(Refund, Refund.reversed_on, _counted(Refund)):
        yield row("reversal", r, r.reversed_on, r.number, credit=r.amount, note=r.reverse_reason)
    for w in within(WriteOff, WriteOff.decided_on, _counted(WriteOff)):
        yield row(
            "write_off", w, w.decided_on, w.invoice.number, credit=w.amount, document=w.invoice_id
        )
    for w in within(WriteOff, WriteOff.reversed_on, _counted(WriteOff)):
        yield row(
            "reversal",
            w,
            w.reversed_on,
            w.invoice.number,
            debit=w.amount,
            document=w.invoice_id,
            note=w.note,
        )


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
