"""How many quotes became orders, and how long that took."""

from collections import namedtuple

import peewee as pw

from models.core.database import db
from models.core.dates import as_day
from models.customers import Customer
from models.documents import Document
from models.documents.sales import STANDING


class Row(namedtuple("Row", "id owner customer number day net ordered")):
    """A quote; `ordered`: the day on which an order made from it was issued, or None. The days are
    as the database has them, for `as_day`."""

    @property
    def days(self):
        """From the quote to the order."""
        return (as_day(self.ordered) - as_day(self.day)).days if self.ordered else None


def rows(lens):
    """[Row] of the quotes issued in the lens's days, the newest first."""
    order = Document.alias()
    first = order.select(pw.fn.MIN(order.issued_on)).where(
        order.source == Document.id,
        # by its source, of which there is one, not by its kind, of which there are all orders
        order.kind.concat("") == "order",
        order.state.concat("").in_(STANDING),
    )
    query = Document.select(
        Document.id,
        Document.owner,
        Document.customer,
        Document.number,
        Document.issued_on,
        Document.net,
        first,
    ).where(
        Document.kind == "quote",
        Document.state.concat("").in_(STANDING),
        Document.currency == lens.currency,
        Document.issued_on.between(lens.first, lens.last),
    )
    if lens.owner is not None:
        query = query.where(
            Document.owner == lens.owner if lens.owner else Document.owner.is_null()
        )
    if lens.customer is not None:
        query = query.where(Document.customer.in_(Customer.one_with(lens.customer)))
    visible = lens.customers()
    query = query if visible is None else query.where(Document.customer.in_(visible))
    found = query.order_by(Document.issued_on.desc(), Document.id.desc())
    return [Row(*row) for row in db.execute(found).fetchall()]


def rate(rows):
    """(quotes, of which ordered, net, of which ordered, mean days) of the rows."""
    won = [r for r in rows if r.ordered]
    days = sum(r.days for r in won)
    return (
        len(rows),
        len(won),
        sum(r.net for r in rows),
        sum(r.net for r in won),
        (2 * days + len(won)) // (2 * len(won)) if won else None,
    )
