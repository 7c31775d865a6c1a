"""The number and reference of documents and payments, for their lists: on SQLite word indexes whose
rowid is the id of the row, which follow by triggers."""

from models.adapters.search.word_index import on_sqlite, quoted
from models.core.database import db

WORD_INDEXES = "document_words", "payment_words"


def in_word_index(word):
    return on_sqlite() and len(word) > 2


def few_held(model, word, most):
    """The ids of the rows whose number or reference may hold the word; None where they are more."""
    found = _ids(model, word, "LIMIT ?", most + 1)
    return found if len(found) <= most else None


def ends(model, word):
    """The ids of the oldest and the newest row that may hold it; None where no index says."""
    if not in_word_index(word):
        return None
    ends = [_ids(model, word, f"ORDER BY rowid {way} LIMIT 1") for way in ("ASC", "DESC")]
    return [ident for found in ends for ident in found] or None


def differences():
    """Sentences on word indexes that do not have every row."""
    for table in WORD_INDEXES if on_sqlite() else ():
        of = table.removesuffix("_words")
        counts = [
            db.execute_sql(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
            for name in (of, f"{table}_docsize")
        ]
        if counts[0] != counts[1]:
            yield f"search: {counts[0]} rows of {of}, {counts[1]} stand in {table}"


def _ids(model, word, rest, *values):
    table = f"{model._meta.table_name}_words"
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? {rest}"
    return [ident for (ident,) in db.execute_sql(sql, (quoted(word), *values)).fetchall()]
