"""What customers have paid or were credited and nothing is settled with yet, kept as one row for
each payment or credit note with something left, so that a balance need not sum all payments ever.

It follows the journal, as due items do. A verb that decides about money reads the rows again. Not
hashed: `rebuild` computes the rows again, and `differences` compares them."""

import peewee as pw
from peewee import fn

from models.core.database import db
from models.core.fields import MoneyField
from models.core.journal import followers
from models.core.model import Model
from models.core.portions import insert
from models.core.prepared import prepared
from models.documents import Document
from models.documents.invoice import counts
from models.payments import Allocation, Payment
from models.payments.refund import Refund


class CreditItem(Model):
    """What is left of a payment or credit note; `kind` says of which of the two `source` is."""

    kind = pw.CharField(max_length=12)
    source = pw.IntegerField()
    currency = pw.CharField(max_length=3)
    customer = pw.IntegerField()
    amount = MoneyField()
    import_id = pw.IntegerField(default=0)

    class Meta:
        hidden_by = "import_id"
        indexes = (
            (("kind", "source"), True),
            (("customer", "currency", "amount", "import_id"), False),
        )


FIELDS = [field for field in CreditItem._meta.sorted_fields if field.name != "id"]


def _left(model, kind, amount, import_id, *conditions):
    """A query of the rows of one kind. An imported payment is used up by its invoice, so that none
    of an import that is not published is ever among them."""
    used = [
        fn.COALESCE(rows.where(getattr(rows.model, kind) == model.id), 0)
        for rows in (
            Allocation.select(fn.SUM(Allocation.amount)),
            Refund.select(fn.SUM(Refund.amount)).where(Refund.counts()),
        )
    ]
    left = (amount - used[0] - used[1]).cast("BIGINT")  # a SUM is a decimal on PostgreSQL
    query = model.select(
        pw.SQL(f"'{kind}'"), model.id, model.currency, model.customer, left, import_id
    )
    return query.where(left > 0, *conditions)


def payments_left(*conditions):
    return _left(Payment, "payment", Payment.amount, pw.SQL("0"), Payment.counts(), *conditions)


def notes_left(*conditions):
    is_note = Document.kind == "credit_note"
    args = Document, "credit_note", Document.total, Document.import_id
    return _left(*args, is_note, counts(Document), *conditions)


def _reckoned():
    return payments_left().union_all(notes_left())


@db.atomic()
def rebuild():
    """Compute the rows again, but for what is not published. Returns their number."""
    CreditItem.delete().where(pw.SQL(CreditItem._meta.is_published)).execute()
    for query in (payments_left(), notes_left()):
        CreditItem.insert_from(query, FIELDS).execute()
    return CreditItem.select().count()


def add_imported(first, last):
    """Add what is left of the imported credit notes with these ids."""
    CreditItem.insert_from(notes_left(Document.id.between(first, last)), FIELDS).execute()


def differences(most=20):
    """A sentence for each row that differs from the payments and credit notes."""
    kept = CreditItem.select(*FIELDS)
    found = set()
    for query in (kept - _reckoned(), _reckoned() - kept):
        found |= {row[:2] for row in query.limit(most).tuples()}
    return [f"CreditItem: {kind} {ident} is not as the rows say" for kind, ident in sorted(found)]


@prepared
def _payment_left(ident):
    return payments_left(Payment.id == ident).tuples()


@prepared
def _note_left(ident):
    return notes_left(Document.id == ident).tuples()


@prepared
def _kept(kind, ident):
    same = CreditItem.kind == kind, CreditItem.source == ident
    return CreditItem.select(*FIELDS).where(*same).tuples()


def refresh(kind, ident):
    """Write what is left of this payment or credit note anew, where it differs from the rows."""
    fresh = _payment_left(ident) if kind == "payment" else _note_left(ident)
    kept = _kept(kind, ident)
    if fresh != kept:
        if kept:
            CreditItem.delete().where(CreditItem.kind == kind, CreditItem.source == ident).execute()
        insert(CreditItem, FIELDS, fresh)


def _source(row):
    """(kind, id) of the payment or credit note that an event of this row can concern."""
    if isinstance(row, Payment):
        return "payment", row.id
    if isinstance(row, Document):
        is_note = row.kind == "credit_note" and row.number
        return ("credit_note", row.id) if is_note else None
    if isinstance(row, Allocation | Refund):
        used = {"payment": row.payment_id, "credit_note": row.credit_note_id}
        return next((pair for pair in used.items() if pair[1]), None)


def _follow(row, _gone):
    if source := _source(row):
        refresh(*source)


followers.append(_follow)
