"""The tabs over the list of documents: what is not issued yet, and what is owed."""

from peewee import fn

from models.core.clock import today
from models.documents import Document
from models.receivables.balance import NOT_DESTROYED, by_money
from models.receivables.due_item import DueItem, DueSum

# tab: the states of the documents in it; None: by what is owed of the invoice
TABS = {
    "draft": ("draft", "returned", "approved"),
    "submitted": ("submitted",),
    "open": None,
    "overdue": None,
    "paid": None,
}


def of_tab(documents, tab):
    """The query of documents limited to a tab."""
    if TABS[tab]:
        return documents.where(Document.state.in_(TABS[tab]))
    if tab == "open":
        owed = DueItem.select(DueItem.document).where(DueItem.is_open())
        return documents.where(NOT_DESTROYED, Document.id.in_(owed))
    return by_money(documents, tab)


def counts(customer_ids=None):
    """{tab: [(currency, how many, minor units)]}, the units still open for what is owed; of all
    customers, or of those in a query of ids."""

    def summed(model, amount, where, number=None):
        mine = where if customer_ids is None else where & model.customer.in_(customer_ids)
        number = fn.COUNT(model.id) if number is None else number
        rows = model.select(model.currency, number, fn.SUM(amount)).where(mine)
        rows = rows.group_by(model.currency).order_by(number.desc(), model.currency).tuples()
        return [(currency, int(n), int(total)) for currency, n, total in rows]

    owed, late = DueItem.is_open(), DueItem.is_overdue(today())
    return {
        "draft": summed(Document, Document.total, Document.state.in_(TABS["draft"])),
        "submitted": summed(Document, Document.total, Document.state.in_(TABS["submitted"])),
        "open": summed(DueItem, DueItem.open, owed),
        "overdue": summed(DueItem, DueItem.open, late),
        "paid": summed(DueSum, DueSum.amount, DueSum.state == "paid", fn.SUM(DueSum.items)),
    }
