"""Sales by product and by category, compared with the period before, and by month."""

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
    """[Row] by product, the largest first; product 0 is for lines without a product. `course`: net
    of each month."""
    s = SalesItem
    sums = list(
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
    sums += [(p, 0, 0, 0, 0, 0) for p in before.keys() - {row[0] for row in sums}]
    columns = Product.select(
        Product.id, Product.code, Product.name, Product.category, Product.unit
    ).namedtuples()
    products_by_id = {
        p.id: p
        for p in (
            columns
            if len(sums) > 400
            else columns.where(Product.id.in_([row[0] for row in sums] or [0]))
        )
    }
    course = _courses(lens, s.product)
    rows = []
    for product, net, quantity, customers, cost, costed in sums:
        p = products_by_id.get(product)
        rows.append(
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
    return sorted(rows, key=lambda r: (-r.net, r.id))


def best(lens, most):
    """[Best] of the `most` products with the largest positive net: less to read than rows()."""
    s = SalesItem
    net = fn.SUM(s.net)
    sums = (
        lens.items(s.product, Product.name, Product.unit, net, fn.SUM(s.quantity))
        .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
        .group_by(s.product, Product.name, Product.unit)
        .having(net > 0)
        .order_by(net.desc(), s.product)
        .limit(most)
    )
    return [
        Best(p, name or "", unit or "", int(n), int(quantity))
        for p, name, unit, n, quantity in sums.tuples()
    ]


def categories(lens, courses=True):
    """[Category], the largest first; "" is for lines without a category or product. With `courses`
    False their months are not read."""
    s, name = SalesItem, fn.COALESCE(Product.category, SQL("''"))

    def grouped(lens, *sums):
        return (
            lens.items(name, *sums)
            .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
            .group_by(name)
            .tuples()
        )

    sums = {
        row[0]: row[1:]
        for row in grouped(
            lens, fn.SUM(s.net), fn.COUNT(fn.DISTINCT(s.customer)), fn.SUM(s.cost), fn.SUM(s.costed)
        )
    }
    before = {c: int(net) for c, net in grouped(lens.before(), fn.SUM(s.net))}
    course = _courses(lens, name) if courses else {}
    rows = []
    for category in sums.keys() | before.keys():
        net, customers, cost, costed = sums.get(category, (0, 0, 0, 0))
        net_before = before.get(category, 0)
        rows.append(
            Category(
                category,
                int(net),
                customers,
                net_before,
                change(int(net), net_before),
                int(cost),
                int(costed),
                course.get(category, []),
            )
        )
    return sorted(rows, key=lambda c: (-c.net, c.name))


def _courses(lens, by):
    """{key: [net of each month of the lens]}"""
    s, month_names = SalesItem, names(lens)
    index = {m: i for i, m in enumerate(month_names)}
    query = (
        lens.items(by, month_of(s.day), fn.SUM(s.net))
        .join(Product, JOIN.LEFT_OUTER, on=(Product.id == s.product))
        .group_by(by, month_of(s.day))
    )
    sums = {}
    for key, month, net in query.tuples():
        sums.setdefault(key, [0] * len(month_names))[index[month]] = int(net)
    return sums
