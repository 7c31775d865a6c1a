"""The archive: folders, names, filings, files from outside, and one index of words (FTS5 by hand: the differ is blind to it)."""

import json
from pathlib import Path


def up(migrator, db):
    kind = "sqlite" if type(db).__name__ == "SqliteDatabase" else "postgres"
    for statement in json.loads(Path(__file__).with_name("0040_archive.json").read_text())[kind]:
        db.execute_sql(statement)
    if kind == "sqlite":
        db.execute_sql(
            "CREATE VIRTUAL TABLE search_pairs USING fts5(body, content='', tokenize=\"unicode61 remove_diacritics 0\")"
        )
        db.execute_sql(
            "CREATE VIRTUAL TABLE search_trigrams USING fts5(body, content='', tokenize=\"trigram case_sensitive 1\")"
        )
    elif db.execute_sql(
        "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm' AND "
        "has_database_privilege(current_database(), 'CREATE')"
    ).fetchone():
        db.execute_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        db.execute_sql(
            "CREATE INDEX indexed_text_trigrams ON indexed_text USING gin (body gin_trgm_ops)"
        )
