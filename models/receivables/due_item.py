"""What is open of each invoice, and its sums, kept for lists, tabs and reminders.

They follow the journal: every verb that changes what an invoice owes writes an event in the same
transaction, after its last change. A verb that decides about money reads the rows again. Neither
table is hashed: `rebuild` computes both again, and `differences` compares them."""

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
from models.payments import Allocation, Payment, settled
from models.payments.write_off import WriteOff
from models.receivables import paid_part

STATE = 5  # its place in a row
SUM_KEYS = ("customer", "owner", "state", "currency", "import_id")


class DueItem(Model):
    """What is due of a document on one day: today one row for each invoice that counts. `state` is
    open, partly_paid or paid; overdue is a comparison with today. `owner` 0: nobody."""

    document = pw.IntegerField(unique=True)
    due_on = pw.DateField(null=True)
    currency = pw.CharField(max_length=3)
    customer = pw.IntegerField()
    owner = pw.IntegerField()
    state = pw.CharField(max_length=12)
    amount = MoneyField()
    open = MoneyField()
    import_id = pw.IntegerField(default=0)

    class Meta:
        hidden_by = "import_id"

    @classmethod
    def is_open(cls):
        """The condition that something is owed. The zero is written out, as the partial indexes
        are only used then."""
        return cls.open > pw.SQL("0")

    @classmethod
    def is_overdue(cls, day):
        return cls.is_open() & cls.due_on.is_null(False) & (cls.due_on < day)


class DueSum(Model):
    """How many due items there are of one customer, owner, state and currency, and their sums;
    those of an import apart, so that they can be published and undone at once."""

    customer = pw.IntegerField()
    owner = pw.IntegerField()
    state = pw.CharField(max_length=12)
    currency = pw.CharField(max_length=3)
    import_id = pw.IntegerField(default=0)
    items = pw.IntegerField()
    amount = MoneyField()
    open = MoneyField()

    class Meta:
        hidden_by = "import_id"
        indexes = ((SUM_KEYS, True),)

    @classmethod
    def is_open(cls):
        """As that of the items."""
        return cls.open > pw.SQL("0")


def reckoned(only=None, paid=None):
    """The due items as the rows have them now, a query with the columns of the table. `only`: a
    condition on Document; `paid`: what is settled of these."""
    paid = (settled(only=only) if paid is None else paid).alias("paid")
    left = Document.total - fn.COALESCE(paid.c.amount, 0)
    state = pw.Case(None, [(left <= 0, "paid"), (left < Document.total, "partly_paid")], "open")
    query = (
        Document.select(
            Document.id,
            Document.due_on,
            Document.currency,
            Document.customer,
            fn.COALESCE(Document.owner, 0),
            state,
            Document.total,
            left.cast("BIGINT"),  # a SUM is a decimal on PostgreSQL
            Document.import_id,
        )
        .join(paid, pw.JOIN.LEFT_OUTER, on=(paid.c.invoice == Document.id))
        .where(Document.kind == "invoice", counts(Document))
    )
    return query if only is None else query.where(only)


def _summed():
    """The sums of the kept due items, a query with the columns of their table."""
    keys = [getattr(DueItem, name) for name in SUM_KEYS]
    sums = [fn.SUM(column).cast("BIGINT") for column in (DueItem.amount, DueItem.open)]
    return DueItem.select(*keys, fn.COUNT(DueItem.id), *sums).group_by(*keys)


def columns(cls):
    """The fields that are computed."""
    return [field for field in cls._meta.sorted_fields if field.name != "id"]


@db.atomic()
def rebuild():
    """Compute both tables again, but for what is not published. Returns the number of rows."""
    for cls, query in ((DueItem, reckoned), (DueSum, _summed)):
        cls.delete().where(pw.SQL(cls._meta.is_published)).execute()
        cls.insert_from(query(), columns(cls)).execute()
    return DueItem.select().count() + DueSum.select().count()


def add_imported(first, last):
    """Add what is due of the imported documents with these ids."""
    rows = reckoned(Document.id.between(first, last))
    DueItem.insert_from(rows, columns(DueItem)).execute()


