"""What each customer owes and has left in each currency, kept as the page of what is owed lists it:
one row for a customer with all that was merged into it, with the salesperson who sees it.

It follows the journal, after the due items and credit items of which it is made. Not hashed:
`rebuild` computes the rows again, and `differences` compares them. What an import writes is counted
when it is published or undone."""

import peewee as pw
from peewee import fn

from models.core.database import db
from models.core.fields import MoneyField
from models.core.journal import followers
from models.core.model import Model
from models.core.portions import insert
from models.core.prepared import prepared
from models.customers import Customer
from models.documents import Document
from models.payments import Allocation, Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.credit_item import CreditItem
from models.receivables.due_item import DueSum


class Debtor(Model):
    """`owner` is the customer's salesperson; 0: nobody."""

    customer = pw.IntegerField()
    currency = pw.CharField(max_length=3)
    owner = pw.IntegerField()
    open = MoneyField()
    credit = MoneyField()

    class Meta:
        indexes = ((("customer", "currency"), True),)

    @classmethod
    def in_order(cls, seen):
        """Who owes most comes first: in the order of an index, read until a page is full."""
        rows = cls.select(cls.customer, cls.currency).where(seen)
        return rows.order_by(cls.currency, cls.open.desc(), cls.credit.desc(), cls.customer)


FIELDS = [field for field in Debtor._meta.sorted_fields if field.name != "id"]


def _reckoned(only=None, first=()):
    """The rows as the items have them now, after these columns. `only`: a condition on the customer
    of an item."""
    owed = DueSum.select(DueSum.customer, DueSum.currency, DueSum.open, pw.SQL("0").alias("credit"))
    left = CreditItem.select(
        CreditItem.customer, CreditItem.currency, pw.SQL("0"), CreditItem.amount
    )
    part, main = owed.where(DueSum.is_open()).union_all(left).alias("part"), Customer.alias()
    sums = [fn.SUM(column).cast("BIGINT") for column in (part.c.open, part.c.credit)]
    query = Customer.select(*first, main.id, part.c.currency, fn.COALESCE(main.owner, 0), *sums)
    query = query.join(part, on=(part.c.customer == Customer.id)).switch(Customer)
    query = query.join(main, on=(main.id == fn.COALESCE(Customer.main, Customer.id)))
    query = query if only is None else query.where(only)
    return query.group_by(main.id, part.c.currency, main.owner)


@db.atomic()
def rebuild():
    """Compute the rows again. Returns their number."""
    Debtor.delete().execute()
    Debtor.insert_from(_reckoned(), FIELDS).execute()
    return Debtor.select().count()


def fill_empty():
    """Compute the rows after an update that brought them, or a restore of an older backup."""
    if not Debtor.select().exists() and _reckoned().exists():
        rebuild()


def differences(most=20):
    """A sentence for each row that differs from the items; `rebuild` repairs them."""
    kept, found = Debtor.select(*FIELDS), set()
    for query in (kept - _reckoned(), _reckoned() - kept):
        found |= {row[:2] for row in query.limit(most).tuples()}
    return [f"Debtor: {ident} {currency} is not as its items say" for ident, currency in found]


@prepared
def _of_one(customer):
    """(1, *row) as the items of its main customer have them now and (0, *row) as they are kept."""
    asked = Customer.alias()
    main = asked.select(fn.COALESCE(asked.main, asked.id)).where(asked.id == customer)
    fresh = _reckoned((Customer.id == main) | (Customer.main == main), [pw.SQL("1")])
    kept = Debtor.select(pw.SQL("0"), *FIELDS)
    return fresh.union_all(kept.where(Debtor.customer.in_((customer, main)))).tuples()


def refresh(customer):
    """Write the rows of the customer anew, and of the one that it was merged into, where they
    differ."""
    kept, fresh = {}, {}
    for is_fresh, *row in _of_one(customer):
        (kept, fresh)[is_fresh][tuple(row[:2])] = row
    for main, currency in kept.keys() - fresh.keys():
        Debtor.delete().where(Debtor.customer == main, Debtor.currency == currency).execute()
    changed = [row for key, row in fresh.items() if row != kept.get(key)]
    if changed:
        insert(Debtor, FIELDS, changed, replacing=("customer", "currency"))


CONCERNED = {
    Customer: lambda row: row.id,
    Document: lambda row: row.number and row.customer_id,
    Allocation: lambda row: row.invoice_id and row.invoice.customer_id,
    **dict.fromkeys((Payment, Refund, WriteOff), lambda row: row.customer_id),
}


def _follow(row, _gone):
    concerned = CONCERNED.get(type(row))
    if customer := concerned and concerned(row):
        refresh(customer)


followers.append(_follow)
