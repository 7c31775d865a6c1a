"""Narrowing the lists of documents and payments by words of a number, a reference or a customer's
name: an index says which few rows to look at."""

from peewee import SQL

from models.adapters import search
from models.customers import Customer
from models.documents import Document
from models.insights.lens import id_list_sql
from views.web.scope import sees

MOST_ROWS, MOST_CUSTOMERS = 5000, 1000  # that are looked at one by one


def holds(model, word):
    """The condition that the row's number or reference, or the customer's name, holds the word.
    Where many do, the page is soon full without an index."""
    theirs = Customer.name.contains(word)
    customers = _named(theirs) if _is_short(word) else search.few(word, "customers", MOST_CUSTOMERS)
    if customers == []:
        return holds_itself(model, word)
    rows = None if customers is None else _few_rows(model, word)
    if rows is None:
        return _own(model, word) | theirs
    by_name = model.customer.in_(customers) & theirs
    # Without an empty part, of which the database would think that it must look at all.
    return by_name | (model.id.in_(id_list_sql(rows)) & _own(model, word)) if rows else by_name


def holds_itself(model, word):
    """The condition that the row's number or reference holds the word. Where many do, they are
    looked at from the first of them."""
    rows, own = _few_rows(model, word), _own(model, word)
    if rows is None:
        ends = search.ends(model, word)
        return own & model.id.between(*ends) if ends else own
    return model.id.in_(id_list_sql(rows)) & own if rows else SQL("1 = 0")


def _own(model, word):
    return model.number.contains(word) | model.reference.contains(word)


def _is_short(word):
    return len(word) < 2 or len(word) == 2 and not search.CHINESE.fullmatch(word)


def _few_rows(model, word):
    """The ids of the rows that may hold it; None where they are many, or no index says."""
    if search.in_word_index(word):
        return search.few_held(model, word, MOST_ROWS)
    if model is Document:
        found = search.few_with_short if _is_short(word) else search.few
        return found(word, "documents", MOST_ROWS)
    return None


def _named(theirs):
    """The ids of the customers whose name holds it; None where they are many."""
    rows = sees().customers_and_merged().where(theirs).limit(MOST_CUSTOMERS + 1)
    found = [ident for (ident,) in rows.select(Customer.id).tuples()]
    return found if len(found) <= MOST_CUSTOMERS else None
