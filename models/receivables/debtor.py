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


def _reckoned(only=None):
    """The rows as the items have them now. `only`: a condition on the customer of an item."""
    owed = DueSum.select(DueSum.customer, DueSum.currency, DueSum.open, pw.SQL("0").alias("credit"))
    left = CreditItem.select(
        CreditItem.customer, CreditItem.currency, pw.SQL("0"), CreditItem.amount
    )
    part, main = owed.where(DueSum.is_open()).union_all(left).alias("part"), Customer.alias()
    sums = [fn.SUM(column).cast("BIGINT") for column in (part.c.open, part.c.credit)]
    query = Customer.select(main.id, part.c.currency, fn.COALESCE(main.owner, 0), *sums)
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
def _reckoned_one(customer):
    leads = (Customer.id == customer) & Customer.main.is_null()
    return _reckoned(leads | (Customer.main == customer)).tuples()


@prepared
def _kept_one(customer):
    return Debtor.select(*FIELDS).where(Debtor.customer == customer).tuples()


def refresh(customer):
    """Write the rows of this main customer anew, where they differ."""
    fresh, kept = map(sorted, (_reckoned_one(customer), _kept_one(customer)))
    if fresh != kept:
        Debtor.delete().where(Debtor.customer == customer).execute()
        insert(Debtor, FIELDS, fresh)


CONCERNED = {
    Customer: lambda row: row.id,
    Document: lambda row: row.number and row.customer_id,
    Allocation: lambda row: row.invoice_id and row.invoice.customer_id,
    **dict.fromkeys((Payment, Refund, WriteOff), lambda row: row.customer_id),
}


@prepared
def _main_of(customer):
    main = fn.COALESCE(Customer.main, Customer.id)
    return Customer.select(main).where(Customer.id == customer).tuples()


def _follow(row, _gone):
    concerned = CONCERNED.get(type(row))
    if customer := concerned and concerned(row):
        mains = {customer} if isinstance(row, Customer) else set()
        for main in mains | {main for (main,) in _main_of(customer)}:
            refresh(main)


followers.append(_follow)
