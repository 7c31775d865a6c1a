"""Customers by net sales: how often they bought, and which category most."""

from collections import namedtuple

from peewee import JOIN, SQL, Case, fn

from models.customers import Customer
from models.documents.sales import SalesDay, SalesItem
from models.insights.overview import as_day, change
from models.products import Product

Row = namedtuple("Row", "id name net papers credits days last before change category category_net")


def rows(lens, liking=True):
    """[Row] of all who bought or got a credit note in the lens's days, the largest first. `days`:
    on how many days they bought; `category`: the one with most net, unless `liking` is False."""
    d = SalesDay
    bought = Case(None, [(d.papers > 0, d.day)])  # a credit note's day is none of a purchase
    found = list(
        lens.days(
            d.customer,
            fn.SUM(d.net),
            fn.SUM(d.papers),
            fn.SUM(d.credits),
            fn.MAX(bought),
            fn.COUNT(fn.DISTINCT(bought)),
        )
        .group_by(d.customer)
        .tuples()
    )
    before = {
        c: int(n)
        for c, n in lens.before().days(d.customer, fn.SUM(d.net)).group_by(d.customer).tuples()
    }
    names, liked = names_of([row[0] for row in found]), preferences(lens) if liking else {}
    made = [
        Row(
            c,
            names.get(c, "?"),
            int(net),
            int(papers),
            int(credits),
            int(days),
            as_day(last) if last else None,
            before.get(c, 0),
            change(int(net), before.get(c, 0)),
            *liked.get(c, ("", 0)),
        )
        for c, net, papers, credits, last, days in found
    ]
    return sorted(made, key=lambda r: (-r.net, r.id))


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
    """{id: name}; read in portions, as a database takes only so many values."""
    idents, found = list(idents), {}
    for at in range(0, len(idents), 500):
        found |= dict(
            Customer.select(Customer.id, Customer.name)
            .where(Customer.id.in_(idents[at : at + 500]))
            .tuples()
        )
    return found
