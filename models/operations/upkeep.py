"""Derived data, kept for speed and rebuilt from rows at any time: the search index, the sales
summaries, the due items, the keys and groups of customers."""

from models.adapters import search
from models.customers import groups, keys
from models.documents import sales
from models.receivables import credit_item, debtor, due_item, paid_part

SUMS = {
    "merged customers": groups,
    "sales": sales,
    "due items": due_item,
    "credit items": credit_item,
    "debtors": debtor,
    "paid parts": paid_part,
}
# First under whom a customer is shown: index and sums follow it.
DERIVED = {"merged customers": groups, "search": search, "customers": keys, **SUMS}


def rebuild():
    """Rebuild all derived data; [(name, number of rows)]."""
    return [(name, part.rebuild()) for name, part in DERIVED.items()]


def differences():
    """Sentences about what a rebuild would change; empty when nothing."""
    return [text for part in DERIVED.values() for text in part.differences()]


def sum_differences():
    """The same of the sums that lists and figures read, without the search index."""
    return [text for part in SUMS.values() for text in part.differences()]


def fill_new():
    """Fill an index or summary that is empty after an upgrade or a restore."""
    search.fill_empty()
    due_item.fill_empty()
    debtor.fill_empty()
    paid_part.fill_empty()
    keys.fill_empty()
    sales.fill_empty()
