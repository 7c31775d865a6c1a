"""The figures from which the four questions of the insights are answered in a sentence."""

from collections import namedtuple

from peewee import SQL, Case, fn

from models.customers import Customer
from models.documents.sales import SalesDay
from models.insights import pareto
from models.insights.overview import change

# shares and changes in basis points; None where there is nothing to compare with
Doing = namedtuple("Doing", "net papers papers_before change average_change")
Leading = namedtuple("Leading", "count first few")
Sources = namedtuple("Sources", "lost less more new")
FEW, MOST = 3, 5


def doing(now, before):
    """How the totals of a period compare with those of another, or with None."""
    if before is None or before.net <= 0 or not before.papers:
        return Doing(now.net, now.papers, None, None, None)
    return Doing(
        now.net,
        now.papers,
        before.papers,
        change(now.net, before.net),
        change(now.average, before.average),
    )


def leading(items):
    """Who or what made most of [(id, net)]: how many sold or bought, the first, and the last of
    the first few, whose `upto` is their share together; and the first rows."""
    count, rows = sum(net > 0 for _id, net in items), pareto.rows(items, MOST)
    few = rows[FEW - 1] if count > FEW else None
    return Leading(count, rows[0] if rows else None, few), rows


def sources(lens, before):
    """From which customers the change of net between two lenses comes; the parts add up to it."""
    d = SalesDay
    both = lens.replace(first=min(lens.first, before.first), last=max(lens.last, before.last))
    now, was = (
        fn.SUM(Case(None, [(d.day.between(x.first, x.last), d.net)], SQL("0")))
        for x in (lens, before)
    )
    of = both.days(d.customer, now.alias("now"), was.alias("was")).group_by(d.customer)
    # named, as the index of a customer's days has their net too
    of = of.where(d.customer.in_(Customer.select(Customer.id))).alias("of")
    now, was = of.c.now, of.c.was
    lasting, change = (now != 0) & (was != 0), now - was
    parts = (
        (now == 0, change),
        (lasting & (change < 0), change),
        (lasting & (change > 0), change),
        (was == 0, change),
    )
    sums = [fn.COALESCE(fn.SUM(Case(None, [part])), SQL("0")) for part in parts]
    return Sources(*map(int, d.select(*sums).from_(of).scalar(as_tuple=True)))
