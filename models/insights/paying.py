"""How long customers take to pay."""

from collections import namedtuple

from models.core.database import db
from models.customers import Customer
from models.documents import Document
from models.insights.customers import names_of
from models.insights.overview import as_day
from models.payments import Allocation, Payment

Row = namedtuple("Row", "id name paid days late_days late_share terms")


def settled(lens):
    """(customer, owner, issued, due, received, amount) of every allocation of a payment received in
    the lens's days."""
    return (row[1:] for row in parts(lens))


def parts(lens):
    """The same, preceded by the invoice's id; the days are as the database returns them, for
    `as_day`."""
    d, p, a = Document, Payment, Allocation
    query = (
        a.select(
            d.id,
            Customer.main_of(d.customer),
            d.owner,
            d.issued_on,
            d.due_on,
            p.received_on,
            a.amount,
        )
        .join(p, on=(a.payment == p.id))
        .join(d, on=(a.invoice == d.id))
        .where(
            p.state == "confirmed",
            p.received_on.between(lens.first, lens.last),
            d.currency == lens.currency,
        )
    )
    if lens.owner is not None:
        query = query.where(d.owner == lens.owner if lens.owner else d.owner.is_null())
    if lens.customer is not None:
        query = query.where(d.customer.in_(Customer.one_with(lens.customer)))
    visible = lens.customers()
    return db.execute(
        query if visible is None else query.where(d.customer.in_(visible))
    )  # raw rows: ten thousand days are read three times as fast


def rows(lens):
    """[Row] by customer, the slowest first: days from invoice to payment and days after the due day
    (early counts as none), both weighted by amount; late_share: basis points of the amount that
    was paid late."""
    return summarise(settled(lens))


def days_late(due, received):
    """Days after the due day; early counts as none."""
    return max(0, (as_day(received) - as_day(due)).days) if due else 0


def summarise(settled, names=None):
    """[Row] of the settled parts; `names`: {customer: name} if the caller has them."""
    sums = {}
    for customer, _, issued, due, received, amount in settled:
        late = days_late(due, received)
        issued, due, received = as_day(issued), as_day(due), as_day(received)
        s = sums.setdefault(customer, [0, 0, 0, 0, 0])
        for i, value in enumerate(
            (
                amount,
                amount * (received - issued).days,
                amount * late,
                amount if late else 0,
                amount * (due - issued).days if due else 0,
            )
        ):
            s[i] += value
    names = names_of(sums) if names is None else names
    rows = [
        Row(
            c,
            names.get(c, "?"),
            paid,
            _mean(days, paid),
            _mean(late_days, paid),
            _mean(late * 10000, paid),
            _mean(terms, paid),
        )
        for c, (paid, days, late_days, late, terms) in sums.items()
    ]
    return sorted(rows, key=lambda r: (-r.days, r.id))


def mean_days(rows):
    """Mean days to pay of all rows, weighted by amount; None when nothing was paid."""
    paid = sum(r.paid for r in rows)
    return _mean(sum(r.paid * r.days for r in rows), paid) if paid else None


def _mean(total, weight):
    return (2 * total + weight) // (2 * weight) if weight else 0
