"""The ids that the word indexes find, beside a LIKE over every row: the same ids."""

import time

from bench.loader import opened
from bench.tables import ratio, show
from models.adapters import search
from models.adapters.search import SOURCES
from models.adapters.search.rows import SearchEntry
from models.documents import Document
from models.payments import Payment

WORDS = "qqzzx77", "无此", "I0001234", "000"
ALL = 10**9


def compare(folder):
    """Print what finding the ids costs by index and by LIKE."""
    rows = []
    with opened(folder).app_context():
        for word in WORDS:
            for kind in SOURCES:
                if SOURCES[kind].search_store is search.rows:
                    rows.append(_beside(kind, word, _found(word, kind), _by_like(word, kind)))
            for model in (Document, Payment) if search.in_word_index(word) else ():
                where = f"list of {model._meta.table_name}s"
                rows.append(_beside(where, word, _held(model, word), _holding(model, word)))
    heads = ["where", "word", "found", "cpu by index, ms", "by LIKE, ms", "faster"]
    show("Finding the ids of a word", heads, rows)


def _found(word, kind):
    return lambda: _ids(search.find(word, kind))


def _by_like(word, kind):
    held = SearchEntry.words.contains(word.lower()), SearchEntry.kind == kind
    return lambda: _ids(SearchEntry.select(SearchEntry.ref).where(*held))


def _held(model, word):
    return lambda: search.few_held(model, word, ALL)


def _holding(model, word):
    held = model.number.contains(word) | model.reference.contains(word)
    return lambda: _ids(model.select(model.id).where(held))


def _ids(query):
    return sorted(ident for (ident,) in query.tuples())


def _beside(where, word, by_index, by_like):
    (index, found), (like, expected) = _least(by_index), _least(by_like)
    assert found == expected, (where, word, len(found), len(expected))
    return [where, word, len(found), index, like, ratio(like / index)]


def _least(find, times=3):
    """(milliseconds of the processor, ids)"""
    taken = []
    for _ in range(times):
        began = time.thread_time()
        found = find()
        taken.append((time.thread_time() - began) * 1000)
    return min(taken), found
