"""What is kept back from reminders on an invoice: derived each time from live holds, disputes,
promises and reported payments."""

from models.disputes import Dispute
from models.dunning.hold import Hold
from models.dunning.promise import Promise
from models.payments import Payment, open_balance

# Each says {invoice id: minor units} for {invoice id: open balance}. A further source is one more
# line here.
SOURCES = {
    "hold": Hold.held,
    "dispute": lambda open_: Dispute.held(list(open_)),
    "promise": Promise.held,
    "reported": Payment.reported_amounts,
}


def why_held(open_, among=tuple(SOURCES)):
    """{invoice id: {source: minor units}} for {invoice id: open balance}; `among`: only these
    sources, where it is known that the others hold nothing."""
    found = {ident: {} for ident in open_}
    for name, source in SOURCES.items():
        if name not in among:
            continue
        for ident, amount in source(open_).items():
            if amount > 0:
                found[ident][name] = amount
    return found


def amount_on_hold(invoice):
    """How much of the invoice's open balance no reminder may claim; never more than is open."""
    left = open_balance(invoice)
    return min(left, sum(why_held({invoice.id: left})[invoice.id].values())) if left > 0 else 0
