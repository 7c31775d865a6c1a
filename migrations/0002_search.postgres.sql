-- Files and rows are searched by one rule, numbers without their commas: the start-up writes both
-- indexes anew. What was read of the files stays; a kind is the name of its scope.
UPDATE "indexed_text" SET "kind" = 'filings' WHERE "kind" = 'filing';
DELETE FROM "search_entry";
