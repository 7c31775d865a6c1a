"""Sales by product and by category, compared with the period before, and by month."""

from collections import Counter, namedtuple

from peewee import JOIN, SQL, fn

from models.core.database import db
from models.documents.sales import SalesItem
from models.insights.lens import month_of
from models.insights.overview import change, names
from models.products import Product

Sold = namedtuple("Sold", "id net quantity before cost costed course")
Row = namedtuple(
    "Row", "id code name category unit net quantity customers before change cost costed course"
)
Best = namedtuple("Best", "id name unit net quantity")
Category = namedtuple("Category", "name net customers before change cost costed course")
SUMS = ("net", "quantity", "cost", "costed")
AT_ONCE = 500  # products that are looked up together


def sold(lens):
    """[Sold] by product of the lens's days or of those before, the largest first; product 0 is for
    lines without a product. `course`: net of each month."""
    sums, courses = _by_product(lens)
    before = lens.before().sums(SalesItem, ("net",), lambda table: (table.product,))
    nothing = [0] * len(SUMS)
    found = []
    for key in sums.keys() | before.keys():
        (product,), (net, quantity, cost, costed) = key, sums.get(key, nothing)
        found.append(
            Sold(product, net, quantity, *before.get(key, (0,)), cost, costed, courses.get(key, []))
        )
    return sorted(found, key=lambda s: (-s.net, s.id))


def _by_product(lens):
    """({(product,): sums}, {(product,): [net of each month]})"""
    months = names(lens)
    place = {month: i for i, month in enumerate(months)}
    sums, courses = {}, {}
    monthly = lens.sums(SalesItem, SUMS, lambda table: (table.product, month_of(table.day)))
    for (product, month), values in monthly.items():
        old = sums.get((product,), [0] * len(SUMS))
        sums[product,] = [a + b for a, b in zip(old, values, strict=True)]
        courses.setdefault((product,), [0] * len(months))[place[month]] = values[0]
    return sums, courses


def rows(lens, some=None):
    """[Row] of these of the sold() products, or of all. `customers`: how many bought it."""
    some = sold(lens) if some is None else some
    return [row for at in range(0, len(some), AT_ONCE) for row in _rows(lens, some[at:][:AT_ONCE])]


def _rows(lens, some):
    s, ids = SalesItem, [p.id for p in some]
    buyers = lens.replace(goods=frozenset(ids)).items(s.product, fn.COUNT(fn.DISTINCT(s.customer)))
    customers = dict(db.execute(buyers.group_by(s.product)).fetchall())
    columns = Product.select(
        Product.id, Product.code, Product.name, Product.category, Product.unit
    ).where(Product.id.in_(ids or [0]))
    details = {ident: row for ident, *row in columns.tuples()}
    return [
        Row(
            p.id,
            *details.get(p.id, ("", "", "", "")),
            p.net,
            p.quantity,
            customers.get(p.id, 0),
            p.before,
            change(p.net, p.before),
            p.cost,
            p.costed,
            p.course,
        )
        for p in some
    ]


def names_of(idents):
    """{id: name}; "" for lines without a product."""
    idents, found = list(idents), {0: ""}
    for at in range(0, len(idents), AT_ONCE):
        some = Product.id.in_(idents[at : at + AT_ONCE])
        found |= dict(Product.select(Product.id, Product.name).where(some).tuples())
    return found


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
    False their months and customers are not read."""
    of_product = dict(Product.select(Product.id, Product.category).tuples())
    net, before, cost, costed, course = Counter(), Counter(), Counter(), Counter(), {}
    for p in sold(lens):
        category = of_product.get(p.id, "")
        net[category] += p.net
        before[category] += p.before
        cost[category] += p.cost
        costed[category] += p.costed
        if p.course:
            old = course.get(category, [0] * len(p.course))
            course[category] = [a + b for a, b in zip(old, p.course, strict=True)]
    customers = _customers_of_categories(lens) if courses else {}
    found = [
        Category(
            name,
            net[name],
            customers.get(name, 0),
            before[name],
            change(net[name], before[name]),
            cost[name],
            costed[name],
            course.get(name, []) if courses else [],
        )
        for name in net
    ]
    return sorted(found, key=lambda c: (-c.net, c.name))


def _customers_of_categories(lens):
    s, name = SalesItem, fn.COALESCE(Product.category, SQL("''"))
    query = lens.items(name, fn.COUNT(fn.DISTINCT(s.customer))).join(
        Product, JOIN.LEFT_OUTER, on=(Product.id == s.product)
    )
    return dict(db.execute(query.group_by(name)).fetchall())
