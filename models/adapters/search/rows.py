"""The words of rows: a few short lines each, which change with every verb."""

import re
from collections import namedtuple

import peewee as pw

from models.adapters.search.word_index import every, match, on_sqlite, quoted
from models.adapters.search.words import CHINESE, lines, pairs
from models.core.database import db
from models.core.imported_range import ImportedRange
from models.core.model import Model
from models.core.portions import insert
from models.core.prepared import prepared
from models.core.published import with_unpublished

WORD_INDEXES = PAIRS, TRIGRAMS = "search_entry_pairs", "search_entry_trigrams"
BATCH = 500
SHORT, AMOUNT = re.compile("[!-~\u4e00-\u9fcc]{1,2}"), re.compile("[-.0-9]+")
MANY = 2000  # rows of a word index, which take longer to sort than to read until a page is full
# Each kind has a range of ids of its own, so that a word index reads the rows of one kind alone,
# the newest first. New ones come last.
KINDS, ROOM = ("contacts", "customers", "documents", "products"), 1 << 40


class SearchEntry(Model):
    """The words of one row, a line for each; `pairs` are its neighbouring signs, for words of two
    that a trigram cannot find. On SQLite two FTS5 tables follow this one by triggers, on
    PostgreSQL two GIN indexes."""

    id = pw.BigAutoField()
    kind = pw.CharField(max_length=20)
    ref = pw.IntegerField()
    words = pw.TextField()
    pairs = pw.TextField()

    class Meta:
        indexes = ((("kind", "ref"), True),)


def index(row):
    _store(*_entry(row))


@prepared
def _store(ident, kind, ref, words, pairs):
    entry = SearchEntry.insert(id=ident, kind=kind, ref=ref, words=words, pairs=pairs)
    return entry.on_conflict(
        conflict_target=[SearchEntry.kind, SearchEntry.ref],
        update={SearchEntry.words: words, SearchEntry.pairs: pairs},
        where=(SearchEntry.words != words),
    )


def remove(row):
    SearchEntry.delete().where(
        SearchEntry.kind == row.search_kind, SearchEntry.ref == row.get_id()
    ).execute()


def _entry(row):
    words = "\n" + lines(row.search_words())
    pairs = " ".join(_codes(words, row.search_short))
    return _first(row) + row.get_id(), row.search_kind, row.get_id(), words, pairs


def _first(cls):
    """What is added to the id of a row to be that of its entry."""
    return (1 + KINDS.index(cls.search_kind)) * ROOM


def _range(cls):
    """The first and the last id that entries of the class may have."""
    return _first(cls), _first(cls) + ROOM - 1


def _codes(text, short):
    runs = text.split("\n") if short else CHINESE.findall(text)
    return dict.fromkeys(_code(pair) for run in runs for pair in pairs(run))


def _code(pair):
    """A pair of signs as one word that no tokenizer takes apart."""
    return "x".join(f"{ord(sign):x}" for sign in pair)


def find(cls, asked):
    where = _where(cls, asked)
    if isinstance(where, Place):
        return _newest(cls, asked, *where).select(SearchEntry.ref)
    return SearchEntry.select(SearchEntry.ref).where(*where, *_tests(cls, asked))


def best(cls, rows, asked, most):
    """The first `most` of those rows that are found: first those with a line that begins with what
    was asked, then the newest."""
    where = _where(cls, asked)
    if isinstance(where, Place):
        return _best_of_many(cls, rows, asked, where, most)
    begins = pw.Case(None, [(_begins(asked[0]), 0)], 1)
    found = rows.join_from(cls, SearchEntry, on=(SearchEntry.ref == cls.id))
    found = found.where(*where, *_tests(cls, asked)).order_by(begins, cls.id.desc())
    return list(found.limit(most))


def _best_of_many(cls, rows, asked, where, most):
    """The same without sorting all that are found."""
    begins, ids = _begins(asked[0]), []
    begin = Place(TRIGRAMS, quoted("\n" + asked[0]))
    passes = [(begin, begins), (where, ~begins)]
    for index, part in passes if len(asked[0]) > 1 else [(where, begins | ~begins)]:
        found = _newest(cls, asked, *index).where(part)
        seen = found.where(pw.fn.EXISTS(rows.where(cls.id == SearchEntry.ref)))
        query = seen.select(SearchEntry.ref).limit(most - len(ids))
        ids += [ident for (ident,) in query.tuples()]
    row_of = {row.id: row for row in rows.where(cls.id.in_(ids))}
    return [row_of[ident] for ident in ids]


def _newest(cls, asked, table, expression):
    """The entries that the word index finds, the newest first: read one after the other, as far as
    somebody wants to."""
    index = pw.Table(table, ["rowid", table], alias="found")
    found = SearchEntry.select().from_(index, SearchEntry)
    hit = pw.Expression(getattr(index, table), "MATCH", expression)
    tests = [hit, index.rowid.between(*_range(cls)), SearchEntry.id == index.rowid]
    return found.where(*tests, *_tests(cls, asked)).order_by(index.rowid.desc())


