"""How many disputes are unresolved, how many of them late, and how much is in dispute."""

from collections import namedtuple

from peewee import fn

from models.disputes.dispute import LIVE, Dispute

Standing = namedtuple("Standing", "live late sums")


def standing(disputes):
    """The Standing of a query of disputes; `sums`: [(currency, minor units)]."""
    live = disputes.where(Dispute.state.in_(LIVE))
    sums = live.select(Dispute.currency, fn.SUM(Dispute.amount)).where(Dispute.amount > 0)
    sums = sums.group_by(Dispute.currency).order_by(Dispute.currency).tuples()
    late = disputes.where(Dispute.id.in_(Dispute.late().select(Dispute.id))).count()
    return Standing(live.count(), late, [(c, int(amount)) for c, amount in sums if c])
