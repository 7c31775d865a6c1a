-- Each kind of rows gets a range of ids of its own in the search index, in which a word index reads
-- the newest of one kind first. Written anew in this order: a million rows moved within their
-- table take many times as long.
CREATE TABLE "search_entry_new" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "ref" INTEGER NOT NULL,
    "words" TEXT NOT NULL,
    "pairs" TEXT NOT NULL
);
INSERT INTO "search_entry_new"
    SELECT "ref" + 1099511627776 * CASE "kind"
        WHEN 'contacts' THEN 1 WHEN 'customers' THEN 2 WHEN 'documents' THEN 3 ELSE 4 END, "kind", "ref", "words", "pairs"
    FROM "search_entry" ORDER BY "kind", "ref";
DROP TABLE "search_entry";
ALTER TABLE "search_entry_new" RENAME TO "search_entry";
CREATE UNIQUE INDEX "search_entry_kind_ref" ON "search_entry" ("kind", "ref");
INSERT INTO search_entry_trigrams(search_entry_trigrams) VALUES ('rebuild');
INSERT INTO search_entry_pairs(search_entry_pairs) VALUES ('rebuild');

CREATE TRIGGER search_entry_new AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_entry_trigrams(rowid, words)
        VALUES (new.id, new.words);
    INSERT INTO search_entry_pairs(rowid, pairs)
        VALUES (new.id, new.pairs);
END;

CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_entry_trigrams(search_entry_trigrams, rowid, words)
        VALUES ('delete', old.id, old.words);
    INSERT INTO search_entry_pairs(search_entry_pairs, rowid, pairs)
        VALUES ('delete', old.id, old.pairs);
END;

CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
    INSERT INTO search_entry_trigrams(search_entry_trigrams, rowid, words)
        VALUES ('delete', old.id, old.words);
    INSERT INTO search_entry_pairs(search_entry_pairs, rowid, pairs)
        VALUES ('delete', old.id, old.pairs);
    INSERT INTO search_entry_trigrams(rowid, words)
        VALUES (new.id, new.words);
    INSERT INTO search_entry_pairs(rowid, pairs)
        VALUES (new.id, new.pairs);
END;

-- By the day of their newest invoice customers are sorted.
CREATE INDEX "sales_day_newest" ON "sales_day" ("customer", "day", "import_id")
    WHERE "basis" = 'invoice' AND "papers" > 0;
