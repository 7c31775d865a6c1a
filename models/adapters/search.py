"""One index over everything that people look for by words: exact, whatever the alphabet.

SQLite's trigrams find nothing under three characters, so no two-character Chinese word, and pairs
of Chinese characters lose all else: both stand beside each other, and what is too short for either
is looked for letter by letter.

It stands beside `finder`, which serves the box of rows. Here a body may be the 400,000 letters of a
PDF, so the word index keeps no copy of the text (contentless) and words are judged whole; there a
row has a few names, found as one types, by pinyin initials and pairs of Latin letters too, which
over the text of files would find nearly everything."""

import re
import unicodedata

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.model import Model

HAN = "\u3400-\u4db5\u4e00-\u9fcc\U00020000-\U0002a6d6"
RUN = re.compile(f"[{HAN}]+")
MOST_TEXT, MOST_WORDS = 400_000, 12


class IndexedText(Model):
    """What can be found of one thing: `kind` and `ident` name it, the first `own` characters of
    `body` are its own facts, the rest was read from its file."""

    kind = pw.CharField(max_length=20)
    ident = pw.IntegerField()
    own = pw.IntegerField(default=0)
    body = pw.TextField(default="")
    at = pw.DateTimeField()

    class Meta:
        indexes = ((("kind", "ident"), True),)


def plain(text):
    """Text as it is compared: width, case and line ends do not matter."""
    return unicodedata.normalize("NFKC", str(text)).lower().replace("\0", "")


@db.atomic()
def index(kind, ident, facts=None, read=None):
    """Index a thing by its facts and by what was read from its file; None leaves that part as it
    is."""
    old = IndexedText.get_or_none(IndexedText.kind == kind, IndexedText.ident == ident)
    facts = old.body[: old.own] if facts is None and old else plain(facts or "")[:MOST_TEXT]
    read = old.body[old.own :] if read is None and old else plain(read or "")[:MOST_TEXT]
    if old:
        _forget(old)
    row = old or IndexedText(kind=kind, ident=ident)
    row.own, row.body, row.at = len(facts) + 1, facts + "\n" + read.removeprefix("\n"), now()
    row.save()
    _learn(row)


@db.atomic()
def remove(kind, ident):
    """Forget a thing, to the last letter: what was destroyed is not to be found in the index's
    pages either."""
    row = IndexedText.get_or_none(IndexedText.kind == kind, IndexedText.ident == ident)
    if row:
        _forget(row)
        IndexedText.delete().where(IndexedText.id == row.id).execute()


def sweep():
    """Rewrite the index without what was dropped from it."""
    if _sqlite():
        for table in ("search_pairs", "search_trigrams"):
            db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def find(text, kinds=()):
    """Rows (kind, ident) that hold every word of the text somewhere; a query to page and sort."""
    query = IndexedText.select(IndexedText.kind, IndexedText.ident)
    if kinds:
        query = query.where(IndexedText.kind.in_(list(kinds)))
    for word in words(text):
        query = query.where(_holds(word))
    return query


def ids(text, kind):
    """The ids of one kind, as a query for `in_`."""
    return find(text, [kind]).select(IndexedText.ident)


def words(text):
    return plain(text).split()[:MOST_WORDS]


def _holds(word):
    if _sqlite():
        if RUN.fullmatch(word):
            if len(word) == 1:
                return _match("search_pairs", f'"{word}"*')
            return _match(
                "search_pairs", '"' + " ".join(word[i : i + 2] for i in range(len(word) - 1)) + '"'
            )
        if len(word) >= 3:
            return _match("search_trigrams", '"' + word.replace('"', '""') + '"')
    return IndexedText.body.contains(word)


def _match(table, expression):
    return IndexedText.id.in_(
        pw.SQL(f"(SELECT rowid FROM {table} WHERE {table} MATCH ?)", [expression])
    )


def pairs(body):
    """華信貿易 as 華信 信貿 貿易 易: the last character alone lets a single one be found, and keeps
    runs apart."""
    return " ".join(
        " ".join([*(run[i : i + 2] for i in range(len(run) - 1)), run[-1]])
        for run in RUN.findall(body)
    )


@db.atomic()
def rebuild():
    """Write the indexes anew from the kept texts, as after a restore, which brings those only.
    Returns how many."""
    if _sqlite():
        for table in ("search_pairs", "search_trigrams"):
            db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        for row in IndexedText.select().iterator():
            _learn(row)
    return IndexedText.select().count()


def differences():
    """Sentences on what rebuild() would mend."""
    if not _sqlite():
        return []
    kept = IndexedText.select().count()
    return [
        f"archive: {kept} texts are kept, {held} stand in {table}"
        for table in ("search_pairs", "search_trigrams")
        if (held := db.execute_sql(f"SELECT COUNT(*) FROM {table}_docsize").fetchone()[0]) != kept
    ]


def _learn(row):
    if _sqlite():
        db.execute_sql(
            "INSERT INTO search_pairs (rowid, body) VALUES (?, ?)", (row.id, pairs(row.body))
        )
        db.execute_sql(
            "INSERT INTO search_trigrams (rowid, body) VALUES (?, ?)", (row.id, row.body)
        )


def _forget(row):
    """Both indexes keep no text of their own, so they are told what to forget."""
    if _sqlite():
        for table, body in (("search_pairs", pairs(row.body)), ("search_trigrams", row.body)):
            db.execute_sql(
                f"INSERT INTO {table} ({table}, rowid, body) VALUES ('delete', ?, ?)",
                (row.id, body),
            )


def _sqlite():
    return isinstance(db.obj, pw.SqliteDatabase)
