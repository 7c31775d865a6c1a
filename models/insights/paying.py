"""How long customers take to pay."""

from collections import namedtuple

from peewee import fn

from models.core.database import db
from models.customers import Customer
from models.receivables.paid_part import PaidPart

Row = namedtuple("Row", "id paid days late_days late_share terms")


def parts(lens, *columns):
    """The parts of payments received in the lens's days, as a query of PaidPart."""
    p = PaidPart
    query = p.select(*columns).where(
        p.currency == lens.currency, p.day.between(lens.first, lens.last)
    )
    if lens.owner is not None:
        query = query.where(p.owner == lens.owner)
    if lens.customer is not None:
        main = Customer.select(fn.COALESCE(Customer.main, Customer.id))
        query = query.where(p.customer.in_(main.where(Customer.id == lens.customer)))
    visible = lens.customers()
    return query if visible is None else query.where(p.customer.in_(visible))


def rows(lens, *conditions):
    """[Row] by customer, the slowest first: days from invoice to payment and days after the due day
    (early counts as none), both weighted by amount; late_share: basis points of the amount that
    was paid late."""
    p = PaidPart
    sums = [fn.SUM(column) for column in (p.amount, p.by_days, p.by_days_late, p.late, p.by_terms)]
    query = parts(lens, p.customer, *sums).where(*conditions).group_by(p.customer)
    rows = []
    for customer, *values in db.execute(query).fetchall():
        paid, days, late_days, late, terms = map(int, values)
        means = (_mean(n, paid) for n in (days, late_days, late * 10000, terms))
        rows.append(Row(customer, paid, *means))
    return sorted(rows, key=lambda r: (-r.days, r.id))


def mean_days(rows):
    """Mean days to pay of all rows, weighted by amount; None when nothing was paid."""
    paid = sum(r.paid for r in rows)
    return _mean(sum(r.paid * r.days for r in rows), paid) if paid else None


def _mean(total, weight):
    return (2 * total + weight) // (2 * weight) if weight else 0
