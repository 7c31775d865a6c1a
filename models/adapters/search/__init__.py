"""Everything that is found by words: numbers, names, pinyin initials, amounts, two-character
Chinese words, the text of files; exactly what a plain LIKE over every row would find.

SQLite's trigrams find nothing under three characters, so no two-character Chinese word: pairs of
neighbouring signs stand beside them.

Two tables behind one vocabulary. Pairs kept in a column, as the triggers of the rows' index need
them, made the stored text of files 2.4 times as large and that index a third larger on SQLite;
word indexes without a copy of the text cannot follow by triggers, so that each change of a row
would be a read and five statements instead of one."""

from itertools import chain, islice

import peewee as pw

from models.adapters.search import columns, rows, texts
from models.adapters.search.columns import ends, few_held, in_word_index
from models.adapters.search.word_index import command
from models.adapters.search.words import CHINESE, pinyin, plain, words
from models.core.database import db, one_snapshot
from models.core.journal import followers

__all__ = [
    "CHINESE",
    "differences",
    "ends",
    "few",
    "few_held",
    "few_with_short",
    "find",
    "found_by_rows",
    "in_word_index",
    "index",
    "fill_empty",
    "pinyin",
    "plain",
    "read",
    "rebuild",
    "remove",
    "rows",
    "seen_by",
    "source",
    "sweep",
    "words",
]
SOURCES = {}


def source(kind, short=True, store=rows):
    """Say that rows of this class are found as `kind`, the name of their scope; the class has
    search_words(), and `search_fields` where those need only a few columns. `short` also finds
    Latin words of one or two signs."""

    def register(cls):
        SOURCES[kind] = cls
        cls.search_kind, cls.search_short, cls.search_store = kind, short, store
        cls.search_fields = getattr(cls, "search_fields", ())
        return cls

    return register


def index(row):
    """Keep the row's words; of a file, what was read of it stays."""
    row.search_store.index(row)


def read(row, text):
    """Keep what was read from the file of the row."""
    row.search_store.index(row, plain(text))


def remove(row):
    """Forget a row, to the last letter: what was destroyed is not to be found in the index's pages
    either, once they are swept."""
    row.search_store.remove(row)


def sweep():
    """Rewrite the word indexes without what was dropped from them."""
    command("optimize", *rows.WORD_INDEXES, *texts.WORD_INDEXES, *columns.WORD_INDEXES)


def find(text, kind):
    """The ids of the kind's rows that hold every word of the text, as a query for `in_`; none
    when nothing is asked."""
    cls, asked = SOURCES[kind], words(text)
    found = cls.search_store.find(cls, asked)
    return found if asked else found.where(pw.SQL("1 = 0"))


def few(text, kind, most):
    """The ids of the kind's rows that hold every word; None where they are more than `most`."""
    found = [ident for (ident,) in find(text, kind).limit(most + 1).tuples()]
    return found if len(found) <= most else None


def few_with_short(word, kind, most):
    """The ids of rows that may hold a word of one or two signs; None where they are more, or no
    index says."""
    found = rows.with_short(SOURCES[kind], word, most + 1)
    return found if found is not None and len(found) <= most else None


def seen_by(person, text, most=8):
    """[(kind, rows)] of what the person may see, the best first. A kind is the name of its scope:
    person.sees.customers(), person.sees.documents()."""
    asked = words(text)
    return [(kind, _best(person, cls, asked, most)) for kind, cls in SOURCES.items()]


def _best(person, cls, asked, most):
    if not asked:
        return []
    scope = getattr(person.sees, cls.search_kind)()
    return cls.search_store.best(cls, scope, asked, most)


@db.atomic()
def rebuild():
    """Write the indexes anew from the rows, and from what was read of the files. Returns how much
    they hold."""
    command("rebuild", *columns.WORD_INDEXES)
    return rows.rebuild(_of(rows)) + texts.rebuild()


@one_snapshot()
def differences(most=20):
    """Sentences on what a rebuild would repair."""
    parts = rows.differences(_of(rows)), texts.differences(), columns.differences()
    return list(islice(chain(*parts), most))


@db.atomic()
def fill_empty():
    """Write anew what is empty: everything after an update that emptied the rows' index, else the
    word indexes of texts, which a restore does not bring. Quick, not exact."""
    if not rows.is_filled(SOURCES.values()):
        rebuild()
    elif any(texts.differences()):
        texts.rebuild()


def found_by_rows():
    """The classes whose rows are found by their own words."""
    return _of(rows)


def _of(store):
    return [cls for cls in SOURCES.values() if cls.search_store is store]


def _follow(row, gone):
    """What a verb changed is found by its new words at once. The words of a file also stand in
    other rows: its own verbs index it."""
    if type(row) in _of(rows):
        (remove if gone else index)(row)


followers.append(_follow)
