-- Files and rows are searched by one rule, numbers without their commas: the start-up writes both
-- indexes anew. What was read of the files stays; a kind is the name of its scope.
UPDATE "indexed_text" SET "kind" = 'filings' WHERE "kind" = 'filing';
INSERT INTO search_pairs (search_pairs) VALUES ('delete-all');
INSERT INTO search_trigrams (search_trigrams) VALUES ('delete-all');
DELETE FROM "search_entry";
