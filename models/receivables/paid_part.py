"""What was paid of each invoice, when and how late, kept for the figures on days to pay.

It follows what is due (`due_item`), whose verbs change both. Not hashed: `rebuild` computes the
rows again, and `differences` compares them."""

import peewee as pw

from models.core.database import db, one_snapshot
from models.core.dates import as_day
from models.core.fields import MoneyField
from models.core.model import Model
from models.core.portions import insert
from models.customers import Customer
from models.customers.merge import REGROUPED
from models.documents import Document
from models.payments import Allocation, Payment

AT_ONCE = 5000  # rows


class PaidPart(Model):
    """A part of a confirmed payment that settles an invoice; its id is that of the allocation. The
    customer is the main one of a group; `owner` 0: nobody. What is by days is the amount times
    those days, so that it can be added up and divided by the amount."""

    invoice = pw.IntegerField(index=True)
    day = pw.DateField()  # on which the payment was received
    currency = pw.CharField(max_length=3)
    customer = pw.IntegerField()
    owner = pw.IntegerField()
    import_id = pw.IntegerField(default=0)
    amount = MoneyField()
    by_days = MoneyField()  # from the issue of the invoice
    by_days_late = MoneyField()  # after it was due; early counts as none
    late = MoneyField()  # the amount, where it came late
    by_terms = MoneyField()  # from the issue of the invoice until it was due

    class Meta:
        hidden_by = "import_id"
        indexes = ((("currency", "day"), False), (("customer", "currency", "day"), False))


FIELDS = PaidPart._meta.sorted_fields


def reckoned(*conditions):
    """The rows as they are now, in the order of their ids."""
    query = (
        Allocation.select(
            Allocation.id,
            Document.id,
            Payment.received_on,
            Document.currency,
            pw.fn.COALESCE(Customer.main, Customer.id),
            Document.owner,
            Document.import_id,
            Allocation.amount,
            Document.issued_on,
            Document.due_on,
        )
        .join(Payment, on=(Allocation.payment == Payment.id))
        .join(Document, on=(Allocation.invoice == Document.id))
        .join(Customer, on=(Document.customer == Customer.id))
        .where(Payment.state == "confirmed", *conditions)
        .order_by(Allocation.id)
    )
    return [_row(*values) for values in db.execute(query).fetchall()]


def _row(ident, invoice, day, currency, customer, owner, import_id, amount, issued, due):
    day, issued, due = as_day(day), as_day(issued), as_day(due)
    late = max(0, (day - due).days) if due else 0
    return (
        *(ident, invoice, day, currency, customer, owner or 0, import_id, amount),
        amount * (day - issued).days,
        amount * late,
        amount if late else 0,
        amount * (due - issued).days if due else 0,
    )


def add_imported(first, last):
    """Add what was paid of the imported documents with these ids."""
    insert(PaidPart, FIELDS, reckoned(Document.id.between(first, last)))


def refresh(documents):
    """Write the parts of these invoices anew. `documents`: a list or a query of ids."""
    of_these = PaidPart.invoice.in_(documents)
    kept = set(PaidPart.select(*FIELDS).where(of_these).tuples())
    fresh = set(reckoned(Document.id.in_(documents)))
    gone = [row[0] for row in kept - fresh]
    if gone:
        PaidPart.delete().where(PaidPart.id.in_(gone)).execute()
    insert(PaidPart, FIELDS, sorted(fresh - kept))


def _pages():
    """Conditions on the id of an allocation, or of a part, for one portion after the other."""
    newest = max(cls.select(pw.fn.MAX(cls.id)).scalar() or 0 for cls in (Allocation, PaidPart))
    for first in range(1, newest + 1, AT_ONCE):
        yield lambda column, first=first: column.between(first, first + AT_ONCE - 1)


@db.atomic()
def rebuild():
    """Compute the rows again, but for what is not published. Returns their number."""
    PaidPart.delete().where(pw.SQL(PaidPart._meta.is_published)).execute()
    for page in list(_pages()):
        insert(PaidPart, FIELDS, reckoned(page(Allocation.id)))
    return PaidPart.select().count()


def fill_empty():
    """Compute the rows after an update that brought them, or a restore of an older backup."""
    if (
        not PaidPart.select().exists()
        and Allocation.select().where(~Allocation.payment.is_null()).exists()
    ):
        rebuild()


@one_snapshot()
def differences(most=20):
    """A sentence for each row that differs from the payments; `rebuild` repairs them."""
    found = []
    for page in list(_pages()):
        kept = set(PaidPart.select(*FIELDS).where(page(PaidPart.id)).tuples())
        differing = kept ^ set(reckoned(page(Allocation.id)))
        found += [
            f"paid: part {ident} is not as the payments say" for ident in {r[0] for r in differing}
        ]
        if len(found) >= most:
            break
    return found[:most]


def _regroup(customers, _before, after):
    ours = Document.select(Document.id).where(Document.customer.in_(customers))
    PaidPart.update(customer=after).where(PaidPart.invoice.in_(ours)).execute()


REGROUPED.append(_regroup)
