"""What imports say was paid of their documents, and whether somebody here has booked more."""

import peewee as pw

from models.core.clock import today
from models.core.imported_range import ImportedRange
from models.documents import Document
from models.payments.allocation import Allocation
from models.payments.payment import Payment
from models.payments.refund import Refund


def payments_of(invoice):
    """The payments of the invoice that imports made."""
    rows = Payment.select().join(Allocation, on=(Allocation.payment == Payment.id))
    mine = Allocation.invoice == invoice.id, Payment.method == "imported"
    return list(rows.where(*mine).order_by(Payment.id))


def paid_by_imports(invoice):
    """[[amount, day, reference]] of the payments that imports made and that count."""
    return [
        [payment.amount, payment.received_on.isoformat(), payment.reference]
        for payment in payments_of(invoice)
        if payment.state == "confirmed"
    ]


def is_settled_otherwise(document):
    """Whether its sum cannot change, as more than payments of imports rests on it."""
    mine = (Allocation.invoice == document.id) | (Allocation.credit_note == document.id)
    return (
        Allocation.select().where(mine).count() > len(payments_of(document))
        or Refund.select().where(Refund.credit_note == document.id).exists()
    )


def settle(by, invoice, wanted):
    """Let the payments of imports for the invoice be these [(amount, day, reference)]."""
    found = payments_of(invoice)
    for payment in found[len(wanted) :]:
        _drop(by, payment)
    for part, (amount, day, reference) in enumerate(wanted, 1):
        if part > len(found):
            Payment.enter_imported(by, invoice, amount, day, reference, part)
        else:
            found[part - 1].rewrite(by, amount, min(day, today()), invoice.currency, reference)


def _drop(by, payment):
    """Let a payment of an import not count. A row that belongs to the ids of an import stays:
    SQLite would give its id to another one."""
    if ImportedRange.import_of(payment).exists():
        if payment.state == "confirmed":
            payment.rewrite(by, 0, payment.received_on, payment.currency, payment.reference)
        return
    payment.allocations.get().remove(by, "taken_back")
    payment.remove(by, "taken_back")


def _is_booked(document):
    """Whether a person settled something of it, or used what an import settled."""
    credit = Document.alias()
    mine = (Allocation.invoice == document.id) | (Allocation.credit_note == document.id)
    by_person = (
        Allocation.write_off.is_null(False)
        | (Payment.method != "imported")
        | (Payment.reverse_reason != "")
        | ~credit.imported
    )
    rows = (
        Allocation.select()
        .join(Payment, pw.JOIN.LEFT_OUTER)
        .switch(Allocation)
        .join(credit, pw.JOIN.LEFT_OUTER, on=(Allocation.credit_note == credit.id))
    )
    if rows.where(mine, by_person).exists():
        return True
    refunds = Refund.select().where(Refund.credit_note == document.id)
    if refunds.where(~Refund.number.startswith("IMP-") | (Refund.state != "confirmed")).exists():
        return True
    ids = [payment.id for payment in payments_of(document)]
    return bool(ids) and any(
        model.select().where(key.in_(ids)).exists()
        for key, model in Payment._meta.backrefs.items()
        if model is not Allocation
    )


Document.rewrite_blockers.append(_is_booked)
