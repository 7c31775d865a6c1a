"""Which amounts of an invoice no reminder may claim: derived each time from live holds, disputes,
promises, reported payments and imports that are not kept yet."""

from models.core.model import present
from models.disputes import Dispute
from models.documents import Document
from models.dunning.hold import Hold
from models.dunning.promise import Promise
from models.payments import Payment, open_balance


def _of_unkept_imports(open_balances):
    """The whole of each invoice whose import may still be undone."""
    ids = Document.id.in_(list(open_balances)) & Document.is_of_unkept_import()
    return {
        ident: open_balances[ident] for (ident,) in Document.select(Document.id).where(ids).tuples()
    }


# Each returns {invoice id: minor units} for {invoice id: open balance}.
HOLD_SOURCES = {
    "hold": Hold.amounts_on_hold,
    "dispute": lambda open_balances: Dispute.amounts_on_hold(list(open_balances)),
    "promise": Promise.amounts_on_hold,
    "reported": Payment.reported_amounts,
    "import": _of_unkept_imports,
}


def sources_with_rows(**others):
    """The names of the sources that hold anything back in the whole firm, found in one query;
    `others`: {name: query} that the caller wants to know of too."""
    return present(
        hold=Hold.live(),
        dispute=Dispute.select(),
        promise=Promise.live(),
        reported=Payment.reported(),
        **others,
    ) | {"import"}


def amounts_on_hold(open_balances, sources=tuple(HOLD_SOURCES)):
    """{invoice id: {source: minor units}} for {invoice id: open balance}. A caller that knows which
    sources have rows passes only these."""
    amounts = {ident: {} for ident in open_balances}
    for name, source in HOLD_SOURCES.items():
        if name not in sources:
            continue
        for ident, amount in source(open_balances).items():
            if amount > 0:
                amounts[ident][name] = amount
    return amounts


def amount_on_hold(invoice):
    """The part of the invoice's open balance that no reminder may claim."""
    open_amount = open_balance(invoice)
    if open_amount <= 0:
        return 0
    return min(open_amount, sum(amounts_on_hold({invoice.id: open_amount})[invoice.id].values()))
