"""Ageing: open balances by customer, currency and age, summed in the database; and DSO."""

import datetime as dt

import peewee as pw
from peewee import fn

from models.core.clock import today
from models.customers import Customer
from models.documents import ISSUED, Document
from models.documents.invoice import counts
from models.receivables.balance import balances, with_open
from models.receivables.standing import totals as totals_of

UPPER = (0, 30, 60, 90, 180, 365)  # the last day of each bucket; the last bucket has none
BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "over_365")
SPAN = 90


def start_of(by):
    """The day from which age is counted: the due date, or the invoice date."""
    return fn.COALESCE(Document.due_on, ISSUED) if by == "due" else ISSUED


def in_bucket(bucket, by="due", day=None):
    """The condition on Document for one bucket of days after the due date or the invoice date."""
    day, start = day or today(), start_of(by)
    newest = None if bucket == 0 else day - dt.timedelta(days=UPPER[bucket - 1] + 1)
    oldest = None if bucket == len(UPPER) else day - dt.timedelta(days=UPPER[bucket])
    if newest is None:
        return start >= oldest
    return start <= newest if oldest is None else (start <= newest) & (start >= oldest)


def ageing(day=None, by="due", customers=None):
    """[{"customer", "name", "currency", "buckets": [minor units × 7], "total", "credit"}] as of the
    end of the day, for all customers or those of a query of ids; sorted by currency and total."""
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
    return sorted(rows.values(), key=lambda r: (r["currency"], -r["total"], r["name"]))


def owed(day=None, by="due", customers=None):
    """{(customer id, currency): row} of what ageing() tells, of who owes something, without the
    credit."""
    only = None if customers is None else Document.customer.in_(customers)
    query, left = with_open(Document.select(), day, only)
    buckets = [in_bucket(i, by, day or today()) for i in range(len(BUCKETS))]
    sums = [fn.SUM(pw.Case(None, [(bucket, left)], 0)) for bucket in buckets]
    main = Customer.alias()
    query = query.join(Customer).join(main, on=(main.id == fn.COALESCE(Customer.main, Customer.id)))
    query = query.select(main.id, main.name, Document.currency, *sums)
    rows = {}
    for ident, name, currency, *amounts in query.group_by(
        main.id, main.name, Document.currency
    ).tuples():
        row = rows[ident, currency] = _row(ident, name, currency)
        row["buckets"] = [int(amount) for amount in amounts]
        row["total"] = sum(row["buckets"])
    return rows


def _row(ident, name, currency):
    return {
        "customer": ident,
        "name": name,
        "currency": currency,
        "buckets": [0] * len(BUCKETS),
        "total": 0,
        "credit": 0,
    }


def totals(rows):
    """{currency: row with the sums}; two currencies are never added."""
    found = {}
    for row in rows:
        sums = found.setdefault(row["currency"], _row(0, "", row["currency"]))
        sums["buckets"] = [a + b for a, b in zip(sums["buckets"], row["buckets"], strict=True)]
        sums["total"] += row["total"]
        sums["credit"] += row["credit"]
    return found


def dso(day=None, customers=None):
    """{currency: days sales outstanding}: the open balance divided by the sales of the last 90
    days, times 90. None without sales."""
    as_of = day or today()
    since = as_of - dt.timedelta(days=SPAN - 1)
    # Not among the conditions, by whose indexes the database would go through all invoices ever.
    invoiced = (Document.kind == "invoice") & counts(Document, day)
    total = fn.SUM(pw.Case(None, [(invoiced, Document.total)], 0))
    sales = Document.select(Document.currency, total).where(since <= ISSUED, as_of >= ISSUED)
    sales = sales.where(Document.customer.in_(customers)) if customers is not None else sales
    sold = {currency: int(total) for currency, total in sales.group_by(Document.currency).tuples()}
    owed = _open_by_currency(day, customers)
    return {
        currency: (amount * SPAN + sold[currency] // 2) // sold[currency]
        if sold.get(currency)
        else None
        for currency, amount in sorted(owed.items())
    }


def _open_by_currency(day, customers):
    if day is None:
        return {currency: owed for currency, (owed, _late) in totals_of(customers).items()}
    owed = {}
    for (_, currency), found in balances(day, customers).items():
        owed[currency] = owed.get(currency, 0) + found["open"]
    return owed
