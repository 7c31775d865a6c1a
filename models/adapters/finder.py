"""One index for everything that is found by words: numbers, names, pinyin initials, amounts,
two-character Chinese words. The text of files is found by `models/adapters/search.py`, which says
why it is another index; the box asks it too."""

import re
import unicodedata

import peewee as pw
from pypinyin import Style, lazy_pinyin

from models.core.database import db
from models.core.journal import followers
from models.core.model import Model

CHINESE = re.compile("[\u3400-\u9fff]+")
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
MOST_TERMS, MOST_READ = 5, 4000
SOURCES, OTHERS = {}, {}


class SearchEntry(Model):
    """The words of one row, a line for each; `pairs` are its neighbouring signs, for words of two
    that a trigram cannot find. On SQLite two FTS5 tables follow this one by triggers (migration
    0060), on PostgreSQL two GIN indexes."""

    kind = pw.CharField(max_length=20)
    ref = pw.IntegerField()
    words = pw.TextField()
    pairs = pw.TextField()

    class Meta:
        indexes = ((("kind", "ref"), True),)


def source(kind, short=True):
    """Say that rows of this class are found as `kind`, the name of their scope; the class has
    search_words(). `short` also indexes pairs of Latin signs."""

    def register(cls):
        SOURCES[kind] = cls
        cls.search_kind, cls.search_short = kind, short
        return cls

    return register


def also(kind, looking):
    """Another source, with an index of its own: looking(person, text, most) gives the rows that the
    person may see."""
    OTHERS[kind] = looking


def plain(text):
    """Text as it is compared: one width, lower case; an amount without its commas."""
    text = unicodedata.normalize("NFKC", str(text or ""))[:MOST_READ].replace("\0", "").lower()
    return GROUPED.sub(lambda m: m.group().replace(",", ""), text)


def pinyin(name):
    """A Chinese name as it is typed in Latin letters, by initials and in full: hxsm,
    huaxinshangmao; else nothing."""
    if not CHINESE.search(name or ""):
        return []
    return [
        "".join(lazy_pinyin(name, style=style)).lower()
        for style in (Style.FIRST_LETTER, Style.NORMAL)
    ]


def index(row):
    """Keep the row's words; called with every event of a row that has some."""
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
    lines = [" ".join(plain(word).split()) for word in row.search_words()]
    words = "\n" + "\n".join(dict.fromkeys(line for line in lines if line))
    return row.search_kind, row.get_id(), words, " ".join(_pairs(words, row.search_short))


def _pairs(text, short):
    """The neighbouring signs of each line, coded so that no tokenizer takes them apart."""
    runs = text.split("\n") if short else CHINESE.findall(text)
    return dict.fromkeys(_code(run[i : i + 2]) for run in runs for i in range(len(run) - 1))


def _code(two):
    return "x".join(f"{ord(sign):x}" for sign in two)


def terms(text):
    """What is looked for, word by word."""
    return [term for term in plain(text).split() if term][:MOST_TERMS]


def find(text, kinds=None):
    """Entries that hold every word of the text: a query of refs, to be put into a scope."""
    found = SearchEntry.select(SearchEntry.ref).where(*_holding(text))
    return found.where(SearchEntry.kind.in_(kinds)) if kinds else found


def search(person, text, most=8, kinds=None):
    """[(kind, rows)] of what the person may see, those that begin with the text first, then the
    newest. A kind is the name of its scope: person.sees.customers(), person.sees.documents()."""
    found = []
    for kind in kinds or SOURCES:
        cls, first = SOURCES[kind], (terms(text) or [""])[0]
        rows = getattr(person.sees, kind)().join_from(
            cls, SearchEntry, on=(SearchEntry.ref == cls.id) & (SearchEntry.kind == kind)
        )
        begins = pw.Case(None, [(_like(first, begins=True), 0)], 1)
        found.append(
            (kind, list(rows.where(*_holding(text)).order_by(begins, cls.id.desc()).limit(most)))
        )
    return found + [
        (kind, list(looking(person, text, most)))
        for kind, looking in OTHERS.items()
        if not kinds or kind in kinds
    ]


