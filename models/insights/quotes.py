"""How many quotes became orders, and how long that took."""

from collections import namedtuple

import peewee as pw

from models.customers import Customer
from models.documents import Document
from models.documents.sales import STANDING
from models.insights.overview import as_day

Row = namedtuple("Row", "id owner customer number day net ordered days")


def rows(lens):
    """[Row] of the quotes issued in the lens's days; `ordered`: the day on which an order made from
    it was issued, or None."""
    order = Document.alias()
    first = order.select(pw.fn.MIN(order.issued_on)).where(
        order.source == Document.id, order.kind == "order", order.state.in_(STANDING)
    )
    query = Document.select(
        Document.id,
        Document.owner,
        Customer.main_of(Document.customer),
        Document.number,
        Document.issued_on,
        Document.net,
        first,
    ).where(
        Document.kind == "quote",
        Document.state.in_(STANDING),
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
    rows = []
    for ident, owner, customer, number, day, net, ordered in query.order_by(
        Document.issued_on.desc(), Document.id.desc()
    ).tuples():
        day, ordered = as_day(day), as_day(ordered)
        rows.append(
            Row(
                ident,
                owner,
                customer,
                number,
                day,
                net,
                ordered,
                (ordered - day).days if ordered else None,
            )
        )
    return rows


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
