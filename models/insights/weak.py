"""Why the sales of a category changed: the exact parts of the change."""

from collections import namedtuple
from decimal import Decimal

from peewee import fn

from models.core.database import db
from models.core.money import round_half_up
from models.documents.sales import SalesItem

Weak = namedtuple(
    "Weak", "before now price quantity range new lost lost_customers new_customers products"
)


def explain(lens, category, compared_with=None):
    """The change of the category since `compared_with` (else the period before). Its parts add up
    to now − before. lost: sales of customers who bought only before; new: sales of customers who
    bought only now; range: products sold in only one of the two periods, to customers of both;
    quantity: (quantity now − before) at the price before; price: (price now − before) for the
    quantity now."""
    before = _bought((compared_with or lens.before()).replace(category=category))
    present = _bought(lens.replace(category=category))
    buyers_before, buyers_now = {c for c, _ in before}, {c for c, _ in present}
    lost = _by(before, lambda key: key[0], buyers_before - buyers_now)
    new = _by(present, lambda key: key[0], buyers_now - buyers_before)
    lasting_customers, price, quantity, range_ = buyers_before & buyers_now, 0, 0, 0
    for key in {k for k in before.keys() | present.keys() if k[0] in lasting_customers}:
        (net0, q0), (net1, q1) = before.get(key, (0, 0)), present.get(key, (0, 0))
        if q0 <= 0 or q1 <= 0:
            range_ += net1 - net0
            continue
        at_old_price = round_half_up(Decimal(net0) * q1 / q0)
        quantity += at_old_price - net0
        price += net1 - at_old_price
    total0, total1 = sum(n for n, _ in before.values()), sum(n for n, _ in present.values())
    return Weak(
        total0,
        total1,
        price,
        quantity,
        range_,
        sum(new.values()),
        -sum(lost.values()),
        _largest(lost),
        _largest(new),
        _fallen(before, present),
    )


def buyers(lens):
    """Ids of the customers with such purchases in the lens's days."""
    return {c for c, _p in _bought(lens)}


def _bought(lens):
    """{(customer, product): (net, quantity)}"""
    s = SalesItem
    query = lens.items(s.customer, s.product, fn.SUM(s.net), fn.SUM(s.quantity)).group_by(
        s.customer, s.product
    )
    found = db.execute(query).fetchall()
    return {(c, p): (int(net), int(quantity)) for c, p, net, quantity in found}


def _by(rows, key, keys):
    sums = dict.fromkeys(keys, 0)
    for k, (net, _) in rows.items():
        if key(k) in sums:
            sums[key(k)] += net
    return sums


def _largest(sums):
    """[(customer, net)]"""
    return sorted(sums.items(), key=lambda row: (-row[1], row[0]))


def _fallen(before, present):
    """[(product id, before, now)], the largest fall first."""
    product_ids = {p for _, p in before.keys() | present.keys()}
    net_before = _by(before, lambda key: key[1], product_ids)
    net_now = _by(present, lambda key: key[1], product_ids)
    rows = ((p, net_before[p], net_now[p]) for p in product_ids)
    return sorted(rows, key=lambda row: (row[2] - row[1], row[0]))