def _where(cls, asked):
    """Where the entries of the class with these words stand: conditions, or a Place that finds
    many."""
    runs = [word for word in asked if CHINESE.fullmatch(word) or len(word) == 2]
    codes = [_code(pair) for word in runs for pair in pairs(word)]
    if not on_sqlite():
        return [SearchEntry.kind == cls.search_kind, *([_has_pairs(codes)] if codes else [])]
    phrases = [quoted(word) for word in asked if len(word) > 2 and word not in runs]
    places = [(TRIGRAMS, " AND ".join(phrases)), (PAIRS, " ".join(codes))]
    places = [Place(*place) for place in places if place[1]]
    few = [place for place in places if not place.finds_many(cls)]
    if few:
        return [match(SearchEntry, *place, between=_range(cls)) for place in few]
    return places[0] if places else [SearchEntry.kind == cls.search_kind]


class Place(namedtuple("Place", "table expression")):
    """What one of SQLite's word indexes is asked."""

    def finds_many(self, cls):
        where = f"{self.table} MATCH ? AND rowid BETWEEN ? AND ?"
        some = f"SELECT 1 FROM {self.table} WHERE {where} LIMIT {MANY}"
        count = db.execute_sql(f"SELECT COUNT(*) FROM ({some})", (self.expression, *_range(cls)))
        return count.fetchone()[0] == MANY


def _tests(cls, asked):
    """Conditions that are true for all that hold the words, whatever an index says."""
    return [_test(word, cls.search_short) for word in asked]


def _test(word, short):
    if not (short or len(word) > 2 or len(word) > 1 and CHINESE.fullmatch(word)):
        return pw.SQL("1 = 0")  # too many rows have such a word
    return _begins(word) if len(word) == 1 else SearchEntry.words.contains(word)


def _begins(word):
    return SearchEntry.words.contains("\n" + word)


def _has_pairs(codes):
    return pw.SQL("string_to_array(pairs, ' ') @> %s", (codes,))


def with_short(cls, word, most):
    """The ids of at most so many rows that may hold a word too short for a trigram, by the trigrams
    that begin with it; None where that says nothing: of signs that also end an amount, which ends
    an entry, or are folded, and on PostgreSQL."""
    if not on_sqlite() or not SHORT.fullmatch(word) or AMOUNT.fullmatch(word):
        return None
    of = f"fts5vocab('main', '{TRIGRAMS}', 'instance')"
    db.execute_sql(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING {of}")
    found = db.execute_sql(
        "SELECT DISTINCT doc FROM temp.search_terms "
        "WHERE term >= ? AND term < ? AND doc BETWEEN ? AND ? LIMIT ?",
        (word, word[:-1] + chr(ord(word[-1]) + 1), *_range(cls), most),
    )
    return [ident - _first(cls) for (ident,) in found.fetchall()]


def rebuild(sources):
    """Write the entries of these classes anew, also of what an import has not published yet.
    Returns how many there are."""
    SearchEntry.delete().execute()
    with with_unpublished():
        for cls in sources:
            for batch in pw.chunked(map(_entry, every(cls, BATCH, *_read(cls))), BATCH):
                SearchEntry.insert_many(batch, _fields()).execute()
    return SearchEntry.select().count()


def _fields():
    return SearchEntry._meta.sorted_fields


def entries(cls, first, last):
    """What the index keeps of the class's rows with these ids, read page by page."""
    for start in range(first, last + 1, BATCH):
        ids = cls.id.between(start, min(start + BATCH - 1, last))
        yield from map(_entry, list(cls.select(*_read(cls)).where(ids)))


def _read(cls):
    """The fields that its words are made of, or none for all of them."""
    return [getattr(cls, name) for name in ("id", *cls.search_fields) if cls.search_fields]


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
        for rows in pw.chunked(every(cls, BATCH, *_read(cls)), BATCH):
            kept = _kept(cls, SearchEntry.ref.between(last + 1, rows[-1].id))
            last = rows[-1].id
            for row in rows:
                if kept.pop(row.id, None) != _entry(row):
                    yield f"search: {cls.search_kind} {row.id} is not indexed as it stands"
            yield from _gone(cls, kept, hidden)
        yield from _gone(cls, _kept(cls, SearchEntry.ref > last), hidden)


def _kept(cls, which):
    rows = SearchEntry.select().where(SearchEntry.kind == cls.search_kind, which)
    return {entry[2]: entry for entry in rows.tuples()}


def _gone(cls, kept, hidden):
    gone = [ref for ref in kept if ref not in hidden]
    return [f"search: {cls.search_kind} {ref} is indexed but gone" for ref in gone]


def is_filled(sources):
    return SearchEntry.select().exists() or not any(cls.select().exists() for cls in sources)
