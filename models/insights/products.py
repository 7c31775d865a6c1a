"""What was sold, by product and by category, against before, with its course over the months."""

from collections import namedtuple

from peewee import JOIN, SQL, fn

from models.documents.sales import SalesItem
from models.insights.lens import month_of
from models.insights.overview import change, names
from models.products import Product

Row = namedtuple(
    "Row", "id code name category unit net quantity customers before change cost costed course"
)
Best = namedtuple("Best", "id name unit net quantity")
Category = namedtuple("Category", "name net customers before change cost costed course")


def rows(lens):
    """[Row] by product, the largest first; product 0 is what was written freely on papers.
    `course`: net of each month."""
    s = SalesItem
    found = list(
        lens.items(
            s.product,
            fn.SUM(s.net),
            fn.SUM(s.quantity),
            fn.COUNT(fn.DISTINCT(s.customer)),
            fn.SUM(s.cost),
            fn.SUM(s.costed),
        )
        .group_by(s.product)
        .tuples()
    )
    before = {
        p: int(net)
        for p, net in lens.before().items(s.product, fn.SUM(s.net)).group_by(s.product).tuples()
    }
    found += [(p, 0, 0, 0, 0, 0) for p in before.keys() - {row[0] for row in found}]
    narrow = Product.select(
        Product.id, Product.code, Product.name, Product.category, Product.unit
    ).namedtuples()
    known = {
        p.id: p
        for p in (
            narrow
            if len(found) > 400
            else narrow.where(Product.id.in_([row[0] for row in found] or [0]))
        )
    }
    course = _courses(lens, s.product)
    made = []
    for product, net, quantity, customers, cost, costed in found:
        p = known.get(product)
        made.append(
            Row(
                product,
                p.code if p else "",
                p.name if p else "",
                p.category if p else "",
                p.unit if p else "",
                int(net),
                int(quantity),
                customers,
                before.get(product, 0),
                change(int(net), before.get(product, 0)),
                int(cost),
                int(costed),
                course.get(product, []),
            )
        )
    return sorted(made, key=lambda r: (-r.net, r.id))


def best(lens, most):
    """[Best] of the `most` products with the largest net, as far as that is above nothing; without
    what was before and the course over the months, for a short list."""
    s = SalesItem
    net = fn.SUM(s.net)
    found = (
        lens.items(s.product, Product.name, Product.unit, net, fn.SUM(s.quantity))
        .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
        .group_by(s.product, Product.name, Product.unit)
        .having(net > 0)
        .order_by(net.desc(), s.product)
        .limit(most)
    )
    return [
        Best(p, name or "", unit or "", int(n), int(q)) for p, name, unit, n, q in found.tuples()
    ]


def categories(lens, courses=True):
    """[Category], the largest first; "" holds what has no category or no product. `courses` False
    leaves their months out."""
    s, name = SalesItem, fn.COALESCE(Product.category, SQL("''"))

    def grouped(lens, *sums):
        return (
            lens.items(name, *sums)
            .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
            .group_by(name)
            .tuples()
        )

    found = {
        row[0]: row[1:]
        for row in grouped(
            lens, fn.SUM(s.net), fn.COUNT(fn.DISTINCT(s.customer)), fn.SUM(s.cost), fn.SUM(s.costed)
        )
    }
    before = {c: int(net) for c, net in grouped(lens.before(), fn.SUM(s.net))}
    course = _courses(lens, name) if courses else {}
    made = []
    for category in found.keys() | before.keys():
        net, customers, cost, costed = found.get(category, (0, 0, 0, 0))
        was = before.get(category, 0)
        made.append(
            Category(
                category,
                int(net),
                customers,
                was,
                change(int(net), was),
                int(cost),
                int(costed),
                course.get(category, []),
            )
        )
    return sorted(made, key=lambda c: (-c.net, c.name))


def _courses(lens, by):
    """{key: [net of each month of the lens]}"""
    s, line = SalesItem, names(lens)
    place = {m: i for i, m in enumerate(line)}
    query = (
        lens.items(by, month_of(s.day), fn.SUM(s.net))
        .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
        .group_by(by, month_of(s.day))
    )
    found = {}
    for key, month, net in query.tuples():
        found.setdefault(key, [0] * len(line))[place[month]] = int(net)
    return found
