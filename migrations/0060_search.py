"""The index of everything that is found by words. By hand: FTS5 tables follow it by triggers, PostgreSQL has GIN indexes."""

SQLITE = """
CREATE TABLE "search_entry" ("id" INTEGER NOT NULL PRIMARY KEY, "kind" VARCHAR(20) NOT NULL, "ref" INTEGER NOT NULL, "words" TEXT NOT NULL, "pairs" TEXT NOT NULL);
CREATE UNIQUE INDEX "search_entry_kind_ref" ON "search_entry" ("kind", "ref");
CREATE VIRTUAL TABLE search_entry_trigrams USING fts5(words, content='search_entry', content_rowid='id', tokenize='trigram');
CREATE VIRTUAL TABLE search_entry_pairs USING fts5(pairs, content='search_entry', content_rowid='id', tokenize='ascii');
CREATE TRIGGER search_entry_new AFTER INSERT ON search_entry BEGIN INSERT INTO search_entry_trigrams(rowid, words) VALUES (new.id, new.words); INSERT INTO search_entry_pairs(rowid, pairs) VALUES (new.id, new.pairs); END;
CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN INSERT INTO search_entry_trigrams(search_entry_trigrams, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO search_entry_pairs(search_entry_pairs, rowid, pairs) VALUES ('delete', old.id, old.pairs); END;
CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN INSERT INTO search_entry_trigrams(search_entry_trigrams, rowid, words) VALUES ('delete', old.id, old.words); INSERT INTO search_entry_pairs(search_entry_pairs, rowid, pairs) VALUES ('delete', old.id, old.pairs); INSERT INTO search_entry_trigrams(rowid, words) VALUES (new.id, new.words); INSERT INTO search_entry_pairs(rowid, pairs) VALUES (new.id, new.pairs); END
"""
POSTGRES = """
CREATE TABLE "search_entry" ("id" SERIAL NOT NULL PRIMARY KEY, "kind" VARCHAR(20) NOT NULL, "ref" INTEGER NOT NULL, "words" TEXT NOT NULL, "pairs" TEXT NOT NULL);
CREATE UNIQUE INDEX "search_entry_kind_ref" ON "search_entry" ("kind", "ref");
CREATE INDEX "search_entry_pairs_gin" ON "search_entry" USING gin (string_to_array("pairs", ' '))
"""


def up(migrator, db):
    sqlite = type(db).__name__ == "SqliteDatabase"
    for statement in (SQLITE if sqlite else POSTGRES).strip().split("\n"):
        db.execute_sql(statement.rstrip(";"))
    if sqlite:
        return
    # The extension may be missing or not allowed: the search is then as right, only slower.
    offered = db.execute_sql(
        "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'"
    ).fetchone()[0]
    may = db.execute_sql("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()[
        0
    ]
    if offered and may:
        db.execute_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        db.execute_sql(
            'CREATE INDEX "search_entry_words" ON "search_entry" USING gin ("words" gin_trgm_ops)'
        )
