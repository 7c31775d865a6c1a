"""Customers by net sales: how often they bought, and which category most."""

from collections import namedtuple

from peewee import JOIN, SQL, Case, fn

from models.core.database import db
from models.core.dates import as_day
from models.customers import Customer
from models.documents.sales import SalesDay, SalesItem
from models.insights.overview import change
from models.products import Product

Bought = namedtuple("Bought", "id net papers credits")
Row = namedtuple("Row", "id name net papers credits days last before change category category_net")
AT_ONCE = 500  # rows that are looked up together, as a database takes only so many values


def bought(lens):
    """[Bought] of all who bought or got a credit note in the lens's days, the largest first."""
    d = SalesDay
    query = lens.days(d.customer, fn.SUM(d.net), fn.SUM(d.papers), fn.SUM(d.credits))
    found = [Bought(c, *map(int, sums)) for c, *sums in db.execute(query.group_by(d.customer))]
    return sorted(found, key=lambda b: (-b.net, b.id))


def nets(lens):
    """{customer: net} of the same."""
    query = lens.days(SalesDay.customer, fn.SUM(SalesDay.net)).group_by(SalesDay.customer)
    return {customer: int(net) for customer, net in db.execute(query).fetchall()}


def rows(lens, some=None):
    """[Row] of these of the bought() customers, or of all. `days`: on how many days they bought;
    `category`: the one with most net."""
    some = bought(lens) if some is None else some
    return [row for at in range(0, len(some), AT_ONCE) for row in _rows(lens, some[at:][:AT_ONCE])]


def _rows(lens, some):
    lens = lens.replace(group=frozenset(b.id for b in some))
    dates = {c: (int(days), as_day(last)) for c, last, days in purchases(lens)}
    before, names, liked = nets(lens.before()), names_of(lens.group), preferences(lens)
    return [
        Row(
            b.id,
            names.get(b.id, "?"),
            *b[1:],
            *dates.get(b.id, (0, None)),
            before.get(b.id, 0),
            change(b.net, before.get(b.id, 0)),
            *liked.get(b.id, ("", 0)),
        )
        for b in some
    ]


def purchases(lens, *more):
    """(customer, last day, number of days, …) of those who bought; a credit note's day is none of a
    purchase."""
    day = Case(None, [(SalesDay.papers > 0, SalesDay.day)])
    query = lens.days(SalesDay.customer, fn.MAX(day), fn.COUNT(fn.DISTINCT(day)), *more)
    return db.execute(
        query.group_by(SalesDay.customer).having(fn.SUM(SalesDay.papers) > 0)
    ).fetchall()


def preferences(lens):
    """{customer: (category, net)} of the category with most net."""
    query = (
        lens.items(
            SalesItem.customer, fn.COALESCE(Product.category, SQL("''")), fn.SUM(SalesItem.net)
        )
        .join(Product, JOIN.LEFT_OUTER, on=(Product.id == SalesItem.product))
        .group_by(SalesItem.customer, fn.COALESCE(Product.category, SQL("''")))
    )
    best = {}
    for customer, category, net in query.tuples():
        if category and (
            customer not in best or (int(net), category) > (best[customer][1], best[customer][0])
        ):
            best[customer] = (category, int(net))
    return best


def names_of(idents):
    """{id: name}"""
    idents, found = list(idents), {}
    for at in range(0, len(idents), AT_ONCE):
        found |= dict(
            Customer.select(Customer.id, Customer.name)
            .where(Customer.id.in_(idents[at : at + AT_ONCE]))
            .tuples()
        )
    return found
