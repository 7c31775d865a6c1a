"""The text of files, up to 400,000 letters each, with the facts of the row that they belong to."""

import peewee as pw

from models.adapters.search.word_index import command, every, match, on_sqlite, quoted
from models.adapters.search.words import CHINESE, lines, pairs, plain
from models.core.clock import now
from models.core.database import db
from models.core.model import Model

WORD_INDEXES = PAIRS, TRIGRAMS = "search_pairs", "search_trigrams"
MOST_AT_ONCE = 50


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

    @classmethod
    def of(cls, row):
        return cls.get_or_none(cls.kind == row.search_kind, cls.ident == row.get_id())

    def write(self, facts, read):
        own, body = len(facts) + 1, f"{facts}\n{read}"
        if (own, body) != (self.own, self.body):
            self.own, self.body, self.at = own, body, now()
            self.save()
        self.enter()

    def parts(self):
        """Its facts and what was read."""
        return self.body[: self.own].removesuffix("\n"), self.body[self.own :]

    def enter(self):
        """Into the word indexes, which keep no text of their own."""
        for table, body in self._indexed():
            db.execute_sql(f"INSERT INTO {table} (rowid, body) VALUES (?, ?)", (self.id, body))

    def leave(self):
        """Tell them what to forget."""
        for table, body in self._indexed():
            db.execute_sql(
                f"INSERT INTO {table} ({table}, rowid, body) VALUES ('delete', ?, ?)",
                (self.id, body),
            )

    def _indexed(self):
        return ((PAIRS, _pairs(self.body)), (TRIGRAMS, self.body)) if on_sqlite() else ()


def _pairs(body):
    """Its last sign alone after each run lets a single one be found, and keeps runs apart."""
    return " ".join(" ".join([*pairs(run), run[-1]]) for run in CHINESE.findall(body))


@db.atomic()
def index(row, read=None):
    """Index a row by its facts and by what was read from its file; None leaves that as it is."""
    text = IndexedText.of(row)
    if text:
        text.leave()
    else:
        text = IndexedText(kind=row.search_kind, ident=row.get_id())
    known = text.parts()[1]
    text.write(lines(row.search_words()), known if read is None else plain(read))


@db.atomic()
def remove(row):
    if text := IndexedText.of(row):
        text.leave()
        text.delete_instance()


def find(cls, asked):
    return IndexedText.select(IndexedText.ident).where(
        IndexedText.kind == cls.search_kind, *map(_holds, asked)
    )


def best(cls, rows, asked, most):
    """The first `most` of those rows that are found, the newest first."""
    return list(rows.where(cls.id.in_(find(cls, asked))).order_by(cls.id.desc()).limit(most))


def _holds(word):
    """Phrases of pairs and of trigrams are exact; what is too short for either is looked for
    letter by letter. On PostgreSQL an index knows which pairs a text has, not where."""
    chinese, holds = CHINESE.fullmatch(word), IndexedText.body.contains(word)
    if not on_sqlite():
        return (
            pw.SQL("chinese_parts(body) @> %s", (pairs(word) or [word],)) & holds
            if chinese
            else holds
        )
    if chinese:
        phrase = quoted(" ".join(pairs(word))) if len(word) > 1 else f"{quoted(word)}*"
        return match(IndexedText, PAIRS, phrase)
    return match(IndexedText, TRIGRAMS, quoted(word)) if len(word) > 2 else holds


def rebuild():
    """Write the word indexes anew from the kept texts. Returns how many there are."""
    command("delete-all", *WORD_INDEXES)
    for text in every(IndexedText, MOST_AT_ONCE):
        text.write(*map(plain, text.parts()))
    return IndexedText.select().count()


def differences():
    """Sentences on word indexes that do not have every text."""
    if not on_sqlite():
        return
    kept = IndexedText.select().count()
    for table in WORD_INDEXES:
        held = db.execute_sql(f"SELECT COUNT(*) FROM {table}_docsize").fetchone()[0]
        if held != kept:
            yield f"archive: {kept} texts are kept, {held} stand in {table}"
