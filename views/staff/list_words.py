"""Narrowing the lists of documents and payments by words of a number, a reference or a customer's
name: an index says which few rows to look at."""

import functools
import operator

from peewee import SQL

from models.adapters import search
from models.customers import Customer
from models.documents import Document
from models.insights.lens import id_list_sql
from views.web.scope import sees

MOST_ROWS, MOST_CUSTOMERS = 5000, 1000  # that are looked at one by one


def holds(model, word):
    """The condition that the row's number or reference, or the customer's name, holds the word.
    Where many do, the page is soon full without an index, from the first that does."""
    own = model.number.contains(word) | model.reference.contains(word)
    theirs = Customer.name.contains(word)
    short = len(word) < 2 or len(word) == 2 and not search.CHINESE.fullmatch(word)
    customers = _named(theirs) if short else search.few(word, "customers", MOST_CUSTOMERS)
    if customers is None:
        return own | theirs
    rows = _few_rows(model, word, short)
    if rows is None and not customers:
        ends = search.ends(model, word)
        return own & model.id.between(*ends) if ends else own
    if rows is None:
        return own | theirs
    # Without an empty part, of which the database would think that it must look at all.
    found = [model.id.in_(id_list_sql(rows)) & own] if rows else []
    found += [model.customer.in_(customers) & theirs] if customers else []
    return functools.reduce(operator.or_, found) if found else SQL("1 = 0")


def _few_rows(model, word, short):
    """The ids of the rows that may hold it; None where they are many, or no index says."""
    if search.in_word_index(word):
        return search.few_held(model, word, MOST_ROWS)
    if model is Document:
        found = search.few_with_short if short else search.few
        return found(word, "documents", MOST_ROWS)
    return None


def _named(theirs):
    """The ids of the customers whose name holds it; None where they are many."""
    rows = sees().customers_and_merged().where(theirs).limit(MOST_CUSTOMERS + 1)
    found = [ident for (ident,) in rows.select(Customer.id).tuples()]
    return found if len(found) <= MOST_CUSTOMERS else None
