"""Why a category fell or rose: the change taken apart, to the last cent."""

from collections import namedtuple
from decimal import Decimal

from peewee import fn

from models.core.money import round_half_up
from models.documents.sales import SalesItem
from models.insights.customers import names_of
from models.products import Product

Weak = namedtuple(
    "Weak", "before now price quantity range new lost lost_customers new_customers products"
)


def explain(lens, category, than=None):
    """What became of the category since `than` (else the period before). The parts add up to now −
    before: lost: what customers had bought who now bought nothing; new: what those bought who had
    bought nothing; range: products that only one of the two periods knows, among customers of both;
    quantity: (quantity now − before) at the price before; price: (price now − before) on the
    quantity now."""
    here = lens.moved(category=category)
    was, now = _bought((than or lens.before()).moved(category=category)), _bought(here)
    old, fresh = {c for c, _ in was}, {c for c, _ in now}
    lost, new = _by(was, lambda key: key[0], old - fresh), _by(now, lambda key: key[0], fresh - old)
    both, price, quantity, range_ = old & fresh, 0, 0, 0
    for key in {k for k in was.keys() | now.keys() if k[0] in both}:
        (net0, q0), (net1, q1) = was.get(key, (0, 0)), now.get(key, (0, 0))
        if q0 <= 0 or q1 <= 0:
            range_ += net1 - net0
            continue
        at_old_price = round_half_up(Decimal(net0) * q1 / q0)
        quantity += at_old_price - net0
        price += net1 - at_old_price
    total0, total1 = sum(n for n, _ in was.values()), sum(n for n, _ in now.values())
    names = names_of(lost.keys() | new.keys())
    return Weak(
        total0,
        total1,
        price,
        quantity,
        range_,
        sum(new.values()),
        -sum(lost.values()),
        _named(lost, names),
        _named(new, names),
        _fallen(was, now),
    )


def buyers(lens):
    """Ids of those with anything of it in the days."""
    return {c for c, _p in _bought(lens)}


def _bought(lens):
    """{(customer, product): (net, quantity)}"""
    s = SalesItem
    query = lens.items(s.customer, s.product, fn.SUM(s.net), fn.SUM(s.quantity)).group_by(
        s.customer, s.product
    )
    return {(c, p): (int(net), int(quantity)) for c, p, net, quantity in query.tuples()}


def _by(rows, key, wanted):
    found = dict.fromkeys(wanted, 0)
    for k, (net, _) in rows.items():
        if key(k) in found:
            found[key(k)] += net
    return found


def _named(sums, names):
    return sorted(
        ((c, names.get(c, "?"), net) for c, net in sums.items()), key=lambda row: (-row[2], row[0])
    )


def _fallen(was, now):
    """[(product id, name, before, now)], the largest fall first."""
    every = {p for _, p in was.keys() | now.keys()}
    old, new = _by(was, lambda k: k[1], every), _by(now, lambda k: k[1], every)
    names = dict(
        Product.select(Product.id, Product.name)
        .where(Product.id.in_(list(every)[:900] or [0]))
        .tuples()
    )
    return sorted(
        ((p, names.get(p, ""), old[p], new[p]) for p in every), key=lambda r: (r[3] - r[2], r[0])
    )