def sums_of_import(import_id):
    """The rows of sums of an import's due items."""
    return _summed().where(DueItem.import_id == import_id).tuples()


def fill_empty():
    """Compute both tables after an update that brought them, or a restore of an older backup."""
    if not DueItem.select().exists() and reckoned().exists():
        rebuild()


def differences(most=20):
    """A sentence for each row that differs from the rows it is made of; `rebuild` repairs them.
    Each query compares in one statement, so that nobody who works meanwhile is in between."""
    items = _differing(DueItem, 1, reckoned(), most)
    return (items + _differing(DueSum, len(SUM_KEYS), _summed(), most))[:most]


def _differing(cls, keys, expected, most):
    """`keys`: how many columns name a row."""
    kept = cls.select(*columns(cls))
    extra, missing = (
        {row[:keys]: row[keys:] for row in query.limit(most).tuples()}
        for query in (kept - expected, expected - kept)
    )
    return [
        f"{cls.__name__}: {key} says {extra.get(key)}, the documents say {missing.get(key)}"
        for key in {**extra, **missing}
    ]


def refresh(documents):
    """Write the due items of these documents anew, and the sums, as far as they differ from the
    rows, in the transaction of what changed them. `documents`: a list of ids."""
    if len(documents) == 1:
        found = _reckoned_one(*documents), _kept_one(*documents)
    else:
        found = reckoned(Document.id.in_(documents)).tuples(), _kept(documents).tuples()
    fresh, kept = ({row[0]: row for row in rows} for rows in found)
    changes = {}
    if any(row[STATE] != "open" for row in (*fresh.values(), *kept.values())):
        paid_part.refresh(documents)
    for ident in fresh.keys() | kept.keys():
        old, new = kept.get(ident), fresh.get(ident)
        if old != new:
            _count(changes, old, -1)
            _count(changes, new, 1)
            if old:
                DueItem.delete().where(DueItem.document == ident).execute()
            if new:
                insert(DueItem, columns(DueItem), [new])
    for key, sums in changes.items():
        _add(key, sums)


def _kept(documents):
    return DueItem.select(*columns(DueItem)).where(DueItem.document.in_(documents))


@prepared
def _reckoned_one(document):
    paid = settled().where(Allocation.invoice == document)
    return reckoned(Document.id == document, paid).tuples()


@prepared
def _kept_one(document):
    return DueItem.select(*columns(DueItem)).where(DueItem.document == document).tuples()


def _count(changes, row, sign):
    if row is None:
        return
    _document, _due_on, currency, customer, owner, state, amount, left, import_id = row
    sums = changes.setdefault((customer, owner, state, currency, import_id), [0, 0, 0])
    for i, value in enumerate((1, amount, left)):
        sums[i] += sign * value


def _add(key, sums):
    """Add to the row of sums; a row without items is deleted."""
    insert(DueSum, columns(DueSum), [(*key, *sums)], adding=SUM_KEYS)
    if sums[0] >= 0:
        return
    same = [getattr(DueSum, name) == value for name, value in zip(SUM_KEYS, key, strict=True)]
    DueSum.delete().where(*same, DueSum.items == 0).execute()


def _owing(document):
    """The ids of the invoices that an event of this document can concern."""
    if document.number is None:
        return []
    if document.kind == "credit_note":
        return [ident for (ident,) in _credited_by(document.id)]
    return [document.id] if document.kind == "invoice" else []


def _paid_by(payment):
    return [ident for (ident,) in _settled_by(payment.id)]


@prepared
def _credited_by(note):
    return Allocation.select(Allocation.invoice).where(Allocation.credit_note == note).tuples()


@prepared
def _settled_by(payment):
    return Allocation.select(Allocation.invoice).where(Allocation.payment == payment).tuples()


CONCERNED = {
    Document: _owing,
    Payment: _paid_by,
    Allocation: lambda row: [row.invoice_id],
    WriteOff: lambda row: [row.invoice_id],
}


def _follow(row, _gone):
    concerned = CONCERNED.get(type(row))
    documents = concerned and concerned(row)
    if documents:
        refresh(documents)


followers.append(_follow)
