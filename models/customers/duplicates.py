"""Customers that may be one: they have a name, tax id, mail or phone in common, and nobody has said
that they are different."""

import functools
import operator
from collections import namedtuple
from itertools import combinations

import peewee as pw
from peewee import fn

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import followers
from models.core.model import Model
from models.customers.customer import Customer
from models.customers.keys import CustomerKey, keys_of
from models.people import User

# By how much they tell: the same tax id says more than a phone that colleagues may share.
KINDS = ("tax_id", "name", "mail", "phone", "near")
COMPARED = ("name", "tax_id", "email", "phone")
MOST_ALIKE = 20  # more that share one phone or mail say nothing

Alike = namedtuple("Alike", "customers kinds")


class KeptApart(Model):
    """Two customers that are different, as somebody said; the one with the lower id first. The
    journal tells who said it, on both."""

    first = pw.IntegerField()
    second = pw.IntegerField(index=True)
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("first", "second"), True),)

    @classmethod
    def of(cls, ident):
        """Ids of those that were kept apart from this one."""
        rows = cls.select(cls.first, cls.second).where((cls.first == ident) | (cls.second == ident))
        return {one if other == ident else other for one, other in rows.tuples()}


@db.atomic()
def keep_apart(by, pairs):
    """Remember that the two of each pair are different ones."""
    others = {}
    for one, other in pairs:
        others.setdefault(one, []).append(other)
        others.setdefault(other, []).append(one)
    others or refuse("nothing_chosen")
    for customer in others:
        by.must("write_customer", customer)
    rows = [(*sorted((one.id, other.id)), now()) for one, other in pairs]
    KeptApart.insert_many(rows, fields=("first", "second", "at")).on_conflict_ignore().execute()
    for customer, names in others.items():
        customer.record("kept_apart", by, names=[other.name for other in names])


@db.atomic()
def save(by, customer, different=False, **data):
    """Add or change a customer with its addresses, unless others have what was typed and the person
    has not said that it is a different one: (the customer or None, the others)."""
    found = alike(by, customer, **{name: data[name] for name in COMPARED if name in data})
    if found and not different:
        return None, found
    saved = Customer.save_with_addresses(by, customer, **data)
    if found:
        keep_apart(by, [(saved, other) for other, _kinds in found])
    return saved, found


def alike(person, but=None, **data):
    """[(customer, kinds)] of those the person sees that have something of this name, tax_id, email
    or phone; `but`: neither this customer nor those kept apart from it."""
    keys = keys_of(**data)
    same = [(CustomerKey.kind == kind) & (CustomerKey.value == value) for kind, value in keys]
    if not same:
        return []
    kinds = {}
    for ident, kind, _value in _keys().where(functools.reduce(operator.or_, same)).tuples():
        kinds.setdefault(ident, set()).add(kind)
    for ident in {but.id, *KeptApart.of(but.id)} if but else ():
        kinds.pop(ident, None)
    rows = _seen(person).where(Customer.id.in_(list(kinds) or [0]))
    found = [(row, in_order(kinds[row.id])) for row in rows.order_by(Customer.id)]
    return sorted(found, key=lambda pair: KINDS.index(pair[1][0]))[:MOST_ALIKE]


def groups(person):
    """[Alike] of the customers that the person sees, those that tell most first. Who is like two
    others stands in one group with both."""
    shared, sets = _shared(), {}
    on = (shared.c.kind == CustomerKey.kind) & (shared.c.value == CustomerKey.value)
    for ident, *key in _keys().join(shared, on=on).tuples():
        sets.setdefault(tuple(key), set()).add(ident)
    holders = CustomerKey.select(CustomerKey.customer).join(_shared(), on=on)
    seen = {row.id: row for row in _seen(person).where(Customer.id.in_(holders))}
    apart = set(KeptApart.select(KeptApart.first, KeptApart.second).tuples())
    group_of = {}
    for (kind, _value), ids in sets.items():
        ids = sorted(ids & seen.keys())
        for pair in set(combinations(ids, 2)) - apart if len(ids) <= MOST_ALIKE else ():
            _join(group_of, pair, kind)
    made = [
        Alike([seen[i] for i in sorted(ids)], in_order(kinds))
        for ids, kinds in {id(group): group for group in group_of.values()}.values()
    ]
    return sorted(made, key=lambda g: (KINDS.index(g.kinds[0]), g.customers[0].id))


def _seen(person):
    """The customers that the person sees, with their salespeople."""
    rows = person.sees.customers().select(Customer, User)
    return rows.join(User, pw.JOIN.LEFT_OUTER, on=(Customer.owner == User.id))


def _join(group_of, pair, kind):
    """Bring the groups of both, each (ids, kinds), together."""
    one, other = (group_of.setdefault(ident, ({ident}, set())) for ident in pair)
    one[1].add(kind)
    if one is not other:
        one[0].update(other[0])
        one[1].update(other[1])
        group_of.update(dict.fromkeys(other[0], one))


def in_order(kinds):
    """The kinds, the strongest first; the same name is also near."""
    return [k for k in KINDS if k in kinds and not (k == "near" and "name" in kinds)]


def _keys():
    """A query of (id of the customer, kind, value): what was merged is recognised as its main
    one."""
    ident = fn.COALESCE(Customer.main, Customer.id)
    query = CustomerKey.select(ident, CustomerKey.kind, CustomerKey.value)
    return query.join(Customer, on=(Customer.id == CustomerKey.customer)).switch(CustomerKey)


def _shared():
    """The forms that several customers have, as a table."""
    key = CustomerKey.alias()
    query = key.select(key.kind, key.value).group_by(key.kind, key.value)
    return query.having(fn.COUNT(key.id) > 1).alias("shared")


def _forget(row, gone):
    if gone and isinstance(row, Customer):
        KeptApart.delete().where(
            (KeptApart.first == row.id) | (KeptApart.second == row.id)
        ).execute()


followers.append(_forget)