def _holding(text):
    asked = terms(text)
    return (
        [part for term in asked for part in (*_narrow(term), _like(term, len(term) == 1))]
        if asked
        else [SearchEntry.id < 0]
    )


def _like(term, begins=False):
    """The exact test that every narrowing is only a way to: a line holds the term, or begins with
    it."""
    safe = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%\n{safe}%" if begins else f"%{safe}%"
    return pw.Expression(
        SearchEntry.words, pw.OP.ILIKE, pw.SQL("? ESCAPE '\\'" if _sqlite() else "%s", (pattern,))
    )


def _narrow(term):
    """Conditions that an index answers, true for all that hold the term (and perhaps a few
    more)."""
    if len(term) < 2:
        return [SearchEntry.kind.not_in(_long())]
    if CHINESE.fullmatch(term) or len(term) == 2:
        codes = [_code(term[i : i + 2]) for i in range(len(term) - 1)]
        kinds = [] if CHINESE.fullmatch(term) else [SearchEntry.kind.not_in(_long())]
        return [
            *kinds,
            _match("search_entry_pairs", " ".join(codes))
            if _sqlite()
            else pw.SQL("string_to_array(pairs, ' ') @> %s", (codes,)),
        ]
    quoted = term.replace('"', '""')
    return [_match("search_entry_trigrams", f'"{quoted}"')] if _sqlite() else []


def _long():
    """Kinds whose Latin words of one or two signs are not looked for: too many have them."""
    return [kind for kind, cls in SOURCES.items() if not cls.search_short] or [""]


def _match(table, query):
    return SearchEntry.id.in_(
        pw.SQL(f"(SELECT rowid FROM {table} WHERE {table} MATCH ?)", (query,))
    )


def _sqlite():
    return isinstance(db.obj, pw.SqliteDatabase)


@db.atomic()
def rebuild():
    """Write the index anew from the rows. Returns how many entries there are."""
    SearchEntry.delete().execute()
    count = 0
    for cls in SOURCES.values():
        batch = []
        for row in _rows(cls):
            batch.append(dict(zip(("kind", "ref", "words", "pairs"), _entry(row), strict=True)))
            if len(batch) == 200:
                count += _write(batch)
        count += _write(batch)
    return count


def _write(batch):
    written = len(batch)
    if batch:
        SearchEntry.insert_many(batch).execute()
    batch.clear()
    return written


def _rows(cls):
    """Every row of the class, in pages by id, so that writing meanwhile disturbs no cursor."""
    last = 0
    while rows := list(cls.select().where(cls.id > last).order_by(cls.id).limit(1000)):
        yield from rows
        last = rows[-1].id


def differences(most=20):
    """Sentences on entries that are missing, stale or left over: what a rebuild would mend."""
    found = [
        f"search: {kind} {ref} is no kind that is indexed"
        for kind, ref in SearchEntry.select(SearchEntry.kind, SearchEntry.ref)
        .where(SearchEntry.kind.not_in(list(SOURCES)))
        .limit(most)
        .tuples()
    ]
    for kind, cls in SOURCES.items():
        kept = {
            e.ref: (e.words, e.pairs) for e in SearchEntry.select().where(SearchEntry.kind == kind)
        }
        for row in _rows(cls):
            if kept.pop(row.id, None) != _entry(row)[2:]:
                found.append(f"search: {kind} {row.id} is not indexed as it stands")
        found += [f"search: {kind} {ref} is indexed but gone" for ref in kept]
    return found[:most]


def _follow(row, gone):
    """What a verb changed is found by its new words at once."""
    if type(row) in SOURCES.values():
        if gone:
            remove(row)
        else:
            index(row)


followers.append(_follow)
