"""Ageing: open balances by customer, currency and age, summed in the database; and DSO."""

import datetime as dt

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.core.model import without_index
from models.customers import Customer
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.receivables.balance import balances, once_open, with_open
from models.receivables.debtor import Debtor
from models.receivables.due_item import DueItem

UPPER = (0, 30, 60, 90, 180, 365)  # the last day of each bucket; the last bucket has none
BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "over_365")
SPAN = 90


def start_of(by):
    """The day from which age is counted: the due date, or the invoice date."""
    return fn.COALESCE(Document.due_on, ISSUED) if by == "due" else ISSUED


def in_bucket(bucket, by="due", day=None):
    """The condition on Document for one bucket of days after the due date or the invoice date."""
    return _within(bucket, start_of(by), day or today())


def _within(bucket, start, day):
    newest = None if bucket == 0 else day - dt.timedelta(days=UPPER[bucket - 1] + 1)
    oldest = None if bucket == len(UPPER) else day - dt.timedelta(days=UPPER[bucket])
    if newest is None:
        return start >= oldest
    return start <= newest if oldest is None else (start <= newest) & (start >= oldest)


def _sums(start, left, day):
    """Columns of a query: what is left, summed for each bucket."""
    parts = [(_within(i, start, day), left) for i in range(len(BUCKETS))]
    return [fn.SUM(pw.Case(None, [part], 0)) for part in parts]


def ageing(day=None, by="due", customers=None):
    """[{"customer", "name", "currency", "buckets": [minor units × 7], "total", "credit"}] as of the
    end of the day, for all customers or those of a query of ids; sorted by currency,
    total and credit."""
    rows = owed(day, by, customers)
    credit = {
        key: found["credit"] for key, found in balances(day, customers).items() if found["credit"]
    }
    missing = [key for key in credit if key not in rows]
    names = dict(
        Customer.select(Customer.id, Customer.name)
        .where(Customer.id.in_([c for c, _ in missing] or [0]))
        .tuples()
    )
    rows |= {key: _row(key[0], names[key[0]], key[1]) for key in missing}
    for key, amount in credit.items():
        rows[key]["credit"] = amount
    return sorted(rows.values(), key=_place)


def owed(day=None, by="due", customers=None, afresh=False):
    """{(customer id, currency): row} of what ageing() tells, of who owes something, without the
    credit. `afresh`: of an earlier day reckoned from all invoices ever."""
    only = _owned(Document if day else DueItem, customers)
    if day and not afresh:
        only = _owned_among(once_open(day, customers), customers)
    query, left = with_open(Document.select(), day, only)
    main = Customer.alias()
    query = query.join(Customer).join(main, on=(main.id == fn.COALESCE(Customer.main, Customer.id)))
    query = query.select(
        main.id, main.name, Document.currency, *_sums(start_of(by), left, day or today())
    )
    rows = {}
    for ident, name, currency, *amounts in query.group_by(
        main.id, main.name, Document.currency
    ).tuples():
        row = rows[ident, currency] = _row(ident, name, currency)
        _add(row, amounts)
    return rows


def _place(row):
    return row["currency"], -row["total"], -row["credit"], row["customer"]


def of_debtors(keys, by="due"):
    """The rows of ageing() for today that have these (customer id, currency), in their order."""
    groups = Customer.groups_of([ident for ident, _currency in keys] or [0])
    rows = ageing(by=by, customers=[ident for (ident,) in groups.tuples()])
    found = {(row["customer"], row["currency"]): row for row in rows}
    return [found[key] for key in keys if key in found]  # one may just have been paid


def totals_today(seen, by="due", customers=None):
    """(totals() of the rows that ageing() gives for today, their number), summed in the database.
    `seen`: the condition that a Debtor is one of these customers."""
    kept = [fn.COUNT(Debtor.id), fn.SUM(Debtor.open), fn.SUM(Debtor.credit)]
    kept = Debtor.select(Debtor.currency, *kept).where(seen).group_by(Debtor.currency)
    found, rows, day = {}, 0, today()
    for currency, count, total, credit in kept.order_by(Debtor.currency).tuples():
        found[currency] = row = _row(0, "", currency)
        row["total"], row["credit"], rows = int(total), int(credit), rows + count
    sums, undated = [], DueItem.due_on.is_null()
    if by == "due":  # almost all have a due date, for which their documents need not be read
        items = DueItem.select(DueItem.currency, *_sums(DueItem.due_on, DueItem.open, day))
        oldest = day - dt.timedelta(days=UPPER[-1])
        items = items.where(DueItem.is_open(), DueItem.due_on >= oldest)
        sums.append(items.where(_owned(DueItem, customers)).group_by(DueItem.currency))
    if by != "due" or DueItem.select().where(DueItem.is_open(), undated).exists():
        only = _owned(DueItem, customers)
        query, left = with_open(Document.select(), only=only & undated if by == "due" else only)
        query = query.select(Document.currency, *_sums(ISSUED, left, day))
        sums.append(query.group_by(Document.currency))
    for currency, *amounts in (row for query in sums for row in query.tuples()):
        ages = found[currency]["buckets"]
        ages[:] = [a + int(b) for a, b in zip(ages, amounts, strict=True)]
    for row in found.values():  # the rest is older
        row["buckets"][-1] = row["total"] - sum(row["buckets"][:-1])
    return found, rows


def _owned(model, customers):
    return model.id.is_null(False) if customers is None else model.customer.in_(customers)


def _owned_among(few, customers):
    """The condition on Document that it is one of a few, and of one of the customers: it is not
    looked for among all of theirs."""
    found = Document.id.in_(few)
    if customers is None:
        return found
    return found & pw.Expression(without_index(Document.customer), pw.OP.IN, customers)


def _row(ident, name, currency):
    return {
        "customer": ident,
        "name": name,
        "currency": currency,
        "buckets": [0] * len(BUCKETS),
        "total": 0,
        "credit": 0,
    }


def _add(row, amounts):
    row["buckets"] = [a + int(b) for a, b in zip(row["buckets"], amounts, strict=True)]
    row["total"] = sum(row["buckets"])


def totals(rows):
    """{currency: row with the sums}; two currencies are never added."""
    found = {}
    for row in rows:
        sums = found.setdefault(row["currency"], _row(0, "", row["currency"]))
        _add(sums, row["buckets"])
        sums["credit"] += row["credit"]
    return found


def dso(owed, day=None, customers=None):
    """{currency: days sales outstanding}: the open balance divided by the sales of the last 90
    days, times 90. None without sales. `owed`: the totals() of that day."""
    as_of = day or today()
    since = as_of - dt.timedelta(days=SPAN - 1)
    # Not among the conditions, by whose indexes the database would go through all invoices ever.
    invoiced = counts(Document, day) & _owned(Document, customers)
    total = fn.SUM(pw.Case(None, [(invoiced, Document.total)], 0))
    sales = Document.select(Document.currency, total)
    sales = sales.where(Document.kind == "invoice", since <= ISSUED, as_of >= ISSUED)
    sold = {currency: int(total) for currency, total in sales.group_by(Document.currency).tuples()}
    return {
        currency: (row["total"] * SPAN + sold[currency] // 2) // sold[currency]
        if sold.get(currency)
        else None
        for currency, row in sorted(owed.items())
    }
