"""The words of rows: a few short lines each, which change with every verb."""

import peewee as pw

from models.adapters.search.word_index import every, match, on_sqlite, quoted
from models.adapters.search.words import CHINESE, lines, pairs
from models.core.imported_range import ImportedRange
from models.core.model import Model
from models.core.portions import insert
from models.core.published import with_unpublished

WORD_INDEXES = PAIRS, TRIGRAMS = "search_entry_pairs", "search_entry_trigrams"
BATCH = 500


class SearchEntry(Model):
    """The words of one row, a line for each; `pairs` are its neighbouring signs, for words of two
    that a trigram cannot find. On SQLite two FTS5 tables follow this one by triggers, on
    PostgreSQL two GIN indexes."""

    kind = pw.CharField(max_length=20)
    ref = pw.IntegerField()
    words = pw.TextField()
    pairs = pw.TextField()

    class Meta:
        indexes = ((("kind", "ref"), True),)


def index(row):
    kind, ref, words, pairs = _entry(row)
    SearchEntry.insert(kind=kind, ref=ref, words=words, pairs=pairs).on_conflict(
        conflict_target=[SearchEntry.kind, SearchEntry.ref],
        update={SearchEntry.words: words, SearchEntry.pairs: pairs},
        where=(SearchEntry.words != words),
    ).execute()


def remove(row):
    SearchEntry.delete().where(
        SearchEntry.kind == row.search_kind, SearchEntry.ref == row.get_id()
    ).execute()


def _entry(row):
    words = "\n" + lines(row.search_words())
    return row.search_kind, row.get_id(), words, " ".join(_codes(words, row.search_short))


def _codes(text, short):
    runs = text.split("\n") if short else CHINESE.findall(text)
    return dict.fromkeys(_code(pair) for run in runs for pair in pairs(run))


def _code(pair):
    """A pair of signs as one word that no tokenizer takes apart."""
    return "x".join(f"{ord(sign):x}" for sign in pair)


def find(cls, asked):
    return SearchEntry.select(SearchEntry.ref).where(*_holding(cls, asked))


def best(cls, rows, asked):
    """Those of the rows that are found, first those with a line that begins with what was asked,
    then the newest."""
    begins = pw.Case(None, [(_begins(asked[0]), 0)], 1)
    return (
        rows.join_from(cls, SearchEntry, on=(SearchEntry.ref == cls.id))
        .where(*_holding(cls, asked))
        .order_by(begins, cls.id.desc())
    )


def _holding(cls, asked):
    parts = [part for word in asked for part in _holds(word, cls.search_short)]
    # Where the word index answers, it is not to go through all rows of the kind instead.
    kind = SearchEntry.kind.concat("") if any(len(w) > 1 for w in asked) else SearchEntry.kind
    return [kind == cls.search_kind, *parts]


def _holds(word, short):
    """Conditions that are true for all that hold the word: what an index answers, then the exact
    test."""
    chinese = CHINESE.fullmatch(word) and len(word) > 1
    if not (short or chinese or len(word) > 2):
        return [SearchEntry.id < 0]  # too many rows have such a word
    if len(word) == 1:
        return [_begins(word)]
    exact = SearchEntry.words.contains(word)
    if chinese or len(word) == 2:
        return [_has_pairs([_code(pair) for pair in pairs(word)]), exact]
    return [match(SearchEntry, TRIGRAMS, quoted(word)), exact] if on_sqlite() else [exact]


def _begins(word):
    return SearchEntry.words.contains("\n" + word)


def _has_pairs(codes):
    if on_sqlite():
        return match(SearchEntry, PAIRS, " ".join(codes))
    return pw.SQL("string_to_array(pairs, ' ') @> %s", (codes,))


def rebuild(sources):
    """Write the entries of these classes anew, also of what an import has not published yet.
    Returns how many there are."""
    SearchEntry.delete().execute()
    with with_unpublished():
        for cls in sources:
            for batch in pw.chunked(map(_entry, every(cls, BATCH)), BATCH):
                SearchEntry.insert_many(batch, _fields()).execute()
    return SearchEntry.select().count()


def _fields():
    return [SearchEntry.kind, SearchEntry.ref, SearchEntry.words, SearchEntry.pairs]


def entries(cls, first, last):
    """What the index keeps of the class's rows with these ids, read page by page."""
    fields = [getattr(cls, name) for name in ("id", *cls.search_fields) if cls.search_fields]
    for start in range(first, last + 1, BATCH):
        ids = cls.id.between(start, min(start + BATCH - 1, last))
        yield from map(_entry, list(cls.select(*fields).where(ids)))


def add(found):
    """Keep these entries of rows that are new."""
    insert(SearchEntry, _fields(), found, new=("kind", "ref"))


def remove_all(cls, first, last):
    """Forget the rows of the class with these ids."""
    of_kind = SearchEntry.kind == cls.search_kind
    SearchEntry.delete().where(of_kind, SearchEntry.ref.between(first, last)).execute()


def differences(sources):
    """Sentences on entries that are missing, stale or left over."""
    kinds = [cls.search_kind for cls in sources]
    strange = SearchEntry.select().where(SearchEntry.kind.not_in(kinds))
    yield from (f"search: {e.kind} {e.ref} is no kind that is indexed" for e in strange)
    for cls in sources:
        hidden, last = ImportedRange.ids_hidden(cls), -1
        for rows in pw.chunked(every(cls, BATCH), BATCH):
            kept = _kept(cls, SearchEntry.ref.between(last + 1, rows[-1].id))
            last = rows[-1].id
            for row in rows:
                if kept.pop(row.id, None) != _entry(row)[2:]:
                    yield f"search: {cls.search_kind} {row.id} is not indexed as it stands"
            yield from _gone(cls, kept, hidden)
        yield from _gone(cls, _kept(cls, SearchEntry.ref > last), hidden)


def _kept(cls, which):
    rows = SearchEntry.select().where(SearchEntry.kind == cls.search_kind, which)
    return {entry.ref: (entry.words, entry.pairs) for entry in rows}


def _gone(cls, kept, hidden):
    gone = [ref for ref in kept if ref not in hidden]
    return [f"search: {cls.search_kind} {ref} is indexed but gone" for ref in gone]


def is_filled(sources):
    return SearchEntry.select().exists() or not any(cls.select().exists() for cls in sources)
